"""Clauses effect/...: what a cancel changes, and what it leaves unchanged."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from cancel_contract.clauses.bookings import new_booking
from cancel_contract.clauses.calendars import calendar
from cancel_contract.clauses.clause import (
    ANSWER,
    FIELDS,
    OPERATION,
    STATUS,
    WORDS,
    Clause,
    Finding,
    Level,
    Terms,
    otherwise_accepted,
)
from cancel_contract.clauses.creates import never_paid
from cancel_contract.clauses.effect_elsewhere import (
    END,
    clocked,
    copies_lost,
    how_late,
    listed_alike,
    neighbour_untouched,
    payments_redated,
    recorded_by,
    tagged,
    touched,
)
from cancel_contract.clauses.effect_settled import settled, settled_besides
from cancel_contract.clauses.effect_views import shown_in_views
from cancel_contract.clauses.money import AMOUNTS, MONEY, hidden_money, makes_no_expense, paid_otherwise
from cancel_contract.clauses.slots import slot_free
from cancel_contract.clauses.statuses import wrong_status
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.attributes import own_alone
from cancel_contract.exchange.changes import shown_by_both, unread
from cancel_contract.exchange.compare import (
    READ_BACK,
    Payload,
    between_views,
    differences,
    documented_differences,
    expense_differs,
    field_differs,
    payments_differ,
    same_in,
    shown,
    spelled,
)
from cancel_contract.exchange.difference import Broken, Difference, broken_by
from cancel_contract.exchange.episode import Episode, Kind, Role

TIMES: Final = ("starts_at", "ends_at", "duration_min")
CLIENT: Final = ("client_name", "client_phone", "client_identifier", "client_birth_date", "client_gender")
REFERENCES: Final = (
    "id",
    "account_id",
    "resource_id",
    "contact_id",
    "service_id",
    "company_id",
    "conversation_id",
    "created_by_id",
    "appointment_type",
    "external_ref",
    "idempotency_key",
)
UNDOCUMENTED: Final = (
    "client_comment",
    "custom_attributes",
    "source",
    "created_at",
    "prepaid_payment_method",
    "settlement_payment_method",
)
"""Undocumented fields of the real answer, which a cancel does not change (observed)."""


def _views(episode: Episode) -> Iterator[tuple[str, Payload]]:
    """Return the two views of the appointment after its first cancel: the answer, and the read after it."""
    if episode.kind is Kind.FIRST_CANCEL:
        answer, after = episode.one(Role.CANCEL), episode.payload(Role.AFTER)
        if answer and answer.status == 200 and answer.payload is not None:
            yield "in the answer", answer.payload
        if after is not None:
            yield READ_BACK, after


def _before_and_views(episode: Episode) -> Iterator[tuple[Payload, str, Payload]]:
    before, cancel = episode.payload(Role.BEFORE), episode.one(Role.CANCEL)
    if before is not None and cancel and cancel.status == 200:
        for where, view in _views(episode):
            yield before, where, view


def _money(findings: Callable[[Episode, Terms], Iterator[Finding]]) -> Callable[[Episode, Terms], Iterator[Finding]]:
    """The same for a member who may see money; for others the clause does not apply."""

    def seen(episode: Episode, terms: Terms) -> Iterator[Finding]:
        # Of a recording it may not be known what the appointment was before.
        views = (*(before for before, *_ in _before_and_views(episode)), *(view for _, view in _views(episode)))
        hidden = hidden_money(views[0]) if views else None
        yield from [hidden] if hidden else findings(episode, terms)

    return seen


def _money_shown(episode: Episode, _: Terms) -> Iterator[Finding]:
    for before, where, view in _before_and_views(episode):
        hidden = hidden_money(before)
        missing = [name for name in MONEY if name in before and name not in view]
        yield hidden or (_no_longer_shown(missing, where) if missing else None)


def _no_longer_shown(missing: Sequence[str], where: str) -> Broken:
    told = f"{where}, {missing[0]} is missing, which was shown before the cancel"
    return Broken(tuple(Difference("field", f"/{name}", "missing", "a value") for name in missing), told)


def _becomes_cancelled(field: str) -> Callable[[Episode, Terms], Iterator[Finding]]:
    def findings(episode: Episode, _: Terms) -> Iterator[Finding]:
        cancel = episode.one(Role.CANCEL)
        if cancel and cancel.status == 200:
            for where, view in _views(episode):
                wanted = ACTION.changes[field]
                told = f"{where}, {field} is {spelled(view, field)}, not {wanted!r}"
                yield None if view.get(field) == wanted else field_differs(view, field, wanted, told)

    return findings


def _kept(
    compare: Callable[[Payload, Payload], Iterable[Difference]],
) -> Callable[[Episode, Terms], Iterator[Finding]]:
    def findings(episode: Episode, _: Terms) -> Iterator[Finding]:
        for before, where, view in _before_and_views(episode):
            yield broken_by(compare(view, before), f"{where}, ")

    return findings


def _kept_fields(*fields: str) -> Callable[[Episode, Terms], Iterator[Finding]]:
    return _kept(lambda view, before: differences([field for field in fields if field in before], view, before))


def _kept_undocumented(view: Payload, before: Payload) -> Iterable[Difference]:
    pair = own_alone(before, view)
    yield from differences(shown_by_both(UNDOCUMENTED, *pair), *reversed(pair))
    yield from payments_redated(view, before)
    yield from copies_lost(view, before)


def _undocumented(episode: Episode, terms: Terms) -> Iterator[Finding]:
    yield from _kept(_kept_undocumented)(episode, terms)
    yield from settled_besides(episode, terms)


def _read_back(episode: Episode, terms: Terms) -> Iterator[Finding]:
    cancel, read = episode.one(Role.CANCEL), episode.one(Role.AFTER)
    views = [view for _, view in _views(episode)]
    is_first = episode.kind is Kind.FIRST_CANCEL and cancel is not None and cancel.status == 200
    if is_first and read and read.answer and read.payload is None:
        yield unread(read, f"{read.fact} when the cancelled appointment is read, not 200")
    elif len(views) == 2:
        answer, after = views
        before = episode.payload(Role.BEFORE)
        expected = ACTION.after(before) if before is not None else None
        found = tuple(between_views(terms.fragment, after, answer, expected, is_later=True))
        if found and expected is not None and all(same_in(one.field, after, expected) for one in found):
            # The answer is the earlier one: what is found in it is there when it is read.
            other_way = documented_differences(terms.fragment, answer, after, found_later=frozenset())
            yield broken_by(other_way, "in the answer, ", " as read back")
        else:
            yield broken_by(found, f"{READ_BACK}, ", " as in the answer")


def _unpaid_expense_gone(episode: Episode, _: Terms) -> Iterator[Finding]:
    for before, where, view in _before_and_views(episode):
        expense = before.get("expense")
        if isinstance(expense, dict) and expense.get("status") == "unpaid":
            left = view.get("expense")
            told = f"{where}, the unpaid expense is still there: expense is {shown(left)}, not null"
            yield None if left is None else field_differs(view, "expense", None, told)
        elif absent := makes_no_expense(before):
            yield absent
    if absent := never_paid(episode):
        yield absent


def _paid_expense_kept(episode: Episode, _: Terms) -> Iterator[Finding]:
    for before, where, view in _before_and_views(episode):
        expense = before.get("expense")
        if isinstance(expense, dict) and expense.get("status") == "paid":
            yield broken_by((*expense_differs(view, before), *paid_otherwise(view, expense)), f"{where}, ")
        elif absent := makes_no_expense(before):
            yield absent


def _every_status(episode: Episode, _: Terms) -> Iterator[Finding]:
    cancel, before = episode.one(Role.CANCEL), episode.payload(Role.BEFORE)
    accepted = cancel is not None and otherwise_accepted(cancel)
    if episode.kind is Kind.FIRST_CANCEL and cancel and cancel.answer and before is not None and not accepted:
        told = f"{cancel.fact}, not 200, for an appointment whose status was {spelled(before, 'status')}"
        yield None if cancel.status == 200 else wrong_status(cancel, "200", told)


def _any_order(episode: Episode, terms: Terms) -> Iterator[Finding]:
    after = episode.one(Role.AFTER)
    if episode.kind is Kind.MODEL and episode.expected is not None and after and after.payload is not None:
        found = documented_differences(terms.fragment, after.payload, episode.expected)
        yield broken_by(found, f"after {episode.topic}, ")


def _lasting(episode: Episode, _: Terms) -> Iterator[Finding]:
    if episode.kind is Kind.LATE:
        early, late = episode.payload(Role.BEFORE), episode.one(Role.AFTER)
        # What was never seen cancelled cannot have come back.
        was_cancelled = early is None or ACTION.is_done(early)
        if was_cancelled and late and late.answer:
            when = f"{episode.topic or END}{how_late(episode.one(Role.BEFORE), late)}"
            told = (
                f"{when}, status is {spelled(late.payload, 'status')}, not {ACTION.done!r}"
                if late.payload
                else f"{when}, {late.fact} when the cancelled appointment is read, not 200"
            )
            broke = field_differs(late.payload, "status", ACTION.done, told) if late.payload else unread(late, told)
            yield None if ACTION.is_done(late.payload) else broke


CLAUSES: Final = (
    Clause("effect/status-cancelled", Level.MUST, "documented", f"{FIELDS}/status",
           "The status becomes cancelled", _becomes_cancelled("status"), evidence=STATUS),
    Clause("effect/payment-status-cancelled", Level.MUST, "observed", f"{FIELDS}/payment_status",
           "The payment status becomes cancelled", _money(_becomes_cancelled("payment_status")), evidence=STATUS),
    Clause("effect/read-back", Level.MUST, "observed", ANSWER,
           "A read after the cancel shows what the cancel answered", _read_back, evidence=STATUS),
    Clause("effect/money-shown", Level.MUST, "documented", f"{FIELDS}/service_amount",
           "A cancel shows its amounts, payments and expense to whoever was shown them before", _money_shown,
           evidence=STATUS),
    Clause("effect/amounts-kept", Level.MUST, "observed", f"{FIELDS}/service_amount",
           "The amounts stay as they were", _money(_kept_fields(*AMOUNTS)), evidence=STATUS),
    Clause("effect/payments-kept", Level.MUST, "observed", f"{FIELDS}/payments",
           "The payments stay as they were", _money(_kept(payments_differ)), evidence=STATUS),
    Clause("effect/times-kept", Level.MUST, "observed", f"{FIELDS}/starts_at",
           "Start, end and duration stay as they were", _kept_fields(*TIMES), evidence=STATUS),
    Clause("effect/client-kept", Level.MUST, "observed", f"{FIELDS}/client_name",
           "What is known of the client stays as it was", _kept_fields(*CLIENT), evidence=STATUS, held_by=WORDS),
    Clause("effect/references-kept", Level.MUST, "observed", f"{FIELDS}/resource_id",
           "Ids, references and the type of visit stay as they were", _kept_fields(*REFERENCES), evidence=STATUS),
    Clause("effect/undocumented-kept", Level.SHOULD, "observed", f"{OPERATION}/responses/200",
           "Comment, attributes, source, copies, methods and days of payment stay as they were", _undocumented,
           evidence=STATUS),
    Clause("effect/recorded-by", Level.SHOULD, "observed", f"{FIELDS}/payments",
           "Who has recorded a payment stays who it was", recorded_by, needs=("second_api_token",), evidence=STATUS),
    Clause("effect/touched", Level.SHOULD, "observed", f"{OPERATION}/responses/200",
           "The time of the last change becomes that of the cancel", touched, needs=("paid_expense_appointment_id",),
           evidence=STATUS),
    Clause("effect/clock", Level.SHOULD, "observed", f"{OPERATION}/responses/200",
           "The time of the last change is told by the clock that told the time of making", clocked, evidence=STATUS),
    Clause("effect/entity-tag", Level.SHOULD, "policy", "RFC 9110, 8.8.3",
           "The entity tag of the appointment becomes another one with the cancel", tagged, evidence=STATUS),
    Clause("effect/unpaid-expense-gone", Level.MUST, "observed", f"{FIELDS}/expense",
           "An unpaid expense is gone", _money(_unpaid_expense_gone), evidence=STATUS),
    Clause("effect/paid-expense-kept", Level.MUST, "observed", f"{FIELDS}/expense",
           "A paid expense stays as it was", _money(_paid_expense_kept), needs=("paid_expense_appointment_id",),
           evidence=STATUS),
    Clause("effect/every-status", Level.MUST, "observed", "/components/schemas/Status",
           "An appointment of every earlier status can be cancelled", _every_status, evidence=STATUS),
    Clause("effect/neighbour-untouched", Level.MUST, "policy", OPERATION,
           "Another appointment of the same resource stays as it was", neighbour_untouched, evidence=STATUS),
    Clause("effect/slot-free", Level.MUST, "observed", OPERATION,
           "The slot of a cancelled appointment can be booked again", slot_free, evidence=STATUS),
    Clause("effect/listed", Level.MUST, "observed", f"{FIELDS}/status",
           "The list of cancelled appointments holds what was cancelled; no list or calendar fails on it", shown_in_views,
           evidence=STATUS),
    Clause("effect/listed-alike", Level.SHOULD, "observed", ANSWER,
           "The list shows of it what the cancel answered", listed_alike, evidence=STATUS),
    Clause("effect/calendar", Level.SHOULD, "observed", OPERATION,
           "The calendar shows no cancelled appointment as active, and offers its slot again", calendar, evidence=STATUS),
    Clause("effect/new-booking", Level.MUST, "policy", OPERATION,
           "A new booking is another appointment, with nothing of a cancelled one",
           new_booking, evidence=STATUS),
    Clause("effect/any-order", Level.MUST, "observed", "/components/schemas/Appointment",
           "Whatever is asked in whatever order, the appointment is what the steps so far make of it", _any_order,
           evidence=STATUS),
    Clause("effect/lasting", Level.MUST, "policy", f"{FIELDS}/status",
           "A cancelled appointment is still cancelled when the run ends", _lasting, evidence=STATUS),
    Clause("effect/settled", Level.MUST, "policy", ANSWER,
           "A cancelled appointment shows the same when the run ends as when it was read after the cancel", settled,
           evidence=STATUS),
)  # fmt: skip
"""The family, in the order in which it is read."""
