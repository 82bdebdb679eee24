"""Checks that whoever books after a cancel gets nothing of the cancelled client, price or money.

A server may fill in what nobody has sent: a price, a comment, what it knows of a telephone number. Only what the create
of the cancelled appointment sent, and that of the new one did not, can have come from the cancelled one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from cancel_contract.clauses.clause import Finding, NotApplicable, Terms
from cancel_contract.clauses.creates import sent
from cancel_contract.clauses.other_clients import is_phone_of
from cancel_contract.clauses.slots import MADE, is_free_again
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.compare import Payload, spelled
from cancel_contract.exchange.difference import Difference, broken, broken_by
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.equality import same
from cancel_contract.exchange.exchange import Exchange

_OF_THE_CLIENT: Final = ("client_comment", "custom_attributes", "client_birth_date", "client_identifier",
                         "client_gender")  # fmt: skip
_WHO: Final = ("client_name", "client_phone")
_NUMBERS: Final = ("client_phone", "client_identifier")
"""By which a server may know a client."""
_BY_NUMBER: Final = ("contact_id", "client_birth_date")
"""What a server may have in the file of a client whom it knows."""
_NOTED: Final = ("client_comment", "custom_attributes", "client_identifier")
"""What nobody but who books can have written; whose gender it is, a server may guess."""
_RECEIVED: Final = ("prepaid_amount", "settlement_amount")
_WITH_MONEY: Final = frozenset({"prepaid", "paid"})
"""Payment statuses of what was paid for, in part or whole."""


def new_booking(episode: Episode, _: Terms) -> Iterator[Finding]:
    """A new booking is a new, active appointment with what it was sent, and no money."""
    if episode.kind is Kind.MADE:
        yield from _made_later(episode)
    rebook, cancel = episode.one(Role.REBOOK), episode.one(Role.CANCEL)
    if episode.kind is not Kind.SLOT or not rebook or not cancel or cancel.status != 200:
        return
    if rebook.status not in MADE:
        # A refusal may show whom the slot belongs to.
        if is_free_again(episode, rebook):
            yield NotApplicable(f"{rebook.fact} when the slot is booked again, since somebody else has it by then")
        return
    booked, cancelled = rebook.payload, cancel.payload
    if (
        booked is None
        and rebook.answer
        and not (rebook.answer.json_fault and rebook.answer.body and rebook.answer.says_json)
    ):
        yield NotApplicable("the answer to a create shows nothing of what it has made")
    if booked is None or cancelled is None:
        return
    inherited = len(_ids(cancelled) & _ids(booked))
    if booked.get("id") == cancelled.get("id"):
        told = "the new booking of the slot is the cancelled appointment itself, not another one"
        yield broken("slot", "booking", "the cancelled appointment", "another one", told)
    elif inherited:
        got = f"{inherited} payments of the cancelled one"
        yield broken("slot", "booking", got, "0", f"the new booking of the slot has {got}, not 0")
    else:
        found = [*_passed_on(booked, cancelled, sent(episode.one(Role.BEFORE)), sent(rebook)), *_born(rebook, booked)]
        yield broken_by(found, "in the new booking of the slot, ")


def _made_later(episode: Episode) -> Iterator[Finding]:
    """Judge each booking of a run, of whatever slot, by what was cancelled before it."""
    creates = {one.payload.get("id"): one for one in reversed(episode.all(Role.BEFORE)) if one.payload}
    for made in creates.values():
        earlier = (one for one in episode.all(Role.CANCEL) if one.number < made.number)
        theirs = {number: creates[number] for one in earlier if (number := one.case.appointment) in creates}
        own = [sent(one) for one in creates.values() if one.number < made.number and _may_be_one(sent(one), sent(made))]
        found = ((number, [*_taken_over(made, create, own)]) for number, create in theirs.items())
        told = next(((number, differences) for number, differences in found if differences), None)
        if told:
            sentence = f"in a booking after the cancel of appointment {told[0]}, "
            yield broken_by(told[1], sentence, shown_by=made)
        elif theirs:
            yield None


def _taken_over(made: Exchange, earlier: Exchange, own: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    """Each value of another client's that a booking shows, and was not sent, though that one was; none that an earlier
    booking of its `own` client was sent, too, whose file a server may keep.
    """
    first, second, shown = sent(earlier), sent(made), made.payload or {}
    if _may_be_one(first, second):
        return
    # By a number of the client's, a server may find its contact, and when the client was born.
    by_number = () if any(second.get(name) for name in _NUMBERS) else _BY_NUMBER
    names = (*_WHO, *by_number, *_NOTED, "service_amount", *_RECEIVED)
    new = [name for name in names if not any(one.get(name) and same(name, one[name], shown.get(name)) for one in own)]
    yield from _borrowed(new, shown, first, second)


def _may_be_one(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether a server may take two for one client, by a number of theirs too."""
    is_alike = first.get("client_identifier") == second.get("client_identifier") is not None
    return is_alike or _is_of_one_client(first, second)


