"""Which deviations files are accepted, what becomes of an entry, and what it does to the verdict."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cancel_contract.clauses import BY_ID
from cancel_contract.errors import Misconfigured
from cancel_contract.ledger import deviations
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.deviation import Deviation, Judged, Standing
from cancel_contract.ledger.row import Row

TODAY = date(2026, 11, 24)
CLAUSE = "repeat/answer"
ENTRY = {"clause": CLAUSE, "reason": "a repeated cancel answers 409", "owner": "back end", "until": "2026-11-24"}


@pytest.fixture
def written(elsewhere: Path) -> Callable[[str], Path]:
    """Write a file of deviations."""

    def write(text: str) -> Path:
        (elsewhere / "known.yaml").write_text(text, encoding="utf-8")
        return Path("known.yaml")

    return write


def _problems(path: Path) -> tuple[str, ...]:
    with pytest.raises(Misconfigured) as caught:
        deviations.read(path)
    return caught.value.problems


def test_without_a_file_nothing_is_known() -> None:
    """Without a file there are no known deviations."""
    assert deviations.read(None) == {}


def test_entries_are_read_by_clause(written: Callable[[str], Path]) -> None:
    """Each entry stands under its clause, with its date as a date."""
    path = written(
        "deviations:\n"
        "  - {clause: repeat/answer, reason: a repeated cancel answers 409, owner: back end, until: 2026-11-24}\n"
        "  - {clause: readonly/refused, reason: none here, owner: qa, until: 2027-01-01, untested: true}\n"
    )

    assert deviations.read(path) == {
        CLAUSE: Deviation.model_validate(ENTRY),
        "readonly/refused": Deviation(
            clause="readonly/refused", reason="none here", owner="qa", until=date(2027, 1, 1), untested=True
        ),
    }


def test_an_empty_list_knows_nothing(written: Callable[[str], Path]) -> None:
    """A target that has no deviation has a file that says so."""
    assert deviations.read(written("deviations: []\n")) == {}


def test_a_file_that_is_not_there_is_told(elsewhere: Path) -> None:
    """The message names the file and the reason."""
    (elsewhere / "folder").mkdir()

    remedy = "name a file such as those in contracts/cancel_contract/ledger/generations/"
    assert _problems(Path("none.yaml")) == (
        f"--deviations none.yaml cannot be read: No such file or directory; {remedy}",
    )
    assert _problems(Path("folder")) == (f"--deviations folder cannot be read: Is a directory; {remedy}",)


def test_a_file_that_is_no_text_is_told(elsewhere: Path) -> None:
    """Bytes that are no UTF-8 are a settings error, and no traceback."""
    (elsewhere / "known.yaml").write_bytes(b"deviations: \xff\xfe")

    assert _problems(Path("known.yaml")) == ("--deviations known.yaml is no UTF-8 text: save it as such",)


def test_a_file_that_is_no_yaml_is_told(written: Callable[[str], Path]) -> None:
    """The parser's place and reason stand in one line of the message."""
    (problem,) = _problems(written("deviations: [\n"))

    assert problem == (
        "--deviations known.yaml is no YAML: while parsing a flow node, expected the node content, but found "
        "'<stream end>' (line 2, column 1)"
    )


def test_a_date_that_no_calendar_has_is_told(written: Callable[[str], Path]) -> None:
    """YAML itself reads dates: the 30th of February is a settings error like any other."""
    path = written("deviations:\n  - {clause: repeat/answer, reason: answers 409, owner: qa, until: 2027-02-30}\n")

    assert _problems(path) == ("--deviations known.yaml is no YAML: day is out of range for month",)


@pytest.mark.parametrize("text", ["", "deviations:\n", "deviations: {a: 1}\n", "[]\n", "entries: []\n", "text\n"])
def test_a_file_without_the_list_is_told(written: Callable[[str], Path], text: str) -> None:
    """Whatever is no mapping with a list named deviations is refused alike."""
    assert _problems(written(text)) == (
        "--deviations known.yaml has no list named deviations: its entries have clause, reason, owner and until",
    )


