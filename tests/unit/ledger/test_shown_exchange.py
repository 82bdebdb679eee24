"""Of an episode the exchange is shown that people want to repeat, with whether they may."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cancel_contract.clauses.writers import IN_BOOKING, IN_UPDATE
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.difference import Broken, Difference
from cancel_contract.exchange.episode import Episode, Kind, Role, latest_cancel
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.spoken import ASKED
from cancel_contract.ledger.evidence import breach_of
from cancel_contract.ledger.memory import Memory
from cancel_contract.report.members import members
from tests.unit.ledger.conftest import of_a_status

Made = Callable[..., Exchange]
_GONE = of_a_status("gone")


def test_an_episode_is_told_by_its_cancel(exchange: Made) -> None:
    """Of several exchanges the one that people want to repeat is shown: the cancel."""
    steps = (
        (Role.BEFORE, exchange(key="effect/plain#before")),
        (Role.CANCEL, exchange(409, {"error": "No"}, key="effect/plain#first")),
        (Role.AFTER, exchange(key="effect/plain#after")),
    )

    breach = breach_of(Episode(Kind.FIRST_CANCEL, steps), of_a_status("status is 409, not 200"))

    assert (breach.message, breach.case) == ("status is 409, not 200", "effect/plain#first")
    assert breach.answer == '409 application/json {"error": "No"}'
    assert breach.size == len(breach.curl)


@pytest.mark.parametrize(
    ("kind", "message", "key"),
    [
        (Kind.REPEAT, "status is 409, not 200, on the second cancel", "again"),
        (Kind.REPEAT, "status is 500 on cancel 3, not 409 as on the second", "late"),
        (Kind.REPEAT, "after the repeated cancels, there are 0 payments, not 2 as before them", "again"),
        (Kind.FIRST_CANCEL, "status is 404 when the cancelled appointment is read, not 200", "read"),
        (Kind.FIRST_CANCEL, "in the answer, service_amount is 0, not 5000", "first"),
    ],
)
def test_the_exchange_that_the_message_tells_of_is_shown(exchange: Made, kind: Kind, message: str, key: str) -> None:
    """Of repeated cancels one that repeats is shown, of a read that failed the read."""
    roles = (
        (Role.CANCEL, "first", 200),
        (Role.AGAIN, "again", 409),
        (Role.AGAIN, "late", 500),
        (Role.AFTER, "read", 404),
    )
    steps = tuple((role, exchange(status, {}, key=name)) for role, name, status in roles)

    assert breach_of(Episode(kind, steps), of_a_status(message)).case == key


@pytest.mark.parametrize(
    ("message", "key"),
    [
        ("status is 500 when a cancelled appointment is deleted, not 204", "delete"),
        ("status is 409, not 201, when the slot of a deleted appointment is booked", "book"),
        ("the list still holds the deleted appointment", "delete"),
    ],
)
def test_what_comes_of_a_deletion_is_shown_by_its_own_request(exchange: Made, message: str, key: str) -> None:
    """Not by the cancel before it, which has kept its promise."""
    roles = ((Role.CANCEL, "first", 200), (Role.DELETED, "delete", 500), (Role.REBOOK, "book", 409))
    steps = tuple((role, exchange(status, {}, key=name)) for role, name, status in roles)

    assert breach_of(Episode(Kind.DELETED, steps), of_a_status(message)).case == key


def _asked(one: Exchange, number: int, intent: Intent, appointment: int = 7) -> Exchange:
    return replace(one, number=number, case=replace(one.case, intent=intent, appointment=appointment))


@pytest.mark.parametrize("beside", [True, False], ids=["of the episode", "of the run"])
def test_a_read_is_shown_with_the_cancel_before_it(exchange: Made, *, beside: bool) -> None:
    """The request to look for in the log is the one that changed something, not the one that saw it."""
    cancel, read = _asked(exchange(), 3, Intent.FIRST), _asked(exchange(), 4, Intent.READ)
    steps = ((Role.CANCEL, cancel), (Role.AFTER, read)) if beside else ((Role.AFTER, read),)

    breach = breach_of(
        Episode(Kind.MODEL, steps, latest=None if beside else cancel), replace(of_a_status("gone"), shown_by=read)
    )

    assert breach.cancel == breach_of(cancel, of_a_status("gone")).curl
    assert breach.cancel_fact == "the last one before that: status is 200"


def test_a_booking_is_shown_with_the_cancel_that_was_to_free_its_slot(exchange: Made) -> None:
    """What was odd in that cancel is told, since only one of them may free no slot."""
    cancel, booking = _asked(exchange(), 3, Intent.AGENT), _asked(exchange(409), 4, Intent.CREATE)
    taken = replace(of_a_status("status is 409, not 201, when the slot is booked again"), shown_by=booking)

    breach = breach_of(Episode(Kind.SLOT, ((Role.CANCEL, cancel), (Role.REBOOK, booking))), taken)

    assert breach.message == f"after {ASKED[Intent.AGENT]}, status is 409, not 201, when the slot is booked again"
    assert breach.cancel == breach_of(cancel, of_a_status("gone")).curl
    assert breach.cancel_fact == "the last one before that: status is 200"


@pytest.mark.parametrize(("own", "found"), [(7, 2), (9, 3)], ids=["of the same", "of another"])
def test_the_cancel_before_a_read_is_one_of_the_same_appointment_if_there_is_one(
    exchange: Made, own: int, found: int
) -> None:
    """Refused ones, later ones and reads do not count."""
    asked = (
        (200, Intent.READ, 7),
        (500, Intent.FIRST, 7),
        (200, Intent.FIRST, 7),
        (200, Intent.FIRST, 8),
        (200, Intent.FIRST, 7),
    )
    exchanges = [_asked(exchange(status), number, intent, one) for number, (status, intent, one) in enumerate(asked)]
    seen = _asked(exchange(), 4, Intent.READ, own)

    latest = latest_cancel(exchanges, ((Role.AFTER, seen),))

    assert latest is exchanges[found]
    assert latest_cancel(exchanges, ((Role.CANCEL, exchanges[2]), (Role.AFTER, seen))) is None


def test_an_episode_without_a_cancel_is_told_by_what_it_has(exchange: Made) -> None:
    """A look at the end of a run has no cancel; the read is shown."""
    late = Episode(Kind.NEIGHBOUR, ((Role.OTHER_BEFORE, exchange(key="a#1")), (Role.LISTED, exchange(key="a#2"))))

    assert breach_of(late, of_a_status("gone")).case == "a#1"


@pytest.mark.parametrize(
    ("status", "intent", "after", "is_safe"),
    [
        (200, Intent.READ, "cancelled", True),
        (401, Intent.REFUSED, "scheduled", True),
        (401, Intent.REFUSED, "cancelled", False),
        (200, Intent.REFUSED, "cancelled", False),
        (200, Intent.OTHER_METHOD, "cancelled", False),
        (404, Intent.OTHER_METHOD, "scheduled", True),
        (500, Intent.REFUSED, "scheduled", False),
    ],
)
def test_what_may_have_changed_something_is_not_safe_to_send_again(
    exchange: Made, status: int, intent: Intent, after: str, *, is_safe: bool
) -> None:
    """A refusal that changes the appointment all the same, and a GET that cancels, are no safe requests."""
    asked = exchange(status, {}, method="POST" if intent is Intent.REFUSED else "GET")
    steps = (
        (Role.BEFORE, exchange(body={"payload": {"status": "scheduled"}})),
        (Role.CANCEL, replace(asked, case=replace(asked.case, intent=intent))),
        (Role.AFTER, exchange(body={"payload": {"status": after}})),
    )

    assert breach_of(Episode(Kind.METHOD, steps), of_a_status("it changed")).repeatable is is_safe


@pytest.mark.parametrize(
    ("status", "intent", "is_safe"),
    [
        (404, Intent.REFUSED, True),
        (200, Intent.REFUSED, False),
        (404, Intent.FIRST, False),
        (409, Intent.REPEAT, False),
    ],
)
def test_a_refusal_by_itself_is_safe_to_send_again(
    exchange: Made, status: int, intent: Intent, *, is_safe: bool
) -> None:
    """Where nobody looked at the appointment, the answer is all that is known; once mended, a cancel cancels."""
    asked = exchange(status, {})
    asked = replace(asked, case=replace(asked.case, intent=intent))

    assert breach_of(asked, of_a_status("it was wrong")).repeatable is is_safe


def test_of_several_cancels_the_one_that_broke_the_promise_is_shown(exchange: Made) -> None:
    """Not the one before it, which was answered well."""
    second, third = (exchange(body={"payload": {"status": status}}) for status in ("cancelled", "scheduled"))
    steps = ((Role.CANCEL, second), (Role.AGAIN, second), (Role.AGAIN, third))

    shown = breach_of(
        Episode(Kind.REPEAT, steps), replace(of_a_status("on cancel 3, status is 'scheduled'"), shown_by=third)
    )

    assert '"status": "scheduled"' in shown.answer


def test_of_what_is_cancelled_already_it_is_told_what_it_was_until_then(exchange: Made) -> None:
    """A rule may hang on it, and the answer to a repeat shows nothing of it."""
    view = {"id": 7, "status": "no_show", "payment_status": "prepaid"}
    done = {**view, "status": "cancelled", "payment_status": "cancelled"}
    made = _asked(exchange(200, {"payload": view}), 1, Intent.READ)
    cancel = _asked(exchange(200, {"payload": done}), 2, Intent.FIRST)
    again, memory = _asked(exchange(409, {}), 3, Intent.REPEAT), Memory()
    memory.remember(made, cancel, again)

    assert breach_of(again, of_a_status("no"), memory).before == (
        "status cancelled, payment_status cancelled; until its cancel: status no_show, payment_status prepaid"
    )


def test_of_a_read_after_a_cancel_it_is_told_what_was_before_the_cancel(exchange: Made) -> None:
    """What the cancel has answered is what the read is held against."""
    view = {"id": 7, "status": "no_show", "payment_status": "prepaid"}
    made = _asked(exchange(200, {"payload": view}), 1, Intent.READ)
    cancel = _asked(exchange(200, {"payload": {**view, "status": "cancelled"}}), 2, Intent.FIRST)
    read, memory = _asked(exchange(200, {"payload": view}), 3, Intent.READ), Memory()
    memory.remember(made, cancel, read)
    steps = ((Role.BEFORE, made), (Role.CANCEL, cancel), (Role.AFTER, read))

    breach = breach_of(Episode(Kind.FIRST_CANCEL, steps), replace(of_a_status("no"), shown_by=read), memory)

    assert breach.before == "status no_show, payment_status prepaid"


def test_who_else_asks_makes_a_request_less_likely_to_be_shown(exchange: Made) -> None:
    """It would be taken for the condition."""
    usual = exchange()
    second = replace(usual, case=replace(usual.case, credential=Credential(Holder.SECOND)))

    assert breach_of(usual, _GONE).size < breach_of(second, _GONE).size


def test_the_other_writer_of_a_race_is_shown_too(exchange: Made) -> None:
    """Who writes what is wrong in the end may be the other one."""
    cancel, update = _asked(exchange(), 3, Intent.RACED), _asked(exchange(), 4, Intent.UPDATE)
    race = Episode(Kind.RACE, ((Role.CANCEL, cancel), (Role.BESIDE, update)))

    assert breach_of(race, replace(of_a_status("paid"), beside=update)).beside == breach_of(update, _GONE).curl
    assert breach_of(race, _GONE).beside == ""


def test_of_a_booking_at_the_same_moment_its_own_read_is_shown(exchange: Made) -> None:
    """The cancel's answer is about another appointment."""
    cancel = exchange(200, {"payload": {"id": 7, "status": "cancelled"}})
    read = exchange(200, {"payload": {"id": 8, "status": "cancelled"}})
    steps = (Role.CANCEL, cancel), (Role.OTHER_AFTER, replace(read, case=replace(read.case, appointment=8)))
    wrong = Difference("field", "/status", "another word", "the same word", f"{IN_BOOKING}, status is 'cancelled'")

    breach = breach_of(Episode(Kind.RACE, steps), Broken((wrong,), f"at the same moment: {wrong}"))

    assert breach.later == ('payload.status: "cancelled" of appointment 8',)
    assert breach.is_of_another


def test_of_an_update_at_the_same_moment_the_cancel_s_own_fields_are_not_shown(exchange: Made) -> None:
    """They are right, and would belie the sentence."""
    cancel = exchange(200, {"payload": {"id": 7, "status": "cancelled", "payment_status": "cancelled"}})
    wrong = Difference("field", "/payment_status", "another word", "the same word", f"{IN_UPDATE}, payment_status is …")

    breach = breach_of(Episode(Kind.RACE, ((Role.CANCEL, cancel),)), Broken((wrong,), f"at the same moment: {wrong}"))

    assert [*members(breach)] == []
