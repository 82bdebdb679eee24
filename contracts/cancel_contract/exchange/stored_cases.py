"""Reads and writes the gate's generated cases, which are stored in a file.

Cases drawn anew would differ when a test is renamed, selected alone or run by another worker: hypothesis seeds by the
test and collects constants from whatever code is loaded. A gate has to ask the same each time.
"""

import json
from dataclasses import dataclass
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
    """Every generated case of the gate, by batch, with what they were drawn from."""

    fragment: str
    """The fragment's digest."""
    schemathesis: str
    """The version that drew them."""
    batches: dict[Batch, tuple[GeneratedCase, ...]]


def write(corpus: Corpus, path: Path = PATH) -> None:
    """Write a corpus to its file, one case a line."""
    batches = {batch.value: [drawn.plain() for drawn in cases] for batch, cases in corpus.batches.items()}
    lines = [f'{{"fragment": "{corpus.fragment}", "schemathesis": "{corpus.schemathesis}", "batches": {{']
    for number, (name, cases) in enumerate(batches.items()):
        rows = ",\n".join("  " + json.dumps(case, ensure_ascii=True) for case in cases)
        lines.append(f'"{name}": [\n{rows}\n]' + ("," if number < len(batches) - 1 else ""))
    path.write_text("\n".join([*lines, "}}"]) + "\n", encoding="utf-8")


def load(fragment: Fragment, path: Path = PATH) -> Corpus:
    """Read the corpus; raises Misconfigured if it was drawn from another fragment."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if data["fragment"] != fragment.digest:
        raise Misconfigured(
            (
                (
                    f"the gate's cases were drawn from fragment {data['fragment']}, not {fragment.digest}: "
                    "run `cancel-contract draw` and commit what it writes"
                ),
            )
        )
    batches = {Batch(name): tuple(_read(case) for case in cases) for name, cases in data["batches"].items()}
    return Corpus(data["fragment"], data["schemathesis"], batches)


def _read(case: dict[str, Any]) -> GeneratedCase:
    return GeneratedCase(**{**case, "headers": tuple((name, value) for name, value in case["headers"])})
