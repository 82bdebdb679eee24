"""Which files are written, and what prevents that."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from cancel_contract.report import reports
from cancel_contract.report.model import RunReport
from cancel_contract.run.session import Contract, Reports
from tests.unit.conftest import TOKEN

Made = Callable[..., Contract]


@pytest.fixture(autouse=True)
def _no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the job that the tests themselves may run in."""
    monkeypatch.delenv(reports.STEP_SUMMARY, raising=False)


def test_what_is_asked_for_is_written(make_contract: Made, tmp_path: Path) -> None:
    """Each report goes to its file; a folder that is not there is made."""
    asked = Reports(tmp_path / "a/report.json", tmp_path / "b/report.html", tmp_path / "report.har")

    reports.write(make_contract(reports=asked), 1)

    assert RunReport.model_validate_json((tmp_path / "a/report.json").read_bytes()).conclusion.exit == 1
    assert (tmp_path / "b/report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert json.loads((tmp_path / "report.har").read_bytes())["log"]["entries"] == []


def test_what_is_not_asked_for_is_not_written(make_contract: Made, tmp_path: Path) -> None:
    """Without an option nothing is written; with one, that report alone."""
    reports.write(make_contract(), 1)
    assert [*tmp_path.iterdir()] == []

    reports.write(make_contract(reports=Reports(html=tmp_path / "report.html")), 1)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_run_that_never_began_writes_nothing(make_contract: Made, tmp_path: Path) -> None:
    """Where no item was played there is nothing to report."""
    contract = make_contract(reports=Reports(json=tmp_path / "report.json"))
    contract.ledger = None

    reports.write(contract, 5)

    assert [*tmp_path.iterdir()] == []


def test_a_jobs_summary_is_added_to(make_contract: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What other steps have written to the job's summary stays."""
    job = tmp_path / "summary.md"
    job.write_text("# Earlier\n", encoding="utf-8")
    monkeypatch.setenv(reports.STEP_SUMMARY, str(job))

    reports.write(make_contract(), 1)

    text = job.read_text(encoding="utf-8")
    assert text.startswith("# Earlier\n## Cancel contract: gate closed\n")


def test_a_secret_that_came_this_far_goes_no_farther(
    make_contract: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token in whatever a report holds is replaced by its name when the report is written."""
    job = tmp_path / "summary.md"
    monkeypatch.setenv(reports.STEP_SUMMARY, str(job))
    asked = Reports(tmp_path / "r.json", tmp_path / "r.html", tmp_path / "r.har")
    contract = make_contract(reports=asked)
    assert contract.ledger is not None
    contract.ledger.suite_failures.append(f"KeyError: {TOKEN}")

    reports.write(contract, 1)

    for path in (job, asked.json, asked.html):
        assert path is not None
        text = path.read_text(encoding="utf-8")
        assert TOKEN not in text
        assert "ONELINK" in text
        assert "KeyError: $ONELINK_API_TOKEN" in text.replace("\\", "")


def test_a_file_that_cannot_be_written_is_a_wrong_option(tmp_path: Path) -> None:
    """A folder in the file's place, a file in a folder's place: all are reported before anything is sent."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    asked = Reports(tmp_path, tmp_path / "file/report.html", tmp_path / "new/folder/report.har")

    assert [*reports.problems(asked)] == [
        f"--contract-json {tmp_path} cannot be written: name a file in a folder that can be",
        f"--contract-html {tmp_path / 'file/report.html'} cannot be written: name a file in a folder that can be",
    ]


def test_what_turns_out_not_to_be_writable_is_told(
    make_contract: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every other report is written; the one that is not is named, with the reason."""
    monkeypatch.setenv(reports.STEP_SUMMARY, str(tmp_path))
    (tmp_path / "file").write_text("", encoding="utf-8")
    lost, kept = tmp_path / "file/report.json", tmp_path / "report.html"

    assert reports.write(make_contract(reports=Reports(json=lost, html=kept)), 0) == (
        f"report {lost} could not be written: File exists",
        f"report {tmp_path} could not be written: Is a directory",
    )
    assert kept.exists()


def test_good_places_are_no_problem(tmp_path: Path) -> None:
    """A file in a folder of one's own, one that is there already, and none at all are fine."""
    old = tmp_path / "old.json"
    old.write_text("", encoding="utf-8")

    assert [*reports.problems(Reports(old, None, Path("report.har")))] == []
    assert not any(asdict(Reports()).values())
