"""Says what the requests of a gate are good for: the faults that are found by one scenario, or one case, alone."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Annotated, Final

import typer
from pages import publish, table

from cancel_contract.clauses import Clause, Terms
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Evidence
from cancel_contract.fragment.document import load
from cancel_contract.ledger.ledger import Judgement, Ledger
from cancel_contract.ledger.steps import OF_A_RUN
from cancel_contract.provider import FAULTS, Provider
from cancel_contract.run.assembly import opened
from cancel_contract.run.embedded import embedded
from cancel_contract.run.profiles import Profile, scenarios
from cancel_contract.run.rehearsal import Rehearsed, rehearsed
from cancel_contract.run.run import FINISH
from cancel_contract.target.settings import Settings
from cancel_contract.tools.prove.trials import LIMITS, PATIENCE

_READS: Final = frozenset({Intent.READ, Intent.LIST, Intent.CALENDAR, Intent.RECOGNISE})
BY_NAME: Final = {fault.name: fault for fault in FAULTS}


@dataclass(slots=True)
class _Watching(Ledger):
    """A ledger that notes which requests have shown a breach of one clause."""

    wanted: str = ""
    shown: list[frozenset[int]] = field(default_factory=list)

    def judge(
        self, evidence: Evidence, *, terms: Terms | None = None, clauses: Sequence[Clause] | None = None
    ) -> Judgement:
        found = Ledger.judge(self, evidence, terms=terms, clauses=clauses)
        if self.wanted in found.breaches:
            self.shown.append(_sent_for(evidence))
        return found


def _sent_for(evidence: Evidence) -> frozenset[int]:
    """The numbers of the cancels and changes of a piece of evidence; none where it spans a run: any part would do."""
    if not isinstance(evidence, Episode):
        return frozenset({evidence.number})
    sent = (one for _, one in evidence.steps if one.case.intent not in _READS)
    return frozenset(() if evidence.kind in OF_A_RUN else (one.number for one in sent))


def found_by(name: str) -> list[frozenset[str]]:
    """Play a gate against a provider with a fault, nothing twice; return the keys of each piece of evidence of it."""
    fault = BY_NAME[name]
    limits = {**LIMITS, "time_limit": PATIENCE} if fault.clause == "answer/time-limit" else LIMITS
    provider, names = Provider([fault]), dict[int, str]()
    with embedded(Settings.model_validate(limits), provider) as target, opened(target) as run:
        ledger = _Watching(run.ledger.terms, wanted=fault.clause)
        run.ledger = run.context.ledger = ledger
        run.closes = lambda _: False
        for scenario in scenarios(Profile.GATE, load()):
            run.play(scenario)
        run.finish()
        for one in run.exchanges:
            scenario_name, mark, key = one.case.key.rpartition("#")
            names[one.number] = f"{scenario_name or FINISH}{mark or '#'}{key}"
    return [frozenset(names[number] for number in numbers) for numbers in ledger.shown]


def _alone(evidence: Sequence[frozenset[str]]) -> frozenset[str]:
    """What every piece of evidence has: without it the fault is not found."""
    return frozenset.intersection(*evidence) if evidence else frozenset()


def _scenarios_of(evidence: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    return [frozenset(key.partition("#")[0] for key in keys) for keys in evidence]


def _lines(plain: Sequence[Rehearsed], found: Mapping[str, Sequence[frozenset[str]]]) -> Iterator[str]:
    by_scenario, by_case = defaultdict[str, list[str]](list), Counter[str]()
    for name, evidence in found.items():
        for scenario in _alone(_scenarios_of(evidence)):
            by_scenario[scenario].append(name)
        by_case.update(_alone(evidence))
    requests = Counter(one.scenario for one in plain)
    rows = (
        (scenario, number, len(by_scenario[scenario]), ", ".join(by_scenario[scenario][:3]))
        for scenario, number in sorted(requests.items(), key=lambda it: (len(by_scenario[it[0]]) / it[1], it[0]))
        # What scenarios have created is no request of the end.
        if scenario != FINISH
    )
    yield from table(("scenario", "requests", "faults that it alone finds", "such as"), rows)
    yield ""
    cancels = [one.exchange.case.key for one in plain if one.exchange.case.is_under_test]
    idle = [key for key in dict.fromkeys(cancels) if not by_case[key]]
    needed = len(cancels) - len(idle)
    yield f"{needed} of {len(cancels)} requests to the endpoint are the only ones that find a fault. The others:"
    yield ""
    yield from (f"- {key}" for key in idle)


def main(jobs: Annotated[int, typer.Option(help="faults tried at the same time", min=1)] = 2) -> None:
    """Try every fault of the catalogue, and write which requests each needs."""
    plain = rehearsed(scenarios(Profile.GATE, load()), Settings.model_validate({}))
    with ProcessPoolExecutor(jobs) as pool:
        found = dict(zip(BY_NAME, pool.map(found_by, BY_NAME), strict=True))
    lost = [name for name, evidence in found.items() if not evidence]
    headline = f"{len(plain)} requests find {len(found) - len(lost)} of {len(found)} faults"
    publish("request_costs", "What requests are good for", headline, _lines(plain, found))
    raise typer.Exit(bool(lost))


if __name__ == "__main__":
    typer.run(main)
