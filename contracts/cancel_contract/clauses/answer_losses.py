"""Clause answer/given: cancels get an answer, and no fewer of them than other requests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp, factorial
from typing import Final

from cancel_contract.clauses.clause import Finding, Terms
from cancel_contract.clauses.statuses import wrong_status
from cancel_contract.exchange.difference import broken
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange, Trouble

_MANY: Final = 5
"""One or two lost connections are the network's; so many are the server's, where other requests go through (policy)."""
_PART: Final = 5
"""If one cancel in this number is lost, it is the server, however many other requests are (policy)."""
_FEW: Final = 3
_NAMED: Final = 3
"""How many lost cancels are named."""
_SURE: Final = 1e-4
_DOUBTFUL: Final = 1e-2
"""How likely it is by chance that so many cancels are lost, where others are lost as they are: below that it is the
server, or there is no verdict (policy).
"""


@dataclass(frozen=True, slots=True)
class Losses:
    """How many requests ended without an answer."""

    cancels: int
    of_cancels: int
    others: int
    of_others: int

    @property
    def chance(self) -> float:
        """How likely it is that at least so many cancels are lost by chance, as other requests are (Poisson)."""
        expected = self.of_cancels * (self.others + 1) / (self.of_others + 1)
        return 1 - sum(exp(-expected) * expected**number / factorial(number) for number in range(self.cancels))

    @property
    def is_the_servers(self) -> bool:
        """Whether the server ends cancels without an answer."""
        is_often = self.cancels * _PART >= self.of_cancels or self.chance < _SURE
        return self.cancels >= _MANY and is_often

    @property
    def is_doubtful(self) -> bool:
        """Whether nobody knows if the server or the network has ended them."""
        return self.cancels >= _FEW and self.chance < _DOUBTFUL and not self.is_the_servers

    def __str__(self) -> str:
        others = f"{self.others or 'none'} of {self.of_others} other requests"
        return f"{self.cancels} of {self.of_cancels} cancels ended without an answer, and {others}"


def losses_of(episode: Episode) -> Losses:
    """Count what was lost in a whole run: cancels that succeed otherwise, and requests beside them."""
    cancels, others = episode.all(Role.CANCEL), episode.all(Role.BEFORE)
    counts = (sum(one.trouble is Trouble.LOST for one in some) for some in (cancels, others))
    return Losses(next(counts), len(cancels), next(counts), len(others))


def _in_the_log(lost: Sequence[Exchange]) -> str:
    """Return by which ids the first of the lost cancels are found in the target's log."""
    ids = [one.request_id for one in lost if one.request_id]
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return f": {', '.join(ids[:_NAMED])}{more}" if ids else ""


def answered(episode: Episode, _: Terms) -> Iterator[Finding]:
    """No case is answered by a gateway alone, and cancels are lost no more than other requests."""
    if episode.kind is Kind.GATEWAY and episode.steps:
        first = episode.steps[0][1]
        wanted = "an answer of the application"
        yield wrong_status(first, wanted, f"{first.fact}, not {wanted}, {episode.topic}")
    if episode.kind is Kind.WHOLE and episode.steps:
        losses = losses_of(episode)
        lost = [one for one in episode.all(Role.CANCEL) if one.trouble is Trouble.LOST]
        told = broken("answer", "message", "none to many cancels", "one to each cancel", f"{losses}{_in_the_log(lost)}")
        yield replace(told, shown_by=lost[0]) if losses.is_the_servers else None
