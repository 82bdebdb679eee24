"""The state that several workers share."""

from pathlib import Path

import pytest

from cancel_contract.errors import Overspent
from cancel_contract.guard.budget import Budget, Limits
from cancel_contract.guard.shared_state import Claims, SharedState


def test_workers_count_together(tmp_path: Path) -> None:
    """What one worker has made, another cannot make any more; what was given back it can."""
    limits = Limits(requests=100, appointments=8, parallel=2, rate=None)
    one, other = (Budget(limits, of_all=SharedState("0a", tmp_path)) for _ in range(2))
    for budget in (one, one, one, one, one, other, other):
        budget.appointment()

    with pytest.raises(Overspent, match=r"^7 of 8 appointments are spent, and 1 are kept for the end of the run: set "):
        other.appointment()
    one.not_made()
    other.appointment()

    assert (one.appointments, other.appointments) == (4, 3)


def test_what_one_worker_finds_out_the_others_are_told(tmp_path: Path) -> None:
    """Only the first asks; an empty answer is an answer; another run asks for itself."""
    asked: list[str] = []

    def ask(answer: str) -> str:
        asked.append(answer)
        return answer

    assert SharedState("0a", tmp_path).once(lambda: ask(""), "fit") == ""
    assert SharedState("0a", tmp_path).once(lambda: ask("b"), "fit") == ""
    assert SharedState("0c", tmp_path).once(lambda: ask("ß"), "fit") == "ß"
    assert asked == ["", "ß"]


def test_lanes_of_one_process_are_told_as_well(tmp_path: Path) -> None:
    """With other workers or without: each question has one answer."""
    for claims in (Claims(), Claims(SharedState("0a", tmp_path))):
        assert claims.once(lambda: "a", "one") == "a"
        assert claims.once(lambda: "b", "one") == "a"
        assert claims.once(lambda: "c", "other") == "c"


def test_who_fails_to_find_out_leaves_it_to_the_next(tmp_path: Path) -> None:
    """A worker that is stopped while it asks has told nothing."""

    def stopped() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        SharedState("0a", tmp_path).once(stopped, "fit")

    assert SharedState("0a", tmp_path).once(lambda: "all is well", "fit") == "all is well"


def test_what_was_held_in_common_is_forgotten(tmp_path: Path) -> None:
    """At the end of a run neither count nor answer nor a lock stays behind."""
    shared_state = SharedState("0a", tmp_path)

    assert shared_state.add("appointments", 1, 1)
    assert not shared_state.add("appointments", 1, 1)
    assert shared_state.once(lambda: "answer", "fit") == "answer"
    shared_state.forget()
    assert [*tmp_path.iterdir()] == []


def test_workers_count_their_requests_together(tmp_path: Path) -> None:
    """However the work is shared out, the whole is spent once."""
    limits = Limits(10, 0, 2, None)
    one, other = (Budget(limits, of_all=SharedState("0a", tmp_path)) for _ in range(2))
    for budget in (one, one, one, one, one, other, other, other):
        with budget.request():
            pass

    for budget in (one, other):
        with pytest.raises(Overspent, match="8 of 10 requests are spent, and 2 are kept"), budget.request():
            pytest.fail("a request was sent")
    assert (one.requests, other.requests) == (5, 3)
