"""Reads the file of known deviations, and applies it to verdicts.

Each entry names a clause or a difference, a reason, an owner and a date on which it expires; it is shown, and does not
close the gate. An expired entry, or one whose clause holds again, closes the gate, so that the file stays true. With
`untested: true` an entry waives a clause that stays untested.
"""

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from cancel_contract.clauses import BY_ID, Level
from cancel_contract.clauses.clause import FIELDS
from cancel_contract.errors import Misconfigured
from cancel_contract.exchange.compare import OBSERVED
from cancel_contract.fragment.document import load
from cancel_contract.fragment.yaml_loader import parsed
from cancel_contract.ledger.deviation import Deviation, Judged, Standing
from cancel_contract.ledger.row import Row, Verdict

GENERATIONS: Final = "contracts/cancel_contract/ledger/generations/"
"""The folder of the ready files, in a checkout."""
_LOOK_AT_ALL: Final = ("effect/read-back", "effect/undocumented-kept", "answer/documented-fields")
"""Clauses that look at every field, in the order in which they tell of a difference that was not seen."""
_EMPTY: Final[Mapping[str, Deviation]] = {}


def read(path: Path | None) -> Mapping[str, Deviation]:
    """Return a file's entries by the clause or field that they name; raises Misconfigured with every problem."""
    if path is None:
        return _EMPTY
    try:
        data = parsed(path.read_text(encoding="utf-8"))
    except OSError as error:
        told = f"--deviations {path} cannot be read: {error.strerror}"
        raise Misconfigured((f"{told}; name a file such as those in {GENERATIONS}",)) from None
    except UnicodeDecodeError:
        raise Misconfigured((f"--deviations {path} is no UTF-8 text: save it as such",)) from None
    # A date that does not exist is a ValueError.
    except (yaml.YAMLError, ValueError) as error:
        raise Misconfigured((f"--deviations {path} is no YAML: {_yaml_error(error)}",)) from None
    entries = data.get("deviations") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise Misconfigured(
            (f"--deviations {path} has no list named deviations: its entries have clause, reason, owner and until",)
        )
    return _checked(path, entries)


def _yaml_error(error: Exception) -> str:
    """Return a YAML error in one line."""
    if isinstance(error, yaml.MarkedYAMLError) and (mark := error.problem_mark):
        facts = ", ".join(filter(None, (error.context, error.problem)))
        return f"{facts} (line {mark.line + 1}, column {mark.column + 1})"
    return " ".join(str(error).split())


def _checked(path: Path, entries: Sequence[Any]) -> Mapping[str, Deviation]:
    problems: list[str] = []
    known: dict[str, Deviation] = {}
    for number, entry in enumerate(entries, start=1):
        try:
            deviation = Deviation.model_validate(entry)
        except ValidationError as error:
            problems.append(f"--deviations {path}, entry {number}: {_facts(entry, error)}")
            continue
        if problem := _misnamed(deviation, known):
            problems.append(f"--deviations {path}, entry {number}: {problem}")
        known[deviation.name] = deviation
    if problems:
        raise Misconfigured(tuple(problems))
    return known


def _misnamed(entry: Deviation, others: Collection[str]) -> str:
    """Return what is wrong with the name of an entry; empty where it is right."""
    names, kind = (BY_ID, "clause") if entry.clause else (_fields(), "field of an appointment")
    if entry.name not in names:
        near = difflib.get_close_matches(entry.name, names, n=1, cutoff=0)[0]
        return f"{entry.name} is no {kind}: the nearest one is {near}"
    return f"{entry.name} is named twice" if entry.name in others else ""


def _fields() -> tuple[str, ...]:
    return (*load().documented_fields, *OBSERVED)


def _facts(entry: Any, error: ValidationError) -> str:  # noqa: ANN401  YAML's boundary
    if not isinstance(entry, dict):
        return "not a mapping with clause, reason, owner and until"
    return "; ".join(": ".join((*map(str, item["loc"]), _plain(item["msg"]))) for item in error.errors())


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


def judged(rows: Sequence[Row], entries: Mapping[str, Deviation], today: date) -> Iterator[tuple[str, Judged]]:
    """Return the state of each entry whose clause was judged, by clause: its own entry, or the one of its cause."""
    for row in rows:
        entry = entries.get(row.clause.id)
        if entry and (standing := _became(row, entry, today)):
            yield row.clause.id, Judged.of(entry, standing)
        elif entry is None and (cause := _of_cause(row, entries, today)):
            yield row.clause.id, cause


def _of_cause(row: Row, entries: Mapping[str, Deviation], today: date) -> Judged | None:
    """Return the entry that covers all by which a clause is broken; of several one that has expired."""
    if row.verdict is not Verdict.BROKEN or row.breach is None:
        return None
    covering = [entries.get(field) for field in row.breach.fields]
    named = [entry for entry in covering if entry]
    if not named or len(named) < len(covering):
        return None
    if expired := [entry for entry in named if today > entry.until]:
        return Judged.of(expired[0], Standing.EXPIRED)
    return Judged.of(named[0], Standing.KNOWN) if row.breach.is_known else None


def lasting(entries: Mapping[str, Deviation], today: date) -> frozenset[str]:
    """Return the fields that are known to deviate today."""
    return frozenset(entry.difference for entry in entries.values() if entry.difference and today <= entry.until)


def gone(
    rows: Sequence[Row], entries: Mapping[str, Deviation], differing: Collection[str]
) -> Iterator[tuple[str, Judged]]:
    """Return the entries of differences that a whole run did not see, each by a clause that held and looks at it."""
    held = {row.clause.id: row.clause for row in rows if row.verdict is Verdict.HELD and row.clause.id not in entries}
    for entry in entries.values():
        if entry.difference and entry.difference not in differing:
            own = [one.id for one in held.values() if one.pointer == f"{FIELDS}/{entry.difference}"]
            own.sort(key=lambda name: BY_ID[name].level is not Level.MUST)
            for name in (*own, *(name for name in _LOOK_AT_ALL if name in held))[:1]:
                yield name, Judged.of(entry, Standing.GONE)
                del held[name]


def _became(row: Row, entry: Deviation, today: date) -> Standing | None:
    """Return the state of an entry; nothing if the run cannot know it."""
    expected = Verdict.UNTESTED if entry.untested else Verdict.BROKEN
    if row.verdict is expected:
        return Standing.EXPIRED if today > entry.until else Standing.KNOWN
    if row.verdict is Verdict.HELD or (entry.untested and row.verdict is Verdict.BROKEN):
        return Standing.GONE
    return None
