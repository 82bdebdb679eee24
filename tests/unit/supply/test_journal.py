"""The journal on disk, what an earlier run left in it, and run markers."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from cancel_contract.errors import Unprepared
from cancel_contract.exchange.marker import Marker, new_run
from cancel_contract.supply.journal import (
    Journal,
    Remembered,
    remembered,
    unreadable,
)
from tests.unit.conftest import NOW, Still

if TYPE_CHECKING:
    from pathlib import Path

HERE = "https://a.test"


def test_events_are_on_disk_at_once(tmp_path: Path) -> None:
    """Each event is a line of its file as soon as it is noted, with the target that it is about."""
    journal = Journal("0000000a", HERE, 1, tmp_path / "new")
    marker = str(journal.marker())
    lines = (tmp_path / "new" / "journal-0000000a.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [{"event": "asked", "origin": HERE, "account": 1, "marker": marker}]

    journal.made(marker, 12)
    journal.ended(12)

    assert [json.loads(line) for line in (journal.path or tmp_path).read_text().splitlines()][1:] == [
        {"event": "made", "origin": HERE, "account": 1, "marker": marker, "appointment": 12},
        {"event": "cancelled", "origin": HERE, "account": 1, "appointment": 12},
    ]


def test_marks_are_all_different(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each marker names the run, the time and a number of its own."""
    monkeypatch.setattr("cancel_contract.supply.journal.datetime", Still)
    journal = Journal("0000000a", HERE, 1, tmp_path)
    first, second = journal.marker(), journal.marker()

    assert first
    assert second
    assert (first.run, first.number, second.number) == ("0000000a", 1, 2)
    assert first.age(NOW) == timedelta(0)
    assert len({new_run(), new_run(), "0000000a"}) == 3


def test_without_a_folder_nothing_is_written(elsewhere: Path) -> None:
    """The embedded provider forgets by itself: its runs leave no file."""
    journal = Journal("0000000a", HERE, 1, None)
    journal.made(str(journal.marker()), 12)

    assert list(elsewhere.iterdir()) == []


def test_a_journal_that_cannot_be_written_stops_the_making(tmp_path: Path) -> None:
    """Without a writable journal no appointment is created."""
    (tmp_path / "file").write_text("")
    journal = Journal("0000000a", HERE, 1, tmp_path / "file")

    with pytest.raises(Unprepared) as caught:
        journal.marker()

    assert str(caught.value) == (
        f"the journal {journal.path} cannot be written (File exists), and without it nothing is made: "
        "start the run in a folder that can be written to"
    )


def test_a_journal_that_fails_later_stops_nothing(tmp_path: Path) -> None:
    """Once a marker is on disk, what follows it may be lost: a sweep finds the appointment by its marker."""
    journal = Journal("0000000a", HERE, 1, tmp_path / "folder")
    marker = str(journal.marker())
    (tmp_path / "folder" / "journal-0000000a.jsonl").rename(tmp_path / "kept")
    (tmp_path / "folder").rmdir()
    (tmp_path / "folder").write_text("")

    journal.made(marker, 12)
    journal.ended(12)

    assert (tmp_path / "kept").read_text().count("\n") == 1
    with pytest.raises(Unprepared):
        journal.marker()


def test_a_journal_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    """One that is no file is reported with its name; the others are read."""
    journal = Journal("0000000b", HERE, 1, tmp_path)
    journal.made(str(journal.marker()), 12)
    (tmp_path / "journal-0000000a.jsonl").mkdir()

    assert [found.appointment for found in remembered(tmp_path, HERE, 1)] == [12]
    path = tmp_path / "journal-0000000a.jsonl"
    assert list(unreadable(tmp_path)) == [(path, "it cannot be read (Is a directory)")]


def test_what_still_stands_is_remembered(tmp_path: Path) -> None:
    """Made and not cancelled, at this target and in this account: that is remembered, once."""
    journal, there = Journal("0000000a", HERE, 1, tmp_path), Journal("0000000b", "https://b.test", 1, tmp_path)
    other, marker = Journal("0000000c", HERE, 2, tmp_path), str(journal.marker())
    for number in (12, 13, 12):
        journal.made(marker, number)
    journal.ended(13)
    there.made(str(there.marker()), 14)
    other.made(str(other.marker()), 15)

    assert remembered(tmp_path, HERE, 1) == (Remembered(12, Marker(*_parts(marker))),)
    assert remembered(tmp_path / "none", HERE, 1) == ()


def _parts(marker: str) -> tuple[str, int, int]:
    run, time, number = marker.removeprefix("cancel-contract-").split("-")
    return run, int(time), int(number)


def test_odd_lines_are_passed_over(tmp_path: Path) -> None:
    """A line that was cut off, or that is none of ours, hides no other."""
    journal = Journal("0000000a", HERE, 1, tmp_path)
    marker = str(journal.marker())
    path = journal.path or tmp_path
    odd = [
        {"appointment": True, "marker": marker},
        {"appointment": -1, "marker": marker},
        {"appointment": 7, "marker": "x"},
    ]
    lines = [json.dumps({"event": "made", "origin": HERE, "account": 1, **facts}) for facts in odd]
    path.write_bytes(
        path.read_bytes() + "\n".join(["[" * 9000, "[]", '{"event": "ma', *lines, ""]).encode() + b"\xff\n"
    )
    journal.made(marker, 12)

    assert [found.appointment for found in remembered(tmp_path, HERE, 1)] == [12]


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        "",
        "cancel-contract",
        "cancel-contract-assigned",
        "cancel-contract-a-1-1",
        "x-cancel-contract-a-1790000000-1",
        "cancel-contract-a-1790000000-1 ",
        "cancel-contract-A-1790000000-1",
        "cancel-contract-a-1790000000-",
    ],
)
def test_what_is_no_mark(text: object) -> None:
    """What is not in the form of a marker to the letter is none."""
    assert Marker.read(text) is None


def test_a_mark_is_read_as_it_was_written() -> None:
    """A marker stays the same through its text."""
    marker = Marker("0000000a", 1790000000, 7)

    assert str(marker) == "cancel-contract-0000000a-1790000000-7"
    assert Marker.read(str(marker)) == marker


def test_what_was_revived_is_active_again(tmp_path: Path) -> None:
    """An appointment that is named once more after its cancel is looked for by a sweep."""
    journal = Journal("0000000a", HERE, 1, tmp_path)
    marker = str(journal.marker())
    journal.made(marker, 12)
    journal.ended(12)
    assert remembered(tmp_path, HERE, 1) == ()

    journal.made(marker, 12)

    assert [one.appointment for one in remembered(tmp_path, HERE, 1)] == [12]
