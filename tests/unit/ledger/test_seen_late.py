"""What was seen soon says more than what was seen when a run ends."""

from collections.abc import Callable
from dataclasses import replace

from cancel_contract.exchange.case import FINISH, Intent
from cancel_contract.exchange.episode import Episode, Evidence, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.causes import by_request, causes
from cancel_contract.ledger.evidence import breach_of
from tests.unit.ledger.conftest import DEAR, of_a_status


def _breach(got: str = "201") -> Breach:
    return Breach(f"status is {got}, not 200", "effect/x#first", "curl", "answer", what="status", got=got, wanted="200")


def test_what_was_seen_soon_comes_first() -> None:
    """A look at the end comes after it, and what another cancel has shown of it comes last."""
    breaches = {
        "repeat/same-payload": replace(_breach(), late=2, curl="a"),
        "effect/settled": replace(_breach(got="202"), late=1, curl="b"),
        "repeat/answer": replace(_breach(got="203"), curl="c"),
    }

    assert [group[0].clauses[0] for group in by_request(causes(breaches))] == [
        "repeat/answer", "effect/settled", "repeat/same-payload"
    ]  # fmt: skip


def test_what_another_cancel_has_shown_long_after_names_no_cause() -> None:
    """Something else had changed it by then, which a mere look has shown as well."""
    late = {"repeat/same-payload": replace(_breach(), late=2), "effect/settled": replace(_breach(), late=1)}

    assert [one.clauses[0] for one in causes(late)] == ["effect/settled"]


def test_the_last_cancel_of_a_run_is_seen_late(told: Callable[..., Exchange]) -> None:
    """Everything that was done to its appointment before may be why it fails."""
    last = told(9, Intent.FIRST, DEAR, key=f"{FINISH}#cancel, last of all")
    first, status = told(9, Intent.FIRST, DEAR), of_a_status("status is 409, not 200")
    whole = [Episode(Kind.FIRST_CANCEL, ((Role.CANCEL, one),)) for one in (first, last)]
    seen: list[Evidence] = [first, *whole, last]

    assert [breach_of(one, status).late for one in seen] == [0, 0, 2, 2]
