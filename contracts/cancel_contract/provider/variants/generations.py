"""Known generations of the provider, each with all its observed or documented differences from the reference one.

They break clauses, so that they are no honest variants; `ledger/generations/` holds the deviations by which each
passes.
"""

from collections.abc import Awaitable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from cancel_contract.provider.api.answers import Answer, invalid, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import EVERY, Hooks, Variant
from cancel_contract.provider.faults.parts.making import drop, once
from cancel_contract.provider.names import named
from cancel_contract.provider.store.records import Appointment, Payload
from cancel_contract.provider.variants import renderings as otherwise
from cancel_contract.provider.variants.catalogue import variant

_RETIRED: Final = {"prepaid_amount": 0, "settlement_amount": 0, "payments": [], "expense": None}
_FINANCE: Final = ("payment_status", *_RETIRED)
_CREATE: Final = frozenset({"create"})


def _let_every_member(call: Call, proceed: Stage[None]) -> None:
    """Let every member of the account do what any of them may."""
    call.user = replace(call.caller, privileged=True)
    proceed(call)


async def _recorded_anew(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Write the canceller into the payments that go with the amounts, each time."""
    done, by = await proceed(call), call.caller.id
    kept = [row.payment_kind == "payment" or row.recorded_by_id == by for row in done.payments]
    if all(kept):
        return done
    now = call.store.now()
    rows = (
        row if is_kept else replace(row, recorded_by_id=by, updated_at=now)
        for row, is_kept in zip(done.payments, kept, strict=True)
    )
    return call.store.put(replace(done, payments=tuple(rows)))


async def _price_derived(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Derive the price of a free appointment from its service; without one it cannot be cancelled."""
    found = call.found
    if found.service_amount or found.cancelled:
        return await proceed(call)
    service = call.store.directory.service(found.account_id, found.service_id) if found.service_id else None
    if service is None:
        raise invalid("service_amount is required and must be greater than 0")
    return call.store.put(replace(await proceed(call), service_amount=service.price))


def _zeroed(found: Appointment, done: Appointment) -> Appointment:
    return done if found.service_id else replace(done, service_amount=0)


def _as_long_as_the_service(found: Appointment, done: Appointment) -> Appointment:
    minutes = found.service_duration_snapshot
    return replace(done, ends_at=found.starts_at + timedelta(minutes=minutes)) if minutes else done


def _without_finance(_: Call, payload: Payload) -> Payload:
    return {**{name: value for name, value in payload.items() if name != "payment_status"}, **_RETIRED}


def _never_settled(found: Appointment, done: Appointment) -> Appointment:
    """Leave the columns of finance alone, which nobody reads any more."""
    return replace(done, payment_status=found.payment_status)


async def _reserved(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Keep references of the clinic's own system for that system."""
    if str(call.body.get("external_ref")).startswith("medelement:"):
        return refusal(422, "external_ref is reserved", "APPOINTMENT_EXTERNAL_REF_RESERVED").answer
    return await proceed(call)


_MEMBERS: Final = Variant("every-member", "Every member may cancel.", Hooks(EVERY, permit=_let_every_member))
_RECORDED: Final = Variant("recorded-anew", "A cancel writes who recorded a payment.", Hooks(transition=_recorded_anew))
_NO_PRICE: Final = Variant("price-zeroed", "Without a service there is no price.", Hooks(transition=once(_zeroed)))
_DERIVED: Final = Variant(
    "end-derived", "The service's duration rules.", Hooks(transition=once(_as_long_as_the_service))
)
_DURATION: Final = Variant(
    "duration-recomputed", "The range rules.", Hooks(transition=once(lambda _, done: replace(done, given_minutes=None)))
)
_UNSETTLED: Final = Variant("unsettled", "Finance is kept elsewhere.", Hooks(transition=once(_never_settled)))

GENERATIONS: Final[Mapping[str, tuple[Variant, ...]]] = {
    "first": (
        _MEMBERS,
        _RECORDED,
        Variant("price-derived", "A cancel derives the record anew.", Hooks(transition=_price_derived)),
        Variant("amount-required", "Nothing is free.", Hooks(_CREATE, handle=otherwise.priced_only)),
        _DURATION,
    ),
    "intermediate": (_MEMBERS, _RECORDED, _NO_PRICE, _DURATION),
    "later": (
        _NO_PRICE,
        _DERIVED,
        _UNSETTLED,
        Variant("finance-retired", "Finance moved elsewhere.", Hooks(EVERY, render=_without_finance)),
        variant("imported-handed-on"),
        variant("duration-checked"),
    ),
    "newest": (
        _NO_PRICE,
        _DERIVED,
        _UNSETTLED,
        Variant("finance-gone", "Finance moved elsewhere.", Hooks(EVERY, render=drop(*_FINANCE))),
        variant("imported-local-only"),
        variant("duration-checked"),
        variant("permission-404"),
        Variant("references-reserved", "Some references are the clinic's.", Hooks(_CREATE, handle=_reserved)),
    ),
}
"""By its name, what each generation does otherwise."""


def generation(name: str) -> tuple[Variant, ...]:
    """Return what a generation does otherwise."""
    known = [Variant(one, "") for one in GENERATIONS]
    return GENERATIONS[named("generation", name, known).name]
