"""Cancels whose bodies and queries ask for something: fields to assign, another account, a dry run, what was read."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cancel_contract.exchange.case import EMPTY_OBJECT, Intent
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.exchange.snapshot import Snapshot, shows_cancelled
from cancel_contract.exchange.spoken import SAME_KEY
from cancel_contract.guard.body_fields import named
from cancel_contract.guard.ownership import FIRST_IMPOSSIBLE
from cancel_contract.run.context import Context
from cancel_contract.supply.variations import FULL

JSON: Final = (("content-type", b"application/json"),)
"""The header of a body that is JSON."""
_LATER: Final = "2030-05-05T05:00:00Z"
_SAID: Final = "Contract test, assigned"

ASSIGNED: Final[dict[str, Any]] = {
    "status": "confirmed",
    "payment_status": "paid",
    "service_amount": 1,
    "prepaid_amount": 0,
    "settlement_amount": 0,
    "client_name": _SAID,
    "client_phone": "+7 000 111 11 11",
    "client_identifier": "assigned",
    "client_birth_date": "2001-01-01",
    "starts_at": _LATER,
    "ends_at": "2030-05-05T06:00:00Z",
    "duration_min": 60,
    "appointment_type": "other",
    "external_ref": "cancel-contract-assigned",
    "client_gender": "male",
    "client_comment": _SAID,
    "created_by_id": None,
    "created_at": _LATER,
    "updated_at": _LATER,
    "custom_attributes": {"assigned": "yes"},
    "payments": [],
    "paymentStatus": "paid",
    "serviceAmount": 1,
    "clientName": _SAID,
    "idempotency_key": "cancel-contract-assigned",
    "prepaid_payment_method": "card",
    "settlement_payment_method": "cash",
    "expense": {"amount": 1, "status": "paid"},
    "source": "web",
}
"""Fields that a careless back end would assign from the body, a few also as other languages spell them."""

_SWITCHES: Final = {
    "dry_run": True,
    "dryRun": True,
    "validate_only": True,
    "preview": True,
    "confirm": False,
    "notify": True,
    "send_notification": True,
    "refund": True,
    "force": True,
    "fee": 1,
    "cancellation_fee": 1,
    "penalty": 1,
    "keep_payment": True,
    "no_show": True,
    "noShow": True,
    "delete": True,
    "destroy": True,
    "permanent": True,
    "cancelled_at": _LATER,
    "effective_at": _LATER,
    **dict.fromkeys(("simulate", "test", "check_only", "undo", "revert", "restore", "async"), True),
    **dict.fromkeys(("keep_slot", "keepSlot", "hold", "payment_only", "refund_only"), True),
    "only": "payment",
    "reschedule_to": _LATER,
    "timezone": "America/New_York",
    **dict.fromkeys(("cancel", "cancelled", "commit", "save"), False),
}
"""Switches that a careless back end obeys; whichever it is, the appointment does not end as it ought to.

None asks for other appointments, such as those of a series: they could be strangers'.
"""
_REASON_FIELDS: Final = ("reason", "cancellation_reason", "cancel_reason", "comment", "note")
_SAME_KEY: Final = tuple((name, SAME_KEY) for name in ("idempotency-key", "x-idempotency-key", "x-correlation-id"))
"""A key that cancels of two appointments share, and two of one: a server that knows keys refuses what differs from the
first, or keeps them apart.
"""
_REASONS: Final = {"word": ("no_show", _SAME_KEY), "long": (f"{'x' * 300} 🧪", _SAME_KEY)}
"""By name, a reason, and the headers besides."""

Asked = tuple[str, Intent, dict[str, Any]]
"""A case's key, its intent and its parts."""


def _body(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"headers": JSON, "body": json.dumps(fields).encode()}


REASONED: Final[Asked] = ("reason", Intent.REASON, _body(dict.fromkeys(_REASON_FIELDS, "no_show")))
"""A reason that is a status, too."""


_SWITCHED: Final = "&".join(
    f"{name}=true"
    for name in ("dry_run", "validate_only", "preview", "simulate", "test", "force", "undo", "refund", "no_show")
)
_PREFERRED: Final = (("prefer", b"return=representation"), ("x-dry-run", b"true"))
SWITCHES: Final[Asked] = (
    "switches",
    Intent.SWITCH,
    {**_body(_SWITCHES), "headers": (*JSON, *_PREFERRED), "query": f"{_SWITCHED}&status=no_show&format=json"},
)
"""All of them at once, in a cancel after which the appointment is read."""
CHUNKED: Final[Asked] = (
    "chunked",
    Intent.CHUNKED,
    {"headers": (*JSON, *_SAME_KEY), "body": EMPTY_OBJECT, "chunked": True},
)


QUERIED: Final[Asked] = (
    "query, again",
    Intent.QUERY,
    {
        "query": (
            "status=scheduled&payment_status=paid&service_amount=1&client_name=assigned"
            "&appointment%5Bstatus%5D=scheduled&prepaid_amount=1&client_phone=70001111111&client_comment=assigned"
            "&starts_at=2030-05-05T05%3A00%3A00Z&locale=kk&page=2&include=resource&debug=1&_=1&utm_source=mail"
            "&time_zone=America%2FNew_York"
        )
    },
)
"""Fields to assign in the query, and what others use there."""


