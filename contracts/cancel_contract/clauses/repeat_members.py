"""Clause repeat/two-members: two members of an account cancel one appointment at once."""

from collections.abc import Iterator
from typing import Final

from cancel_contract.clauses.clause import FIELDS, STATUS, Clause, Finding, Level, Terms
from cancel_contract.clauses.race_orders import can_be_told, fits_no_order, is_unauthorized
from cancel_contract.clauses.race_sentences import told_once
from cancel_contract.clauses.statuses import wrong_status
from cancel_contract.exchange.difference import broken_by
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import FIRST_FAILURE

LET_IN_ALONE: Final = "let in alone"
"""The topic of cancels by two members of whom one was kept out, and was let in when asking alone."""


def _two_members(episode: Episode, _: Terms) -> Iterator[Finding]:
    cancels = (*episode.all(Role.CANCEL), *episode.all(Role.AGAIN))
    if episode.kind is not Kind.MEMBERS or not can_be_told(episode, ()):
        return
    if kept_out := next(filter(is_unauthorized, cancels), None):
        if episode.topic == LET_IN_ALONE:
            told = f"{kept_out.fact}, not 200, for a second member's cancel at the moment of the first one's; alone it is 200"
            yield wrong_status(kept_out, "200", told)
        return
    if any(one.status == 200 for one in cancels):
        statuses = " and ".join(str(one.status) for one in cancels)
        told = f"cancels by two members ({statuses}) at the same moment: "
        # Where the server failed, that answer is what is wrong.
        failed = next((one for one in cancels if (one.status or FIRST_FAILURE) >= FIRST_FAILURE), None)
        yield broken_by(told_once(fits_no_order(episode, ())), told, shown_by=failed)


CLAUSES: Final = (
    Clause("repeat/two-members", Level.MUST, "observed", f"{FIELDS}/payments",
           "Cancels by two members at once have one effect, and both are answered by it", _two_members,
           needs=("second_api_token",), evidence=STATUS),
)  # fmt: skip
"""The family's clause of two members."""
