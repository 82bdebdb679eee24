"""What was seen of an appointment before a request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.difference import Broken, Difference
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.spoken import EARLIER
from cancel_contract.ledger.comparison import common
from cancel_contract.ledger.evidence import breach_of
from cancel_contract.ledger.memory import UNKNOWN, Memory
from cancel_contract.ledger.steps import earlier, steps
from tests.unit.ledger.conftest import DEAR, of_a_status

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.exchange.exchange import Exchange

DONE = {**DEAR, "status": "cancelled", "payment_status": "cancelled"}

AT_ONCE = "at the same moment, in an order that nobody knows:"


def _remembering(*exchanges: Exchange) -> Memory:
    memory = Memory()
    memory.remember(*exchanges)
    return memory


def test_how_a_request_found_its_appointment_is_remembered(told: Callable[..., Exchange]) -> None:
    """A create names no appointment, and shows one; what shows another one, or nothing, changes nothing."""
    create = told(1, Intent.CREATE, DEAR, appointment=None)
    other, refused = told(2, Intent.FIRST, {**DONE, "id": 8}), told(3, Intent.REFUSED)
    memory = _remembering(create, other, refused, told(4, Intent.FIRST, DONE))

    assert memory.before(create) == UNKNOWN
    assert [(memory.before(one).status, memory.before(one).payload) for one in (other, refused)] == [
        ("scheduled", DEAR)
    ] * 2
    assert [one.number for one in memory.before(told(4, Intent.FIRST)).requests] == [1, 2, 3]


def test_after_a_lost_answer_nobody_knows_what_was_done(told: Callable[..., Exchange]) -> None:
    """It was cancelled in all likelihood, and what became of the rest no one has seen."""
    again = told(3, Intent.REPEAT, DONE)

    past = _remembering(told(1, Intent.READ, DEAR), told(2, Intent.FIRST, abandoned=True), again).before(again)

    assert (past.payload, past.status) == (None, "cancelled")
    assert set(past.traits) >= {"the appointment was cancelled already"}


def test_of_what_left_at_the_same_moment_nobody_knows_which_came_first(told: Callable[..., Exchange]) -> None:
    """All of them found what was there before the first; the next one finds what they have left."""
    burst = [told(number, Intent.RACED, DONE, at_once=2) for number in (2, 3, 4)]
    memory = _remembering(told(1, Intent.READ, DEAR), *burst, told(5, Intent.REPEAT, DONE))

    assert [memory.before(one).status for one in (*burst, told(5, Intent.REPEAT))] == ["scheduled"] * 3 + ["cancelled"]
    assert memory.beside(burst[0]) == tuple(burst)
    booking = told(5, Intent.CREATE, DEAR, at_once=1, appointment=None)
    memory.remember(booking, cancel := told(6, Intent.RACED, DONE, at_once=1, beside=(Intent.CREATE,)))
    assert booking in memory.beside(cancel)
    assert memory.beside(told(9, Intent.REPEAT)) == ()


def test_what_a_request_has_in_common_is_of_its_appointment_before(told: Callable[..., Exchange]) -> None:
    """A refusal shows nothing of it; how often it was cancelled counts the cancels that were accepted."""
    exchanges = [told(1, Intent.CREATE, DEAR), *(told(number, Intent.REPEAT, DONE) for number in (2, 3, 4))]
    refused, late = told(2, Intent.REFUSED), told(5, Intent.REPEAT)

    assert common(refused, _remembering(exchanges[0], refused)) >= {
        "the answer is a 404", "the appointment was active", "status scheduled", "prepaid_amount above 0",
    }  # fmt: skip
    found = common(late, _remembering(*exchanges, late))
    assert {"it had been cancelled 2 times or more", "it had been cancelled 3 times or more"} < found
    assert "it had been cancelled 4 times or more" not in found


def test_how_it_was_cancelled_is_a_sign_of_what_is_seen_later(told: Callable[..., Exchange]) -> None:
    """The first accepted cancel did it; a refusal did nothing."""
    exchanges = [told(1, Intent.CREATE, DEAR), told(2, Intent.REFUSED), told(3, Intent.MALFORMED_ID, DONE)]
    before, late = told(4, Intent.READ, DONE), told(5, Intent.READ, DONE)
    memory = _remembering(*exchanges, told(6, Intent.REPEAT, DONE), before, late)
    episode = Episode(Kind.LATE, ((Role.BEFORE, before), (Role.AFTER, late)))

    signs = {trait for trait in common(episode, memory) if trait.startswith("it was cancelled by")}
    assert signs == {"it was cancelled by a cancel whose id is not a number"}


def test_that_there_is_no_body_is_a_sign(told: Callable[..., Exchange]) -> None:
    """What reads bodies may be what checks tokens."""
    bare = told(1, Intent.REFUSED)
    sent = replace(bare, case=replace(bare.case, body=b"{}"))

    assert "without a body" in common(bare, Memory())
    assert common(sent, Memory()) - common(bare, Memory()) == {"with a body"}


def test_what_one_request_broke_is_told_with_what_was_asked_before(told: Callable[..., Exchange]) -> None:
    """What was accepted before it; a booking alone is told by what the appointment was, and a refusal did nothing."""
    create, cancel, late = told(1, Intent.CREATE, DEAR), told(2, Intent.FIRST, DONE), told(4, Intent.REPEAT)
    memory = _remembering(create, cancel, told(3, Intent.REFUSED), late)

    assert [line.partition(":")[0] for line in steps(late, late, memory)] == [
        "a booking", "a first cancel", "a repeated cancel"
    ]  # fmt: skip
    assert steps(cancel, cancel, memory) == ()
    assert breach_of(late, of_a_status("status is 404, not 200"), memory).before.startswith("status cancelled")


def test_what_left_at_the_same_moment_is_told_together(told: Callable[..., Exchange]) -> None:
    """What is alike is counted; one that stands alone is told with those beside it."""
    burst = [told(number, Intent.REPEAT, DONE, at_once=3) for number in (1, 2, 3)]
    failed = told(4, Intent.REPEAT, at_once=3)
    episode = Episode(Kind.BURST, tuple((Role.AGAIN, one) for one in (*burst, failed)))
    alike = "a repeated cancel: 200, status cancelled, payment_status cancelled, 3 times (…-1, …-2, …-3)"

    expected = (AT_ONCE, f"- {alike}", "- a repeated cancel: 404 (…-4), shown below")
    assert steps(episode, failed, Memory()) == expected
    assert steps(failed, failed, _remembering(*burst, failed)) == expected
    assert steps(episode, burst[1], Memory())[1] == f"- {alike}, one of them shown below"

    none_failed = Episode(Kind.BURST, tuple((Role.AGAIN, one) for one in burst))
    assert steps(none_failed, burst[0], Memory()) == (
        f"{alike.replace(':', ', at the same moment as 3 more:', 1)}, one of them shown below",
    )


def test_the_orders_that_a_race_was_compared_with_are_a_line(told: Callable[..., Exchange]) -> None:
    """They are what is right, and would hide what is wrong."""
    read, cancel, update = told(1, Intent.READ, DEAR), told(2, Intent.RACED, DONE), told(3, Intent.UPDATE, DEAR)
    race = (Role.BEFORE, read), (Role.CANCEL, cancel), (Role.BESIDE, update)
    order = (Role.BEFORE, told(4, Intent.CREATE, DEAR)), (Role.CANCEL, told(5, Intent.RACED, DONE))

    one, both = (Episode(Kind.RACE, (*race, *order * times)) for times in (1, 2))
    learnt = "to compare, the same one after the other, in {} order, on other appointments {}"

    assert len(steps(one, cancel, Memory())) == len(race) + 1
    assert steps(one, cancel, Memory())[-1] == learnt.format("one", "(…-4 to …-5)")
    assert steps(both, cancel, Memory())[-1] == learnt.format("either", "(…-4 to …-5)")


def test_what_left_at_another_moment_is_told_by_itself(told: Callable[..., Exchange]) -> None:
    """In the order of sending, however alike it is."""
    first, between, second = (
        told(1, Intent.RACED, DONE, at_once=1), told(3, Intent.REVIVE, DEAR), told(4, Intent.RACED, DONE, at_once=1)
    )  # fmt: skip
    episode = Episode(Kind.RACE, tuple((Role.CANCEL, one) for one in (first, between, second)))

    assert [line.partition(",")[0] for line in steps(episode, second, Memory())] == [
        "a cancel beside another change", "an update: 200", "a cancel beside another change"
    ]  # fmt: skip


def test_of_parallel_cancels_of_several_the_bookings_of_others_are_left_out(told: Callable[..., Exchange]) -> None:
    """What they asked for at the same moment is told."""
    create, other = (told(number, Intent.CREATE, {**DEAR, "id": number}, appointment=None) for number in (7, 8))
    both = [told(n, Intent.REPEAT, {**DONE, "id": n - 2}, at_once=1, appointment=n - 2) for n in (9, 10)]
    roles = ((Role.BEFORE, create), (Role.BEFORE, other), *((Role.AGAIN, one) for one in both))

    found = steps(Episode(Kind.SPREAD, roles), both[0], Memory())

    cancels = ["- a repeated cancel"] * 2
    assert [line.partition(":")[0] for line in found] == ["a booking", AT_ONCE.removesuffix(":"), *cancels]


def test_what_was_asked_between_the_steps_of_an_episode_may_be_the_cause(told: Callable[..., Exchange]) -> None:
    """And is told, if it may have changed anything."""
    read, refused = told(1, Intent.READ, DEAR), told(2, Intent.REFUSED)
    done, late = told(3, Intent.UNKNOWN_ID, DONE, appointment=None), told(4, Intent.READ, DONE)
    episode = Episode(Kind.REFUSAL, ((Role.BEFORE, read), (Role.CANCEL, refused), (Role.AFTER, late)))
    memory = _remembering(read, refused, done, late)

    assert earlier(episode, refused, memory) == tuple(f"cancel-contract-00000000-{number}" for number in (1, 3))
    assert [one[-2:] for one in earlier(episode, refused, memory, is_its_status=True)] == ["-1"]
    assert "a cancel of an appointment that is not there: 200" in "".join(steps(episode, refused, memory))
    about = Broken((Difference("field", "/status", "a word", "another"),), "after a 404, status is …")
    assert breach_of(episode, about, memory).earlier[-1].endswith("-3")


def test_where_steps_are_about_several_appointments_each_is_named(told: Callable[..., Exchange]) -> None:
    """A create names none, and shows its own."""
    create, cancel = told(1, Intent.CREATE, {**DEAR, "id": 8}, appointment=None), told(2, Intent.REPEAT, DONE)
    found = steps(Episode(Kind.SLOT_KEPT, ((Role.BEFORE, create), (Role.AGAIN, cancel))), cancel, Memory())

    assert [line.partition(": ")[2].partition(", status")[0] for line in found] == ["200, id 8", "200, id 7"]


def test_what_many_requests_have_between_them_is_no_sign(told: Callable[..., Exchange]) -> None:
    """One without a token and one with a header make no request without a token that has the header."""
    refused = told(1, Intent.REFUSED), told(2, Intent.REFUSED, headers=(("origin", b"a"),))

    assert common(Episode(Kind.REFUSALS, tuple((Role.CANCEL, one) for one in refused)), Memory()) == frozenset()


def test_what_had_to_be_refused_and_was_not_comes_first(told: Callable[..., Exchange]) -> None:
    """What a later request shows of the same appointment follows from it."""
    let_in, later = told(1, Intent.REFUSED, DONE), told(2, Intent.REFUSED, {**DONE, "account_id": 4})

    assert [one[-2:] for one in earlier(later, later, _remembering(let_in, later))] == ["-1"]
    assert earlier(later, later, _remembering(told(1, Intent.REFUSED), later)) == ()


def test_a_booking_that_shows_a_cancelled_one_has_its_key(told: Callable[..., Exchange]) -> None:
    """Else it would seem that it was cancelled by being booked."""
    booking, read = told(1, Intent.CREATE, DONE), told(2, Intent.READ, DONE)
    found = steps(Episode(Kind.KEY, ((Role.REBOOK, booking), (Role.AFTER, read))), read, Memory())

    assert found[0].startswith("a booking with the key of an earlier one: 200, ")


def test_a_refusal_that_is_looked_at_once_more_is_told_late(told: Callable[..., Exchange]) -> None:
    """By then another cancel may have done it."""
    refusal = Episode(Kind.REFUSAL, ((Role.CANCEL, told(1, Intent.REFUSED)),), "wrong")

    assert breach_of(refusal, of_a_status("it differs")).late == 0
    assert breach_of(replace(refusal, topic=EARLIER), of_a_status("it differs")).late == 1


@pytest.mark.parametrize(
    ("kind", "last", "late"), [(Kind.REPEAT, 9, 0), (Kind.REPEAT, 99, 2), (Kind.SAME, 9, 2), (Kind.LATE, 9, 1)]
)
def test_what_lies_far_apart_is_told_late(told: Callable[..., Exchange], kind: Kind, last: int, late: int) -> None:
    """A repeat at the end of a run shows what somebody else may have done."""
    episode = Episode(kind, ((Role.CANCEL, told(1, Intent.FIRST, DONE)), (Role.AGAIN, told(last, Intent.REPEAT, DONE))))

    assert breach_of(episode, of_a_status("it differs")).late == late


@pytest.mark.parametrize(("last", "late"), [(9, 0), (99, 1)])
def test_a_list_right_after_a_cancel_is_no_late_look(told: Callable[..., Exchange], last: int, late: int) -> None:
    """What it lacks is what the cancel has left out."""
    steps = ((Role.CANCEL, told(1, Intent.FIRST, DONE)), (Role.LISTED, told(last, Intent.LIST)))

    assert breach_of(Episode(Kind.LATE, steps), of_a_status("it differs")).late == late


def test_an_earlier_read_that_showed_the_same_comes_first(told: Callable[..., Exchange]) -> None:
    """It is no step of another episode, and what it has shown may be why that one broke."""
    cancel, gone, again = told(1, Intent.FIRST, DONE), told(2, Intent.READ), told(3, Intent.REPEAT)
    episode = Episode(Kind.REPEAT, ((Role.CANCEL, cancel), (Role.AGAIN, again)))
    memory = _remembering(cancel, gone, again)

    assert [one[-2:] for one in earlier(episode, again, memory)] == ["-1", "-2"]
    assert earlier(again, again, memory) == ()
    at_the_end = replace(again, case=replace(again.case, key="late"))
    assert [one[-2:] for one in earlier(at_the_end, at_the_end, memory)] == ["-1", "-2"]
    assert [line.partition(":")[0] for line in steps(episode, again, memory)] == ["a first cancel", "a repeated cancel"]


def test_of_many_steps_those_around_the_shown_one_are_told(told: Callable[..., Exchange]) -> None:
    """What comes before it says more than what comes after."""
    many = [told(number, Intent.REPEAT, DONE) for number in range(20)]
    episode = Episode(Kind.REPEAT, tuple((Role.AGAIN, one) for one in many))

    middle, last = (steps(episode, many[place], Memory()) for place in (10, 19))

    assert (middle[0], middle[5][-11:], middle[-1]) == ("6 before these", "shown below", "and 8 more")
    assert (last[0], last[-1].endswith("shown below"), len(middle), len(last)) == ("13 before these", True, 8, 8)