def test_every_wrong_entry_is_told_at_once(written: Callable[[str], Path]) -> None:
    """Missing and unknown keys, bad dates, unknown and doubled clauses are all in one message, each with its number."""
    path = written(
        "deviations:\n"
        "  - {clause: repeat/answer}\n"
        "  - {clause: repeat/answer, reason: answers 409, owner: qa, until: tomorrow}\n"
        "  - {clause: repeat/answers, reason: answers 409, owner: qa, until: 2027-01-01}\n"
        "  - {clause: repeat/answer, reason: answers 409, owner: qa, until: 2027-01-01}\n"
        "  - {clause: repeat/answer, reason: answers 409, owner: qa, until: 2027-02-01}\n"
        "  - {clause: readonly/refused, reason: '', owner: ' ', until: 2027-01-01, since: 2026-01-01}\n"
        "  - readonly/refused\n"
    )

    assert _problems(path) == (
        "--deviations known.yaml, entry 1: reason: Field required; owner: Field required; until: Field required",
        "--deviations known.yaml, entry 2: until: Input should be a valid date or datetime, input is too short",
        "--deviations known.yaml, entry 3: repeat/answers is no clause: the nearest one is repeat/answer",
        "--deviations known.yaml, entry 5: repeat/answer is named twice",
        (
            "--deviations known.yaml, entry 6: reason: String should have at least 3 characters; "
            "owner: String should have at least 1 character; since: Extra inputs are not permitted"
        ),
        "--deviations known.yaml, entry 7: not a mapping with clause, reason, owner and until",
    )


def _row(found: str) -> Row:
    clause, breach = BY_ID[CLAUSE], Breach("status is 409, not 200", "key", "curl", "409", 1)
    return {
        "held": Row(clause, held=2),
        "broken": Row(clause, held=1, broken=1, breach=breach),
        "untested": Row(clause),
        "aborted": Row(clause, failures=("KeyError in its own code",)),
    }[found]


@pytest.mark.parametrize(
    ("found", "until", "untested", "standing"),
    [
        ("broken", TODAY, False, Standing.KNOWN),
        ("broken", date(2026, 11, 23), False, Standing.EXPIRED),
        ("held", TODAY, False, Standing.GONE),
        ("held", date(2026, 11, 23), False, Standing.GONE),
        ("untested", TODAY, False, None),
        ("aborted", TODAY, False, None),
        ("untested", TODAY, True, Standing.KNOWN),
        ("untested", date(2026, 11, 23), True, Standing.EXPIRED),
        ("held", TODAY, True, Standing.GONE),
        ("broken", TODAY, True, Standing.GONE),
        ("aborted", TODAY, True, None),
    ],
)
def test_what_becomes_of_an_entry(found: str, until: date, *, untested: bool, standing: Standing | None) -> None:
    """An entry is known to the end of its day, then expired; where its clause held, or was tested, it is gone."""
    entry = Deviation(clause=CLAUSE, reason="answers 409", owner="qa", until=until, untested=untested)

    judged = dict(deviations.judged([_row(found)], {CLAUSE: entry}, TODAY))

    assert judged == ({CLAUSE: Judged.of(entry, standing)} if standing else {})


def test_a_clause_without_an_entry_has_no_standing() -> None:
    """Entries of other clauses say nothing of it."""
    entry = Deviation(clause="readonly/refused", reason="none here", owner="qa", until=TODAY)

    assert dict(deviations.judged([_row("broken")], {entry.clause: entry}, TODAY)) == {}


@pytest.mark.parametrize(
    ("standing", "untested", "told"),
    [
        (Standing.KNOWN, False, "known until 2026-11-24"),
        (Standing.EXPIRED, False, "was known until 2026-11-24: mend it, or agree on a new date"),
        (Standing.GONE, False, "holds: take the entry out"),
        (Standing.GONE, True, "is tested now: take the entry out"),
    ],
)
def test_an_entry_is_told_with_reason_and_owner(standing: Standing, told: str, *, untested: bool) -> None:
    """Beside the verdict stand the date, what to do, the reason and the owner."""
    entry = Deviation.model_validate({**ENTRY, "untested": untested})

    assert str(Judged.of(entry, standing)) == f"{told} (a repeated cancel answers 409; back end)"
