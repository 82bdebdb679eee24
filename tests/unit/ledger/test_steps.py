"""The steps of an episode, and what is told of the appointment that is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.difference import Broken, Difference
from cancel_contract.exchange.episode import Episode, Kind, Role, episode_of
from cancel_contract.exchange.exchange import Trouble
from cancel_contract.exchange.spoken import spoken
from cancel_contract.ledger.evidence import breach_of
from cancel_contract.ledger.memory import Memory
from cancel_contract.ledger.steps import MOST, NO_EFFECT, earlier, steps
from cancel_contract.report.members import members
from tests.unit.ledger.conftest import DEAR

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.exchange.exchange import Exchange

SECOND = Credential(Holder.SECOND)


def test_steps_say_who_asked_for_what_and_what_came(told: Callable[..., Exchange]) -> None:
    """In the order of sending: the words of the API, ids that no path names, and where each stands in the log."""
    booking = told(1, Intent.CREATE, {**DEAR, "id": 8, "client_name": "Anna"}, key="effect/rebook")
    cancel = told(2, Intent.FIRST, {**DEAR, "status": "cancelled"})
    read = told(3, Intent.READ, DEAR, credential=SECOND)
    episode = Episode(Kind.FIRST_CANCEL, ((Role.BEFORE, booking), (Role.AFTER, read), (Role.CANCEL, cancel)))

    assert steps(episode, read, Memory()) == (
        "a booking: 200, id 8, status scheduled, payment_status prepaid (…-1)",
        "a first cancel: 200, status cancelled, payment_status prepaid (…-2)",
        f"a read, {spoken(str(SECOND))}: 200, status scheduled, payment_status prepaid (…-3), shown below",
    )
    assert earlier(episode, read, Memory()) == ("cancel-contract-00000000-1", "cancel-contract-00000000-2")


def test_an_answer_that_was_not_waited_for_is_no_trouble_of_the_server(told: Callable[..., Exchange]) -> None:
    """The suite closes the connection itself; a reader would look for a timeout in vain."""
    lost, again = told(1, Intent.FIRST, DEAR, abandoned=True), told(2, Intent.REPEAT, DEAR)
    lost = replace(lost, answer=None, trouble=Trouble.TIMEOUT, trouble_text="the answer was not whole in time")

    first, _ = steps(Episode(Kind.LOST, ((Role.CANCEL, lost), (Role.AGAIN, again))), again, Memory())

    assert first == "a first cancel: its answer was not waited for, as by a caller whose connection breaks (…-1)"


def test_what_was_changed_before_is_a_step(told: Callable[..., Exchange]) -> None:
    """An update of the same appointment, with the names of its fields; not one of another, or of later."""
    update, cancel = told(1, Intent.UPDATE, DEAR), told(2, Intent.FIRST, {**DEAR, "status": "cancelled"})
    update = replace(update, case=replace(update.case, body=b'{"starts_at": "2026-12-01", "client_name": "Anna"}'))
    other = replace(update, case=replace(update.case, appointment=8))
    exchanges = (other, update, cancel, replace(update, number=3))

    episode = episode_of(Kind.FIRST_CANCEL, ((Role.CANCEL, cancel),), "", None, exchanges)

    assert steps(episode, cancel, Memory())[0].startswith("an update of starts_at, client_name: 200, status scheduled")
    assert len(steps(episode, cancel, Memory())) == 2


def test_the_cancel_before_an_update_is_a_step(told: Callable[..., Exchange]) -> None:
    """Else it would seem that the update has cancelled; and who cancels again what is active again is not the first."""
    done = {**DEAR, "status": "cancelled"}
    life = [
        told(1, Intent.FIRST, done),
        told(2, Intent.REVIVE, DEAR),
        told(3, Intent.READ, DEAR),
        told(4, Intent.FIRST, done),
        told(9, Intent.CREATE, {**DEAR, "id": 8}, appointment=None),
    ]
    memory = Memory()
    memory.remember(*life)
    _, _, read, again, booking = life
    second = episode_of(Kind.SECOND_LIFE, ((Role.BEFORE, read), (Role.CANCEL, again)), "", None, life)
    slot = episode_of(Kind.SLOT, ((Role.CANCEL, life[0]), (Role.REBOOK, booking)), "", None, life)

    assert [line.partition(":")[0] for line in steps(second, again, memory)] == [
        "a first cancel",
        "an update",
        "a read",
        "a cancel of what was cancelled before and is active again",
    ]
    assert [line.partition(" (…")[2].partition(")")[0] for line in steps(slot, booking, memory)] == [
        "-1", "-2", "-4", "-9",
    ]  # fmt: skip


def test_many_steps_are_counted(told: Callable[..., Exchange]) -> None:
    """A run's cancels as a whole are no story, and one request has no steps."""
    many = tuple((Role.AGAIN, told(number, Intent.REPEAT, DEAR)) for number in range(MOST + 3))
    one, memory = many[0][1], Memory()

    assert steps(Episode(Kind.REPEAT, many), one, memory)[-1] == "and 4 more"
    assert len(steps(Episode(Kind.REPEAT, many), one, memory)) == MOST
    assert steps(Episode(Kind.WHOLE, many), one, memory) == steps(one, one, memory) == ()
    assert steps(Episode(Kind.REPEAT, many[:1]), one, memory) == ()


