"""What a recording tells of a cancel beside other writers, and of reads that may lag behind them."""

import pytest

from cancel_contract.ledger.row import Verdict
from tests.unit.tools.test_recorded_sequences import AFTER, CANCEL, CANCELLED, READ, SCHEDULED, Step, verdicts


@pytest.mark.parametrize("began", [0.95, 1.05], ids=["before the cancel", "after it"])
@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
def test_a_change_at_the_same_time_tells_nothing_of_the_cancel(began: float, method: str) -> None:
    """Which came first is not known: neither what was read before nor what is read after belongs to the cancel."""
    change: Step = (began, method, "123", 200, {**SCHEDULED, "client_phone": "+7 000 1"})
    both = sorted([CANCEL, change])

    found = verdicts(READ, *both, (*AFTER[:4], {**SCHEDULED, "client_phone": "+7 000 1"}))

    assert found["answer/status-200"] is Verdict.HELD
    assert {name for name in found if name.partition("/")[0] == "effect"} == set()


def test_a_cancel_after_a_change_at_the_same_time_is_judged_again() -> None:
    """Once it was read, the appointment is known again."""
    change: Step = (1.05, "PATCH", "123", 200, SCHEDULED)
    later: tuple[Step, ...] = ((2, "GET", "123", 200, SCHEDULED), (3, "POST", "123/cancel", 200, CANCELLED))

    assert verdicts(READ, CANCEL, change, *later)["effect/amounts-kept"] is Verdict.HELD


@pytest.mark.parametrize("status", [412, 423])
def test_who_loses_to_another_writer_breaks_nothing(status: int) -> None:
    """A precondition that failed, and a lock that was held, are refusals."""
    lost: Step = (1, "POST", "123/cancel", status, {"error": "changed meanwhile", "code": "STALE"})

    assert Verdict.BROKEN not in verdicts(READ, lost, (2, "GET", "123", 200, SCHEDULED)).values()


def test_a_read_that_does_not_show_a_change_says_nothing_of_a_neighbour() -> None:
    """It may come from a copy that lags, so that the next read differs without anybody's doing."""
    moved = {**SCHEDULED, "client_phone": "+7 000 1"}
    other: Step = (3, "POST", "124/cancel", 200, {**CANCELLED, "id": 124})
    change: Step = (1, "PATCH", "123", 200, moved)

    late = verdicts(READ, change, (2, "GET", "123", 200, SCHEDULED), other, (4, "GET", "123", 200, moved))
    touched = verdicts(READ, change, (2, "GET", "123", 200, moved), other, (4, "GET", "123", 200, SCHEDULED))

    assert "effect/neighbour-untouched" not in late
    assert touched["effect/neighbour-untouched"] is Verdict.BROKEN


@pytest.mark.parametrize("asked", ["124/cancel", "123/cancel"], ids=["of another", "of itself"])
def test_a_server_that_was_seen_to_change_appointments_by_itself_is_not_blamed_for_it(asked: str) -> None:
    """A booking that nobody touches shows it, before or after."""
    confirmed = {**SCHEDULED, "status": "confirmed"}
    status, shown = (401, {"error": "no"}) if asked.startswith("123") else (200, {**CANCELLED, "id": 124})
    between: Step = (2, "POST", asked, status, shown)
    blamed = (READ, between, (3.0, "GET", "123", 200, confirmed))
    other = {**SCHEDULED, "id": 125}
    alone: tuple[Step, ...] = ((4, "GET", "125", 200, other), (5, "GET", "125", 200, {**other, "status": "confirmed"}))

    assert Verdict.BROKEN in verdicts(*blamed).values()
    assert Verdict.BROKEN not in verdicts(*blamed, *alone).values()


def test_what_was_only_accepted_may_be_done_at_any_time() -> None:
    """The answer to a change that is 202 shows what was before; neither a cancel nor a neighbour is blamed for it."""
    dearer = {**SCHEDULED, "service_amount": 7000}
    accepted: Step = (1, "PATCH", "123", 202, SCHEDULED)
    cancel: Step = (3, "POST", "123/cancel", 200, {**CANCELLED, "service_amount": 7000})
    other: Step = (3, "POST", "124/cancel", 200, {**CANCELLED, "id": 124})
    read: Step = (2, "GET", "123", 200, SCHEDULED)

    of_cancel = verdicts(READ, accepted, read, cancel, (4, "GET", "123", 200, {**CANCELLED, "service_amount": 7000}))
    of_neighbour = verdicts(
        READ, accepted, read, (2.5, "GET", "123", 200, SCHEDULED), other, (4, "GET", "123", 200, dearer)
    )

    assert Verdict.BROKEN not in (*of_cancel.values(), *of_neighbour.values())


def test_a_read_is_not_sure_to_have_a_change_whose_answer_shows_little() -> None:
    """It may come from a copy that lags, and the next one not."""
    moved = {**SCHEDULED, "client_phone": "+7 000 1"}
    change: Step = (1, "PATCH", "123", 200, {"id": 123, "status": "scheduled"})
    other: Step = (3, "POST", "124/cancel", 200, {**CANCELLED, "id": 124})
    late = (change, (2, "GET", "123", 200, SCHEDULED), other, (4, "GET", "123", 200, moved))

    assert Verdict.BROKEN not in verdicts(READ, *late).values()


def test_what_began_in_one_millisecond_has_no_order() -> None:
    """Recorders write whole milliseconds: an update and a cancel of the same one are a race."""
    named = {"client_name": "Another"}
    change: Step = (1, "PATCH", "123", 200, {**SCHEDULED, **named})
    cancel: Step = (1, "POST", "123/cancel", 200, CANCELLED)

    read: Step = (2, "GET", "123", 200, {**CANCELLED, **named})
    assert Verdict.BROKEN not in verdicts(READ, change, cancel, read, took=0.0).values()


def test_a_gateways_answer_beside_a_cancel_leaves_nothing_known() -> None:
    """What is under way beside it may be recorded later: an update that overlaps the cancel, and ends after both."""
    dearer = {"service_amount": 7000}
    cancel: Step = (1.0, "POST", "123/cancel", 200, {**CANCELLED, **dearer})
    busy: Step = (1.01, "POST", "123/cancel", 503, {"error": "busy"})
    change: Step = (1.02, "PATCH", "123", 200, {**SCHEDULED, **dearer})

    assert Verdict.BROKEN not in verdicts(READ, cancel, busy, change).values()


def test_a_403_to_nobody_knows_whom_is_no_wrong_status() -> None:
    """It may have been a member who may not cancel again."""
    other: Step = (2, "POST", "123/cancel", 403, {"error": "You may not cancel it again", "code": "REFUSED"})

    assert [name for name, one in verdicts(READ, CANCEL, other).items() if one is Verdict.BROKEN] == []


def test_an_odd_id_that_is_redirected_is_no_cancel() -> None:
    """What stands before the application may lead it elsewhere; the cancels before it have nothing to do with it."""
    odd: Step = (3, "POST", "123%2F123/cancel", 301, {})

    assert Verdict.BROKEN not in verdicts(READ, CANCEL, (2, "POST", "123/cancel", 200, CANCELLED), odd).values()
