"""Plays a plan on the reference provider, so that it is known of each request which clauses need it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from cancel_contract.clauses import Clause, Terms
from cancel_contract.exchange.case import FINISH
from cancel_contract.exchange.episode import Episode, Evidence
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.ledger.ledger import Judgement, Ledger
from cancel_contract.run.assembly import opened
from cancel_contract.run.run import Run
from cancel_contract.run.scenarios import Scenario
from cancel_contract.target.settings import Settings

_MOST: Final = 0.6
"""The part of the requests of a kind that are most of them."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A request that was sent in a rehearsal, and the ids of the clauses that it helps to judge."""

    scenario: str
    exchange: Exchange
    clauses: frozenset[str]

    @property
    def kind(self) -> str:
        """What most of its clauses hang on."""
        if not self.exchange.case.is_under_test:
            return "a request besides"
        return "a cancel that succeeds" if self.exchange.status == OK else "a cancel that is refused"


@dataclass(slots=True)
class _NotingLedger(Ledger):
    """A ledger that notes which exchanges have exercised which clause."""

    served: dict[int, set[str]] = field(default_factory=dict)

    def judge(
        self, evidence: Evidence, *, terms: Terms | None = None, clauses: Sequence[Clause] | None = None
    ) -> Judgement:
        """Judge as every ledger does, and note what was exercised by which exchange."""
        found = Ledger.judge(self, evidence, terms=terms, clauses=clauses)
        shown = [one for _, one in evidence.steps] if isinstance(evidence, Episode) else [evidence]
        for one in shown:
            self.served.setdefault(one.number, set()).update(found.exercised)
        return found


def rehearsed(scenarios: Iterable[Scenario], settings: Settings) -> tuple[Rehearsed, ...]:
    """Play scenarios on a provider of its own, with the policy of some settings; return each request, in its order."""
    # The provider and its server take time to load, which a plan does not need otherwise.
    from cancel_contract.run.embedded import embedded  # noqa: PLC0415

    with embedded(Settings.model_validate({"repeat_policy": settings.repeat_policy})) as target, opened(target) as run:
        return tuple(played(run, scenarios))


def played(run: Run, scenarios: Iterable[Scenario]) -> Iterator[Rehearsed]:
    """Play scenarios and the end of a run that has not begun; yield each request with the clauses that it serves."""
    ledger = _NotingLedger(run.ledger.terms)
    run.ledger = run.context.ledger = ledger
    ends = [(scenario.name, _played(run, scenario)) for scenario in scenarios]
    run.finish()
    ends.append((FINISH, len(run.exchanges)))
    for (name, end), begin in zip(ends, (0, *(end for _, end in ends)), strict=False):
        for one in run.exchanges[begin:end]:
            yield Rehearsed(name, one, frozenset(ledger.served.get(one.number, ())))


def _played(run: Run, scenario: Scenario) -> int:
    run.play(scenario)
    return len(run.exchanges)


def usual(requests: Sequence[Rehearsed]) -> Mapping[str, AbstractSet[str]]:
    """Return, by kind of request, the clauses that most of its kind serve: they say nothing of a single one."""
    found: dict[str, AbstractSet[str]] = {}
    for kind in dict.fromkeys(one.kind for one in requests):
        alike = [one for one in requests if one.kind == kind]
        often = Counter(clause for one in alike for clause in one.clauses)
        found[kind] = {clause for clause, times in often.items() if times > _MOST * len(alike)}
    return found
