"""Clauses effect/...: what a cancel changes in the list and in other appointments, and what the end of the run finds."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from cancel_contract.clauses.clause import Finding, NotApplicable, Terms
from cancel_contract.clauses.identity import payment_of_another
from cancel_contract.clauses.shared_appointments import cancelled_or_emptied
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.changes import change
from cancel_contract.exchange.compare import (
    OBSERVED,
    PAYMENT_FIELDS,
    TELLING,
    Payload,
    differences,
    expense_differs,
    field_differs,
    same_in,
    spelled,
    within,
)
from cancel_contract.exchange.difference import Difference, broken, broken_by
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.equality import same
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.quantities import counted, span
from cancel_contract.exchange.snapshot import IMPORTED
from cancel_contract.exchange.timestamps import instant

END: Final = "at the end of the run"
"""When a late look is taken, unless the look says otherwise."""
UNEXPLAINED: Final = (
    "between two reads, though not by a request to it, for none does that when it is sent again; "
    "one of the steps below may have done it"
)
SINCE: Final = "since it was last shown, after which nothing was sent to it"
ELSEWHERE: Final = frozenset({UNEXPLAINED, SINCE})
"""The topics of looks at an appointment that has changed by what was done elsewhere."""
_NO_LIST: Final = frozenset({404, 405, 501})
"""Statuses of a server that has no list (no page documents one)."""
_ROWS: Final = frozenset({"payments", "expense"})
_MASK: Final = "**"
"""What stands for letters and digits that a list does not show."""
_RECORDED: Final = re.compile(r"<string \d+>")
"""What a recording shows in the place of personal data, masked or not."""
_OF_A_CLIENT: Final = "client_"
_FILTER: Final = re.compile(r"(?:payment_)?status=[a-z_,]+")
"""What a list was asked for, in words of the API."""
_SNAPSHOTS: Final = tuple(name for name in OBSERVED if re.fullmatch(r"service_\w+_snapshot", name))
"""Copies of the service's data; those of the compensation may go with the expense."""
_PAID: Final = ("paid_at", "paid_by_id")
"""What an expense tells of its payment."""
_TAG: Final = re.compile(r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"')
"""An entity tag (RFC 9110, 8.8.3)."""
_OFF: Final = timedelta(minutes=20)
"""How far the clocks of a provider's servers may differ; time zones differ by at least half an hour."""
_AGED: Final = timedelta(days=1)
"""How old a change has to be so that another change has another time, however wrong a clock is."""


def how_late(early: Exchange | None, late: Exchange) -> str:
    """Return how long after it was shown as cancelled an appointment was looked at, if that is long."""
    seconds = (late.started - early.started).total_seconds() if early else 0.0
    return f", {seconds:.0f} s after it was shown as cancelled" if seconds >= 1 else ""


def rows(value: object) -> list[Payload]:
    """Return the objects of a list; none if it is not a list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def listed_rows(shown: Exchange) -> list[Payload] | None:
    """Return the rows of a list; nothing if it shows none."""
    found = shown.answer.json if shown.answer and shown.status == 200 else None
    return rows(found.get("payload")) if isinstance(found, dict) and isinstance(found.get("payload"), list) else None


def shows_statuses(listed: list[Payload]) -> bool:
    """Whether a list shows a status in any row; one of few fields, the same in each, tells by what it holds."""
    return any("status" in row for row in listed)


def overlap(one: Payload, other: Payload) -> bool:
    """Whether two appointments of one resource overlap; not where either does not say when it is."""
    begun, ended, first, last = (instant(it.get(name)) for it in (one, other) for name in ("starts_at", "ends_at"))
    if begun is None or ended is None or first is None or last is None:
        return False
    return one.get("resource_id") == other.get("resource_id") and begun < last and first < ended


def cancelled_view(episode: Episode) -> Payload | None:
    """Return the answer to the cancel if it succeeded; no effect is expected after another answer."""
    cancel = episode.one(Role.CANCEL)
    return cancel.payload if cancel and cancel.status == 200 else None


def listed(episode: Episode, _: Terms) -> Iterator[Finding]:
    """The list of cancelled appointments has it, once."""
    shown, cancel = episode.one(Role.LISTED), episode.one(Role.CANCEL)
    if episode.kind is not Kind.LATE or not shown or not shown.answer or not cancel or cancel.status != 200:
        return
    found = shown.answer.json.get("payload") if isinstance(shown.answer.json, dict) else None
    if shown.status in _NO_LIST:
        yield NotApplicable(f"{shown.fact} for the list of appointments")
    elif isinstance(found, list):
        mine, of = [row for row in rows(found) if row.get("id") == cancel.case.appointment], cancel.case.appointment
        if not mine:
            asked = " and ".join(_FILTER.findall(shown.case.query))
            told = f"the list of cancelled appointments ({asked and f'{asked}; '}{counted(len(found), 'row')}) does not hold "
            told += f"appointment {of}"
            yield replace(broken("list", "list", "0 times", "once", told), shown_by=shown)
        elif len(mine) > 1:
            told = f"the list of cancelled appointments holds appointment {of} {len(mine)} times, not once"
            yield replace(broken("list", "list", f"{len(mine)} times", "once", told), shown_by=shown)
        else:
            told = f"in the list, status is {spelled(mine[0], 'status')}, not {ACTION.done!r}"
            is_right = ACTION.is_done(mine[0]) or not shows_statuses(rows(found))
            yield None if is_right else field_differs(mine[0], "status", ACTION.done, told)


def listed_alike(episode: Episode, terms: Terms) -> Iterator[Finding]:
    """The list shows what the cancel answered, in the fields that it has."""
    listed, answer = episode.one(Role.LISTED), cancelled_view(episode)
    is_late = episode.kind is Kind.LATE
    if is_late and listed and listed.answer and isinstance(listed.answer.json, dict) and answer is not None:
        for row in rows(listed.answer.json.get("payload")):
            if row.get("id") == answer.get("id"):
                fields = [name for name in terms.fragment.documented_fields if name in row and name not in _ROWS]
                if any(_is_masked(str(row[name]), str(answer.get(name))) for name in fields):
                    # A list that masks one thing of a client may mask, or leave out, all.
                    fields = [name for name in fields if not name.startswith(_OF_A_CLIENT)]
                found = (
                    *differences(fields, row, answer, telling=TELLING),
                    *_owed(row, answer),
                    *_paid_otherwise(row, answer),
                    *paid_for_another(row, answer),
                )
                yield broken_by(found, "in the list, ", " as in the answer", listed)


def _is_masked(listed: str, answered: str) -> bool:
    """Whether a list may have masked what an answer shows."""
    is_mask = _MASK in listed and _MASK not in answered
    return is_mask or (listed != answered and _RECORDED.fullmatch(listed) is not None)


def recorded_by(episode: Episode, _: Terms) -> Iterator[Finding]:
    """Who has recorded a payment stays who it was, whoever cancels."""
    before, cancel = episode.payload(Role.BEFORE), episode.one(Role.CANCEL)
    if episode.kind is not Kind.FIRST_CANCEL or before is None or not cancel or cancel.status != 200:
        return
    known = {repr(row.get("id")): row for row in rows(before.get("payments")) if row.get("recorded_by_id") is not None}
    for where, role in (("in the answer", Role.CANCEL), ("read back", Role.AFTER)):
        shown = rows((episode.payload(role) or {}).get("payments"))
        for row in (row for row in shown if repr(row.get("id")) in known and "recorded_by_id" in row):
            found = within("payments", differences(["recorded_by_id"], row, known[repr(row.get("id"))]))
            yield broken_by(found, f"{where}, ")


def _owed(row: Payload, answer: Payload) -> Iterable[Difference]:
    """An expense that is gone; one that is not shown may be none of the list's business."""
    if isinstance(row.get("expense"), dict) and "expense" in answer:
        yield from expense_differs(row, answer)


def _paid_otherwise(row: Payload, answer: Payload) -> Iterable[Difference]:
    """How a payment of a list's row differs from the same payment in the answer, in what both show."""
    known = {repr(payment["id"]): payment for payment in rows(answer.get("payments")) if "id" in payment}
    for payment in (payment for payment in rows(row.get("payments")) if "id" in payment):
        mine = known.get(repr(payment["id"]), {})
        names = [name for name in PAYMENT_FIELDS if type(payment.get(name)) is type(mine.get(name)) and name in mine]
        yield from within("payments", differences(names, payment, mine, telling=TELLING))


def paid_for_another(row: Payload, answer: Payload) -> tuple[Difference, ...]:
    """Return how a payment of a list's row that the answer does not have names another appointment, if one does."""
    known = [payment.get("id") for payment in rows(answer.get("payments"))]
    new = [payment for payment in rows(row.get("payments")) if payment.get("id") not in known]
    found = payment_of_another({"payments": new}, "appointment_id", row["id"])
    return found.differences if found else ()


def neighbour_untouched(episode: Episode, terms: Terms) -> Iterator[Finding]:
    """A cancel changes no other appointment."""
    if episode.kind is Kind.NEIGHBOUR:
        before, after = episode.payload(Role.OTHER_BEFORE), episode.one(Role.OTHER_AFTER)
        cancel = episode.one(Role.CANCEL)
        if before is None or not after or not after.answer:
            return
        # What nothing was sent to is looked at for a cancel alone; the imported one others may write at any time.
        is_shared = episode.topic == SINCE or before.get("source") == IMPORTED
        became = cancelled_or_emptied if is_shared else change
        if episode.topic in ELSEWHERE:
            told = f"appointment {before.get('id')} was changed {episode.topic}"
            yield became(terms.fragment, before, after, told)
        else:
            of = f"appointment {cancel.case.appointment}" if cancel else "another appointment"
            told = f"after a cancel of {of}, in appointment {before.get('id')} beside it"
            yield became(terms.fragment, before, after, told + _shared(before, cancel.payload if cancel else None))


def _shared(one: Payload, other: Payload | None) -> str:
    """Return what two appointments have in common by which a careless query finds both, as words behind them."""
    names = {"contact_id": "contact", "service_id": "service", "client_phone": "telephone number"}
    told = [word for name, word in names.items() if other and one.get(name) and same_in(name, one, other)]
    days = [str(view.get("starts_at") or "").partition("T")[0] for view in (one, other or {})]
    on_day = ", on the same day" if days[0] and days[0] == days[1] else ""
    return f", of the same {' and '.join(told)}{on_day}" if told else on_day


def touched(episode: Episode, _: Terms) -> Iterator[Finding]:
    """A consumer who follows changes by their time sees the cancel."""
    before, after, cancel = episode.payload(Role.BEFORE), episode.payload(Role.AFTER), episode.one(Role.CANCEL)
    if episode.kind is Kind.FIRST_CANCEL and before is not None and after is not None and cancel:
        was, now = before.get("updated_at"), after.get("updated_at")
        changed = instant(was)
        if cancel.status == 200 and changed and cancel.started - changed > _AGED:
            told = f"updated_at is still {was!r} after the cancel, not the time of it"
            wanted = "the time of the cancel"
            yield broken("field", "/updated_at", "as before", wanted, told) if same("updated_at", was, now) else None


def clocked(episode: Episode, _: Terms) -> Iterator[Finding]:
    """The time of the change is later than the creation by about the time that has passed."""
    made, cancel, after = episode.one(Role.BEFORE), episode.one(Role.CANCEL), episode.payload(Role.AFTER)
    if not (episode.kind is Kind.FIRST_CANCEL and made and made.payload and cancel and after is not None):
        return
    was, now = (instant(view.get("updated_at")) for view in (made.payload, after))
    if made.case.intent is Intent.CREATE and cancel.status == 200 and was and now:
        told, wish = after["updated_at"], made.payload["updated_at"]
        off = abs(now - was) > abs(cancel.started - made.started) + _OFF
        apart = f"{span(abs(now - was))} {'after' if now > was else 'before'}"
        message = f"updated_at is {told!r} after the cancel, {apart} {wish!r} when it was made, just before"
        wanted = "a moment after the making"
        yield broken("field", "/updated_at", "by another clock", wanted, message) if off else None


def tagged(episode: Episode, _: Terms) -> Iterator[Finding]:
    """The entity tag changes with the status, so that a conditional request shows the cancel."""
    before, after = episode.one(Role.BEFORE), episode.one(Role.AFTER)
    if not (episode.kind is Kind.FIRST_CANCEL and before and before.case.intent is Intent.READ and before.payload):
        return
    if after and after.answer and before.answer and after.payload is not None:
        old, new = before.answer.header("etag"), after.answer.header("etag")
        changed = before.payload.get("status") != after.payload.get("status")
        # A tag of the last change is the same for two in one second, as the time of it is.
        is_of_time = (
            old == new and "updated_at" in after.payload and same_in("updated_at", before.payload, after.payload)
        )
        # A recorder may have replaced every tag by the same text.
        if changed and not is_of_time and all(tag and _TAG.fullmatch(tag) for tag in (old, new)):
            told = "the ETag of a read is the same before and after the cancel, though the status has changed"
            yield broken("header", "etag", "the same", "another one", told) if old == new else None
        elif changed and old is new is None:
            yield NotApplicable("reads of an appointment bear no entity tag")


def payments_redated(view: Payload, before: Payload) -> Iterable[Difference]:
    """Each payment that has another day than before, where payments tell theirs."""
    days = {row.get("id"): row for row in rows(before.get("payments")) if "created_at" in row}
    for row in rows(view.get("payments")):
        known = days.get(row.get("id"))
        if known is not None and "created_at" in row:
            yield from within("payments", differences(["created_at"], row, known))


def copies_lost(view: Payload, before: Payload) -> Iterable[Difference]:
    """Each copy of the service's data, and what is known of a paid expense, that is gone.

    What is taken anew may have another value.
    """
    paid, now = (it if isinstance(it, dict) else {} for it in (before.get("expense"), view.get("expense")))
    yield from differences([name for name in _SNAPSHOTS if _is_emptied(name, view, before)], view, before)
    yield from within("expense", differences([name for name in _PAID if _is_emptied(name, now, paid)], now, paid))


def _is_emptied(name: str, view: Payload, before: Payload) -> bool:
    return before.get(name) is not None and name in view and view[name] is None