def test_what_is_read_back_is_shown_by_the_read(told: Callable[..., Exchange]) -> None:
    """A sentence about a read stands beside the read; the command plays the scenario that sent it."""
    cancel, read = told(2, Intent.FIRST, {**DEAR, "status": "cancelled"}), told(3, Intent.READ, DEAR, key="read")
    episode = Episode(Kind.FIRST_CANCEL, ((Role.CANCEL, cancel), (Role.AFTER, read)))
    about = (Difference("field", "/status", "a word", "'cancelled'"),)

    back, answer = (
        breach_of(episode, Broken(about, f"{where}, status is …")) for where in ("read back", "in the answer")
    )

    assert (back.request_id[-2:], answer.request_id[-2:]) == ("-3", "-2")
    assert back.case == answer.case == "effect/x#first"
    assert (back.asked, answer.asked) == ("a read of appointment 7", "a first cancel")


def test_whether_what_was_answered_is_stored_is_told(told: Callable[..., Exchange]) -> None:
    """The fields that differ, as the read after it shows them, masked; nothing where the read itself is shown."""
    cancel = told(2, Intent.FIRST, {**DEAR, "prepaid_amount": 0, "client_name": "Anna"})
    read = told(3, Intent.READ, {**DEAR, "client_name": "Anna Karenina"}, key="effect/x#read")
    episode = Episode(Kind.FIRST_CANCEL, ((Role.CANCEL, cancel), (Role.AFTER, read)))
    about = tuple(Difference("field", f"/{name}", "1", "2") for name in ("prepaid_amount", "client_name", "gone"))

    answer, back = (breach_of(episode, Broken(about, f"{where}, …")) for where in ("in the answer", "read back"))

    other = replace(read, number=3, case=replace(read.case, appointment=8), answer=cancel.answer)
    earlier_read = replace(read, number=1, answer=cancel.answer)
    again = replace(episode, steps=((Role.AFTER, earlier_read), (Role.AFTER, other), *episode.steps))

    assert answer.later == ("payload.prepaid_amount: 10", 'payload.client_name: "<string 13>" (not as answered)')
    assert breach_of(again, Broken(about, "in the answer, …")).later == answer.later
    assert back.later == ()


def test_what_is_wrong_in_another_appointment_is_shown_of_that_one(told: Callable[..., Exchange]) -> None:
    """The answer is about its own, whose fields are right."""
    before, cancel = told(1, Intent.READ, DEAR), told(2, Intent.QUERY, {**DEAR, "id": 8, "status": "cancelled"})
    later = told(3, Intent.READ, {**DEAR, "status": "cancelled"})
    cancel = replace(cancel, case=replace(cancel.case, appointment=8))
    steps = ((Role.OTHER_BEFORE, before), (Role.CANCEL, cancel), (Role.OTHER_AFTER, later))
    about = (Difference("field", "/status", "'cancelled'", "'scheduled'", "status is 'cancelled', not 'scheduled'"),)

    breach = breach_of(Episode(Kind.PATH_WINS, steps), Broken(about, "in appointment 7, which it names, too, …"))

    assert breach.is_of_another
    assert breach.later == ('payload.status: "cancelled" of appointment 7',)
    assert list(members(breach)) == []


