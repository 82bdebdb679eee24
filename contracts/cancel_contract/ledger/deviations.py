"""Reads the file of known deviations, and applies it to verdicts.

Each entry names a clause, a reason, an owner and a date on which it expires; it is shown, and does not close the gate.
An expired entry, or one whose clause holds again, closes the gate, so that the file stays true. With `untested: true`
an entry waives a clause that stays untested.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from cancel_contract.clauses import BY_ID
from cancel_contract.errors import Misconfigured
from cancel_contract.fragment.yaml_loader import parsed
from cancel_contract.ledger.deviation import Deviation, Judged, Standing
from cancel_contract.ledger.ledger import Row, Verdict

GENERATIONS: Final = "contracts/cancel_contract/ledger/generations/"
"""The folder of the ready files, in a checkout."""
_EMPTY: Final[Mapping[str, Deviation]] = {}


def read(path: Path | None) -> Mapping[str, Deviation]:
    """Return the entries of a file by clause; raises Misconfigured with every problem of the file."""
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
        if deviation.clause not in BY_ID:
            near = difflib.get_close_matches(deviation.clause, BY_ID, n=1, cutoff=0)[0]
            fact = f"{deviation.clause} is no clause: the nearest one is {near}"
            problems.append(f"--deviations {path}, entry {number}: {fact}")
        elif deviation.clause in known:
            problems.append(f"--deviations {path}, entry {number}: {deviation.clause} is named twice")
        known[deviation.clause] = deviation
    if problems:
        raise Misconfigured(tuple(problems))
    return known


def _facts(entry: Any, error: ValidationError) -> str:  # noqa: ANN401  YAML's boundary
    if not isinstance(entry, dict):
        return "not a mapping with clause, reason, owner and until"
    return "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())


def judged(rows: Sequence[Row], entries: Mapping[str, Deviation], today: date) -> Iterator[tuple[str, Judged]]:
    """Return the state of each entry whose clause was judged, by clause."""
    for row in rows:
        entry = entries.get(row.clause.id)
        if entry and (standing := _became(row, entry, today)):
            yield row.clause.id, Judged.of(entry, standing)


def _became(row: Row, entry: Deviation, today: date) -> Standing | None:
    """Return the state of an entry; nothing if the run cannot know it."""
    expected = Verdict.UNTESTED if entry.untested else Verdict.BROKEN
    if row.verdict is expected:
        return Standing.EXPIRED if today > entry.until else Standing.KNOWN
    if row.verdict is Verdict.HELD or (entry.untested and row.verdict is Verdict.BROKEN):
        return Standing.GONE
    return None
