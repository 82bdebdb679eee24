"""Pointers into the fragment are shown as file and line."""

from pathlib import Path

import pytest

from cancel_contract.clauses import CATALOGUE
from cancel_contract.fragment.document import load
from cancel_contract.fragment.lines import line_of

TEXT = "a:\n  b:\n    - x\n    - c: 1\n      d: 2\n  e:\n    $ref: '#/a/b'\n"


@pytest.mark.parametrize(
    ("pointer", "line"),
    [("", 1), ("/a", 1), ("/a/b", 2), ("/a/b/0", 3), ("/a/b/1/d", 5), ("/a/e/0", 3), ("/a/e/9", 6), ("/z", 1)],
)
def test_a_pointer_leads_to_its_line(tmp_path: Path, pointer: str, line: int) -> None:
    """References are followed; what is not there is shown as the nearest line above."""
    path = tmp_path / "fragment.yaml"
    path.write_text(TEXT, encoding="utf-8")

    assert line_of(path, pointer) == line


def test_every_clause_has_a_line_of_its_promise() -> None:
    """The line that a failure names holds the last step of the clause's pointer."""
    fragment = load()
    lines = fragment.path.read_text(encoding="utf-8").splitlines()
    for clause in CATALOGUE:
        if not clause.pointer.startswith("/"):
            assert fragment.place(clause.pointer) == clause.pointer
            continue
        file, _, number = fragment.place(clause.pointer).rpartition(":")
        step = clause.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        assert file == f"openapi/{fragment.path.name}"
        assert step in lines[int(number) - 1] or step.isdecimal(), clause.id