def test_a_cancel_without_an_effect_is_told(told: Callable[..., Exchange]) -> None:
    """The sentence says that it was accepted; not where the answer itself is wrong, or where something has changed."""
    active, done = {**DEAR, "payment_status": "prepaid"}, {**DEAR, "status": "cancelled", "payment_status": "cancelled"}
    before, cancel, same = told(1, Intent.READ, active), told(2, Intent.FIRST, done), told(3, Intent.READ, active)
    about = (Difference("field", "/status", "a word", "'cancelled'"),)

    def sentence(where: str, after: Exchange) -> str:
        steps_ = ((Role.BEFORE, before), (Role.CANCEL, cancel), (Role.AFTER, after))
        return breach_of(Episode(Kind.FIRST_CANCEL, steps_), Broken(about, f"{where}, status is …")).message

    assert sentence("read back", same) == f"read back, status is …{NO_EFFECT}"
    assert sentence("in the answer", same) == "in the answer, status is …; but it is stored as before"
    assert sentence("in the answer", replace(cancel, number=3)) == "in the answer, status is …; and so it is stored"
    assert sentence("read back", replace(cancel, number=3)) == "read back, status is …"


@pytest.mark.parametrize(
    ("status", "seen", "found"),
    [
        (200, "cancelled", "; and the appointment is cancelled"),
        (406, "cancelled", "; and yet the appointment is cancelled"),
        (200, "scheduled", NO_EFFECT),
        (406, "scheduled", ""),
    ],
)
def test_what_a_cancel_with_a_wrong_status_did_is_told(
    told: Callable[..., Exchange], status: int, seen: str, found: str
) -> None:
    """A reader asks first whether somebody's appointment is gone."""
    before, after = told(1, Intent.READ, DEAR), told(3, Intent.READ, {**DEAR, "status": seen})
    odd = told(2, Intent.OTHER_METHOD, {**DEAR, "status": "cancelled"})
    assert odd.answer
    odd = replace(odd, answer=replace(odd.answer, status=status))
    about = Broken((Difference("status", "status", str(status), "a 4xx"),), f"status is {status}")
    steps_ = ((Role.BEFORE, before), (Role.CANCEL, odd), (Role.AFTER, after))

    assert breach_of(Episode(Kind.METHOD, steps_), about).message.removeprefix(f"status is {status}") == found
    shown = "; its answer shows appointment 7 as cancelled" if status == 200 else ""
    assert breach_of(odd, about).message == f"status is {status}{shown}"
    plain = replace(odd, case=replace(odd.case, intent=Intent.REPEAT))
    assert breach_of(plain, about).message == f"status is {status}"


def test_an_odd_cancel_is_named_where_what_it_did_is_no_plain_cancels_doing(told: Callable[..., Exchange]) -> None:
    """What is promised of any first cancel is seen after one whose id is not a number."""
    before, odd = told(1, Intent.READ, DEAR), told(2, Intent.MALFORMED_ID, DEAR)
    about = Broken((Difference("field", "/status", "a word", "'cancelled'"),), "read back, status is …")
    steps_ = ((Role.BEFORE, before), (Role.CANCEL, odd), (Role.AFTER, told(3, Intent.READ, {**DEAR, "id": 8})))

    message = breach_of(Episode(Kind.FIRST_CANCEL, steps_), about).message
    assert message.startswith("after a cancel whose id is not a number, read back, status is …")


def test_of_a_whole_run_the_appointment_that_is_shown_is_told(told: Callable[..., Exchange]) -> None:
    """It has looked at many; another one's price says nothing of this one."""
    cancel = told(3, Intent.FIRST, DEAR)
    other = told(1, Intent.READ, {**DEAR, "id": 8, "service_amount": 5000})
    mine = told(2, Intent.READ, DEAR)
    about = Broken((Difference("leak", "/notice", "a client", "nobody"),), "the answer shows a client")

    def before(*views: Exchange) -> str:
        steps_ = (*((Role.BEFORE, view) for view in views), (Role.CANCEL, cancel))
        return breach_of(Episode(Kind.SEEN, steps_), about).before

    assert before(other, mine).startswith("status scheduled, payment_status prepaid, service_amount 90")
    assert before(other) == ""


def test_a_late_look_is_told_with_the_life_of_what_it_looks_at(told: Callable[..., Exchange]) -> None:
    """From its booking on, and of many cancels the first and the last."""
    done = {**DEAR, "status": "cancelled"}
    booking = told(1, Intent.CREATE, DEAR, key="supply/plain")
    cancels = [told(number, Intent.FIRST if number == 2 else Intent.REPEAT, done) for number in range(2, 8)]
    late = told(8, Intent.READ, DEAR)
    memory = Memory()
    memory.remember(booking, *cancels, late)

    lines = steps(Episode(Kind.LATE, ((Role.AFTER, late),)), late, memory)

    assert [line.partition(" (")[2] for line in lines] == ["…-1)", "…-2)", "…-7)", "…-8), shown below"]
