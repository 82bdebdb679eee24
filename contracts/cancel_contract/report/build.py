"""Builds the model of a report from a session's run."""

import platform
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final

from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.deviation import Judged
from cancel_contract.ledger.ledger import (
    Ledger,
    Row,
    Verdict,
)
from cancel_contract.ledger.statistics import Statistics
from cancel_contract.redaction.personal_data import discreet_quotes
from cancel_contract.report import model as outcome
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
            url=str(choice.target.url), account=choice.target.account, embedded=choice.target.embedded
        ),
        profile=choice.profile.value,
        seed=choice.seed,
        strict=choice.strict,
        started=contract.started,
        ended=datetime.now(UTC),
        settings={name: _setting(value) for name, value in choice.target.shown.items()},
        conclusion=_conclusion(contract, ledger, status),
        clauses=tuple(_promise(row, contract) for row in contract.rows),
        met=_incidents(contract.statistics),
        observed_schema=_observed_schema(contract.statistics, ledger),
        timings=timings(contract.statistics.timings),
    )


def _versions() -> outcome.Versions:
    libraries = {name: version(name) for name in ("schemathesis", "hypothesis", "pytest", "httpx")}
    return outcome.Versions(suite=version("cancel-contract"), python=platform.python_version(), **libraries)


def _fragment(contract: Contract) -> outcome.Judged:
    fragment = contract.fragment
    title = fragment.document["info"]["title"]
    return outcome.Judged(file=fragment.path.name, digest=fragment.digest, title=title)


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
        statement=clause.statement,
        needs=tuple(variable(name) for name in clause.needs),
        verdict=_word(row.verdict),
        held=row.held,
        broken=row.broken,
        reason=discreet_quotes(row.reason),
        failures=row.failures,
        gate=contract.effect(row).value,
        waived_by=row.waived_by,
        breach=_shown(row.breach, contract.choice) if row.breach else None,
        deviation=_known(contract.deviating.get(clause.id)),
    )


def _shown(breach: Breach, choice: Choice) -> outcome.Shown:
    return outcome.Shown(
        message=breach.message,
        case=breach.key,
        curl=breach.curl,
        answer=breach.answer,
        headers=breach.headers,
        again=choice.again(breach.key),
        safe=breach.is_safe,
        what=breach.what,
        where=breach.where,
        got=breach.got,
        wanted=breach.wanted,
        more=tuple(
            outcome.AlsoDiffers(what=what, where=where, got=got, wanted=wanted)
            for what, where, got, wanted in breach.more
        ),
    )


def _known(judged: Judged | None) -> outcome.Known | None:
    if judged is None:
        return None
    entry = judged.deviation.model_dump(exclude={"clause"})
    return outcome.Known(**entry, standing=judged.standing.value, told=str(judged))


def _incidents(statistics: Statistics) -> outcome.Incidents:
    return outcome.Incidents(
        requests=statistics.requests,
        appointments=statistics.appointments,
        throttled=statistics.throttled,
        lost=statistics.lost,
        left_out=dict(sorted(statistics.left_out.items())),
        left=tuple(sorted(statistics.left)),
        unsure=tuple(sorted(statistics.unsure)),
        changed=tuple(
            outcome.Changed(id=number, setting=setting, became=became)
            for number, setting, became in sorted(statistics.changed)
        ),
        sent_again=statistics.sent_again,
        incidents=tuple(
            outcome.Incident(case=case, status=status, done=done) for case, status, done in statistics.incidents
        ),
    )


def _observed_schema(statistics: Statistics, ledger: Ledger) -> outcome.ObservedSchema:
    return outcome.ObservedSchema(
        unnamed=_counted(statistics.fields),
        nulls=_counted(statistics.nulls),
        values=_by_field(statistics.values),
        errors=tuple(_error(shape, count) for shape, count in sorted(statistics.errors.items())),
        statuses={str(status): count for status, count in sorted(ledger.statuses.items())},
    )


def _counted(counter: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counter.items()))


def _by_field(values: Mapping[str, int]) -> dict[str, dict[str, int]]:
    fields: dict[str, dict[str, int]] = {}
    for pair, count in sorted(values.items()):
        name, _, value = pair.partition("=")
        fields.setdefault(name, {})[value] = count
    return fields


def _error(shape: str, count: int) -> outcome.ErrorShape:
    status, _, keys = shape.partition(": ")
    return outcome.ErrorShape(status=int(status), keys=tuple(filter(None, keys.split(", "))), count=count)
