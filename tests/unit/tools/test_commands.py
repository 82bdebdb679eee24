"""The commands that print."""

import sys

import pytest

from cancel_contract.clauses import CATALOGUE
from cancel_contract.tools.catalogue import table
from cancel_contract.tools.cli import main


def test_the_table_has_a_row_for_each_clause() -> None:
    """The table of clauses has a row for each clause: id, level, source and statement."""
    shown = table(CATALOGUE)

    assert [column.header for column in shown.columns] == ["id", "level", "source", "statement"]
    assert [*shown.columns[0].cells] == [clause.id for clause in CATALOGUE]
    assert [*shown.columns[3].cells] == [clause.statement for clause in CATALOGUE]


@pytest.mark.parametrize("options", [(), ("--markdown",)])
def test_the_catalogue_is_printed_by_its_command(
    options: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`contracts clauses` prints the catalogue, for a terminal or as the page."""
    monkeypatch.setattr(sys, "argv", ["contracts", "clauses", *options])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 0
    printed = capsys.readouterr().out
    assert [clause.id for clause in CATALOGUE if clause.id not in printed] == []
    assert printed.startswith("# The clauses") is bool(options)