def assigned(context: Context) -> None:
    """Fields to assign in the body of a first cancel, with the ids of another appointment; then what is asked for by
    repeated ones, with one look.
    """
    snapshot, other = context.fresh(FULL), context.victim()
    spent = asked(context, snapshot, everything(context, other.id))
    _see_that_it_is_kept(context, other)
    seen, sent = spent.seen, []
    for key, intent, parts in _again(context, snapshot):
        if context.wants(key):
            cancel = context.cancel(snapshot.id, key, intent, **parts)
            _note(context, snapshot, cancel)
            sent.append((seen, cancel))
            if cancel.status == OK and not spent.is_cancelled:
                # Where those before it were refused, this one has cancelled it.
                spent = Snapshot(snapshot.id, context.read(snapshot.id))
                seen = spent.seen
            elif cancel.status == OK and cancel.payload:
                # The first to change something is the one that is told.
                seen = cancel
    after, broken = context.read(snapshot.id), frozenset[str]()
    for before, cancel in sent:
        # Reads are compared with a read, as answers may be written otherwise.
        is_looked_at = cancel is sent[-1][1] and not broken
        steps = (spent.seen, cancel, (Role.AFTER, after)) if is_looked_at else (before, cancel)
        broken |= _submit(context, *steps)
        context.answered(cancel.case.key.partition("#")[2])


def _see_that_it_is_kept(context: Context, other: Snapshot) -> None:
    """Read the appointment that the cancel before has named beside its own."""
    cancel = next(one for one in reversed(context.exchanges) if one.case.intent is Intent.BODY)
    later = context.read(other.id)
    context.forget_if_touched(later)
    steps = ((Role.OTHER_BEFORE, other.seen), (Role.CANCEL, cancel), (Role.OTHER_AFTER, later))
    context.submit(Kind.PATH_WINS, *steps)


ASKED: Final = 11
"""Its requests, with the one that creates an appointment."""


def everything(context: Context, other: int | None = None) -> Asked:
    """Return a first cancel with what a careless back end could assign: the fields, as they are, beneath a name, and as
    JSON:API has them; and with the ids of another appointment, by which it may find that one.
    """
    settings = context.target.settings
    references = {"service_id": settings.service_id, "contact_id": settings.contact_id}
    given = {**ASSIGNED, **{name: number for name, number in references.items() if number is not None}}
    said = {**dict.fromkeys(_REASON_FIELDS, _SAID), "account_id": _other_account(context)}
    one = {"id": other, "appointment_id": other}
    ids = {**one, "ids": [other], "appointment_ids": [other], "booking": one} if other is not None else {}
    data = {**given, "type": "appointments", "attributes": given}
    nested = {"appointment": given, "scheduling_appointment": given, "params": given, "data": data}
    return "body, first", Intent.BODY, _body({**given, **said, **ids, **nested})


def _again(context: Context, snapshot: Snapshot) -> Iterator[Asked]:
    # What a switch does once it is cancelled is seen as well.
    yield "body, again", Intent.BODY, _body({**_SWITCHES, **ASSIGNED, "status": "scheduled"})
    yield QUERIED
    other = _other_account(context)
    yield "another account", Intent.ACCOUNT_BESIDE, {**_body({"account_id": other}), "query": f"account_id={other}"}
    yield envelope(context, snapshot)
    for name, (text, more) in _REASONS.items():
        parts = _body(dict.fromkeys(_REASON_FIELDS, text))
        yield f"reason, {name}", Intent.REASON, {**parts, "headers": (*JSON, *more)}


def envelope(context: Context, snapshot: Snapshot) -> Asked:
    """Return a cancel with the appointment, as it was read, in its body."""
    own = {"id": snapshot.id, "account_id": context.target.account}
    return "envelope", Intent.ENVELOPE, _body({"payload": _plain(snapshot.payload, own)})


def asked(context: Context, snapshot: Snapshot, what: Asked) -> Snapshot:
    """Cancel in a way that asks for more, read, and return what was seen last."""
    key, intent, parts = what
    cancel = context.cancel(snapshot.id, key, intent, **parts)
    _note(context, snapshot, cancel)
    after = context.read(snapshot.id)
    _note(context, snapshot, after)
    _submit(context, snapshot.seen, cancel, (Role.AFTER, after))
    return Snapshot(snapshot.id, after)


def asked_first(context: Context, before: Snapshot, what: Asked) -> Exchange:
    """Cancel an active appointment in a way that asks for more and, if that was refused, as usual; returns the cancel
    that was not.
    """
    key, intent, parts = what
    cancel = context.cancel(before.id, key, intent, **parts)
    _note(context, before, cancel)
    _submit(context, before.seen, cancel)
    return context.cancel(before.id, f"{key}, without it", Intent.FIRST) if cancel.is_refused else cancel


def _submit(context: Context, before: Exchange, cancel: Exchange, *looks: tuple[Role, Exchange]) -> frozenset[str]:
    topic = str((before.payload or {}).get("status"))
    return context.submit(Kind.BODY, (Role.BEFORE, before), (Role.CANCEL, cancel), *looks, topic=topic)


def _note(context: Context, snapshot: Snapshot, shown: Exchange) -> None:
    """Note a cancel as soon as it is shown: the target may be gone before the next read."""
    if shows_cancelled(shown):
        context.cancelled(snapshot.id)


def _other_account(context: Context) -> int:
    """Another account's id that may be named: the one from the settings, else one that no account can have."""
    return context.target.settings.foreign_account_id or FIRST_IMPOSSIBLE


def _plain(value: Any, own: Mapping[str, int]) -> Any:  # noqa: ANN401  JSON's boundary
    """What was read, without the ids of what is not the run's own."""
    if isinstance(value, list):
        return [_plain(inner, own) for inner in value]
    if not isinstance(value, dict):
        return value
    # The guard looks for ids in a text that begins as JSON does.
    plain = {name: it for name, it in value.items() if not (isinstance(it, str) and it[:1] in {"{", "["})}
    return {name: _plain(it, own) for name, it in plain.items() if not named(name) or it == own.get(name)}