def _ids(payload: Payload) -> set[Any]:
    rows = payload.get("payments")
    ids = (row.get("id") for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()
    return {one for one in ids if isinstance(one, int)}


def _passed_on(
    booked: Payload, cancelled: Payload, first: Mapping[str, Any], second: Mapping[str, Any]
) -> Iterator[Difference]:
    """Each value that only the create of the cancelled appointment sent, and that the new one has, too."""
    names = (*(() if _is_of_one_client(first, second) else _OF_THE_CLIENT), "service_amount", *_RECEIVED)
    kept = [name for name in names if same(name, cancelled.get(name), first.get(name))]
    yield from _borrowed(kept, booked, first, second)


def _borrowed(
    names: Iterable[str], booked: Payload, first: Mapping[str, Any], second: Mapping[str, Any]
) -> Iterator[Difference]:
    """Each value that a booking shows, and that the create of another one has sent, not its own."""
    for name in names:
        theirs, ours = first.get(name), second.get(name)
        # What is cut, or tidied, may be what another one has; a price that was not sent may be that of the resource.
        may_be_cut = isinstance(theirs, str) and theirs in str(ours)
        is_default = name == "service_amount" and ours is None
        if not theirs or same(name, ours, theirs) or may_be_cut or is_default:
            continue
        if same(name, booked.get(name), theirs):
            wish = "what was sent" if name in second else "empty"
            told = f"{name} is that of the cancelled one, not {wish}"
            yield Difference("slot", f"booking/{name}", "that of the cancelled one", "its own", told)


def _is_of_one_client(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether a server may take the two for one client, whose data it keeps."""
    has_phone = is_phone_of(str(second.get("client_phone") or ""), first)
    return has_phone or any(first.get(name) == second.get(name) is not None for name in ("contact_id", "client_name"))


def _born(rebook: Exchange, booked: Payload) -> Iterator[Difference]:
    """How a booking begins that is cancelled or paid for from the first moment on."""
    asked = sent(rebook)
    if ACTION.is_done(booked):
        wish = f", not {spelled(asked, 'status')} as was asked for" if "status" in asked else ""
        told = f"status is {ACTION.done!r}{wish}"
        yield Difference("slot", "booking/status", repr(ACTION.done), "an active one", told)
    said = booked.get("payment_status")
    price = asked.get("service_amount")
    has_price = bool(price) and same("service_amount", booked.get("service_amount"), price)
    is_unpaid = not any(asked.get(name) or booked.get(name) for name in _RECEIVED) and "payment_status" not in asked
    if has_price and is_unpaid and said in _WITH_MONEY:
        told = f"payment_status is {said!r}, though nothing was paid"
        yield Difference("slot", "booking/payment_status", repr(said), "that of an unpaid one", told)
