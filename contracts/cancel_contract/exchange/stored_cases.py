"""Reads and writes the stored generated cases: the gate plays them, and quick while they are current.

Cases drawn anew would differ when a test is renamed, selected alone or run by another worker: hypothesis seeds by the
test and collects constants from whatever code is loaded. A gate has to ask the same each time.
"""

import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from cancel_contract.errors import Misconfigured
from cancel_contract.exchange.generated_cases import Batch, GeneratedCase
from cancel_contract.fragment.document import Fragment

PATH: Final = Path(__file__).with_name("stored_cases.json")
FUZZED: Final = 10
"""Cases that each fuzzing batch of the gate draws."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Every generated case, by batch, with what they were drawn from."""

    fragment: str
    """The fragment's digest."""
    versions: dict[str, str]
    """The versions of what drew them."""
    batches: dict[Batch, tuple[GeneratedCase, ...]]


def write(corpus: Corpus, path: Path = PATH) -> None:
    """Write a corpus to its file, one case a line."""
    batches = {batch.value: [drawn.plain() for drawn in cases] for batch, cases in corpus.batches.items()}
    lines = [f'{{"fragment": "{corpus.fragment}", "versions": {json.dumps(corpus.versions)}, "batches": {{']
    for number, (name, cases) in enumerate(batches.items()):
        rows = ",\n".join("  " + json.dumps(case, ensure_ascii=True) for case in cases)
        lines.append(f'"{name}": [\n{rows}\n]' + ("," if number < len(batches) - 1 else ""))
    path.write_text("\n".join([*lines, "}}"]) + "\n", encoding="utf-8")


def versions() -> dict[str, str]:
    """The installed versions of what draws cases."""
    return {name: version(name) for name in ("schemathesis", "hypothesis")}


def is_current(fragment: Fragment, path: Path = PATH) -> bool:
    """Whether the stored cases are what would be drawn now: from this fragment, by the versions that are installed."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return (data["fragment"], data["versions"]) == (fragment.digest, versions())


def load(fragment: Fragment, path: Path = PATH) -> Corpus:
    """Read the corpus; raises Misconfigured if it was drawn from another fragment."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if data["fragment"] != fragment.digest:
        raise Misconfigured(
            (
                (
                    f"the stored cases were drawn from fragment {data['fragment']}, not {fragment.digest}: "
                    "run `cancel-contract draw` and commit what it writes"
                ),
            )
        )
    batches = {Batch(name): tuple(_read(case) for case in cases) for name, cases in data["batches"].items()}
    return Corpus(data["fragment"], data["versions"], batches)


def _read(case: dict[str, Any]) -> GeneratedCase:
    return GeneratedCase(**{**case, "headers": tuple((name, value) for name, value in case["headers"])})
