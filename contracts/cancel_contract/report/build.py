"""Builds the model of a report from a session's run."""

import platform
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final

from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.observed_schema import ObservedSchema
from cancel_contract.ledger.row import Row, Verdict
from cancel_contract.ledger.statistics import Statistics
from cancel_contract.redaction.personal_data import discreet_quotes
from cancel_contract.report import model as outcome
from cancel_contract.report.conditions import apart, condition
from cancel_contract.report.model import RunReport
from cancel_contract.report.terminal import MEANING, meaning, reasons
from cancel_contract.report.timings import timings
from cancel_contract.run.session import Choice, Contract
from cancel_contract.target.settings import variable

_WORDS: Final[Mapping[Verdict, outcome.Word]] = {
    Verdict.HELD: "HELD",
    Verdict.NOT_APPLICABLE: "NOT APPLICABLE",
    Verdict.UNTESTED: "UNTESTED",
    Verdict.BROKEN: "BROKEN",
    Verdict.ABORTED: "ABORTED",
}
_MEANING: Final[Mapping[int, str]] = {code.value: meaning for code, meaning in MEANING.items()}
_OTHERS: Final = "a test that plays no scenario failed, or the run was cut short"


def gathered(contract: Contract, ledger: Ledger, status: int) -> RunReport:
    """Return the report of a run that has reached its verdict; `status` is the exit code of the process."""
    choice = contract.choice
    return RunReport(
        versions=_versions(),
        fragment=_fragment(contract),
        target=outcome.Server(
            url=str(choice.target.url),
            account=choice.target.account,
            embedded=choice.target.embedded,
            version=choice.settings.target_version,
        ),
        profile=choice.profile.value,
        seed=choice.seed,
        strict=choice.strict,
        started=contract.started,
        ended=datetime.now(UTC),
        settings={name: _setting(value) for name, value in choice.target.shown.items()},
        conclusion=_conclusion(contract, ledger, status),
        clauses=tuple(_promise(row, contract) for row in contract.rows),
        statistics=contract.statistics.in_order(),
        observed_schema=_observed_schema(contract.statistics, ledger),
        timings=timings(contract.statistics.timings),
    )


def _versions() -> outcome.Versions:
    libraries = {name: version(name) for name in ("schemathesis", "hypothesis", "pytest", "httpx")}
    return outcome.Versions(suite=version("cancel-contract"), python=platform.python_version(), **libraries)


def _fragment(contract: Contract) -> outcome.Text:
    fragment = contract.fragment
    title = fragment.document["info"]["title"]
    return outcome.Text(file=fragment.path.name, digest=fragment.digest, title=title)


def _setting(value: Any) -> str | float | tuple[str | int, ...] | None:  # noqa: ANN401  a setting of any type
    if isinstance(value, tuple | list):
        return tuple(one if isinstance(one, int) else str(one) for one in value)
    return value if isinstance(value, int | float | None) else str(value)


def _conclusion(contract: Contract, ledger: Ledger, status: int) -> outcome.Conclusion:
    own = status == contract.code
    counted = Counter(_word(row.verdict) for row in contract.rows)
    return outcome.Conclusion(
        exit=status,
        meaning=meaning(contract) if own else _MEANING.get(status, "no verdict: the run was cut short"),
        reasons=tuple(discreet_quotes(reason) for reason in (reasons(contract, ledger) if own else (_OTHERS,))),
        partial=ledger.partial,
        counts={word: counted[word] for word in _WORDS.values()},
        suite_failures=tuple(ledger.suite_failures),
    )


def _word(verdict: Verdict) -> outcome.Word:
    return _WORDS[verdict]


def _promise(row: Row, contract: Contract) -> outcome.Promise:
    clause = row.clause
    return outcome.Promise(
        id=clause.id,
        family=clause.family,
        level=clause.level.value,
        source=clause.source,
        pointer=clause.pointer,
        place=contract.fragment.place(clause.pointer),
        statement=clause.statement,
        needs=tuple(variable(name) for name in clause.needs),
        verdict=_word(row.verdict),
        held=row.held,
        broken=row.broken,
        condition=condition(row),
        in_common=row.signs.in_common,
        alone=row.signs.alone,
        apart=tuple(apart(row)),
        reason=discreet_quotes(row.reason),
        failures=row.failures,
        gate=contract.effect(row).value,
        waived_by=row.waived_by,
        breach=_with_rerun(row.breach, contract.choice) if row.breach else None,
        deviation=contract.deviating.get(clause.id),
    )


def _with_rerun(breach: Breach, choice: Choice) -> Breach:
    """Return a breach with the command that plays its case again."""
    return replace(breach, size=0, rerun=choice.again(breach.case))


def _observed_schema(statistics: Statistics, ledger: Ledger) -> ObservedSchema:
    statuses = {str(status): count for status, count in ledger.statuses.items()}
    return replace(statistics.observed_schema, statuses=statuses).in_order()
