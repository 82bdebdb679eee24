"""`drift`: what a target really sends becomes a patch that applies to the fragment and leaves it loadable."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from cancel_contract.fragment.document import load
from cancel_contract.ledger.observed_schema import ErrorShape, ObservedSchema

Entry = dict[str, Any]
Recorded = Callable[..., list[Entry]]
Write = Callable[[list[Entry]], Path]
Run = Callable[..., Any]


def patched(patch: str, tmp_path: Path) -> Any:  # noqa: ANN401  YAML's boundary
    """The fragment with a patch applied."""
    folder = tmp_path / "openapi"
    folder.mkdir()
    path = folder / load().path.name
    path.write_bytes(load().path.read_bytes())
    subprocess.run(["git", "apply", "-"], input=patch.encode(), cwd=tmp_path, check=True)  # noqa: S607  git of the path
    return load(path)


def fields(fragment: Any) -> Any:  # noqa: ANN401  YAML's boundary
    """What a fragment says of an appointment's fields."""
    return fragment.document["components"]["schemas"]["Appointment"]["properties"]


def test_fields_that_are_not_named(recorded: Recorded, har: Write, contracts: Run, tmp_path: Path) -> None:
    """Fields beside the documented ones are proposed with their types; comments of the fragment stay as they are."""
    before = load().path.read_bytes()
    entries = recorded()
    for entry in entries:
        content = entry["response"]["content"]
        content["text"] = content["text"].replace('"source":', '"owner_id":7,"payment_note":null,"source":')

    done = contracts("drift", har(entries))
    found = patched(done.stdout, tmp_path)

    assert done.exit_code == 0
    assert "owner_id is sent, and not named" in done.stderr
    assert fields(found)["owner_id"] == {"type": "integer", "x-source": "observed"}
    assert fields(found)["payment_note"] == {"x-source": "observed"}
    assert "client_comment" not in fields(found)
    assert [line for line in done.stdout.splitlines() if line.startswith("-") and not line.startswith("---")] == []
    assert load().path.read_bytes() == before


def test_what_an_honest_provider_sends_is_not_proposed(recorded: Recorded, har: Write, contracts: Run) -> None:
    """Fields that the reference provider sends beside the documented ones are counted, and change nothing."""
    done = contracts("drift", har(recorded()))

    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        "not proposed: 24 more fields, which the reference provider sends, too",
        "nothing that the fragment does not allow",
    ]


@pytest.mark.parametrize(
    ("status", "text", "content"),
    [
        (201, None, {"application/json": {"schema": {"$ref": "#/components/schemas/Envelope"}}}),
        (204, "", None),
        (302, "<html>", None),
        (418, "<html>", None),
    ],
)
def test_a_status_that_is_not_named(  # noqa: PLR0913, PLR0917  one row of a table each
    status: int, text: str | None, content: object,
    recorded: Recorded, har: Write, contracts: Run, tmp_path: Path,
) -> None:  # fmt: skip
    """A file of answers with another status is reported, and proposed with the body that was seen."""
    entries = [one for one in recorded() if one["request"]["method"] == "POST" and one["response"]["status"] == 200]
    for entry in entries:
        entry["response"]["status"] = status
        if text is not None:
            entry["response"]["content"]["text"] = text

    done = contracts("drift", har(entries))
    found = patched(done.stdout, tmp_path)

    assert f"{status}: was answered {len(entries)} times, and is not named by the fragment" in done.stderr
    (item,) = found.document["paths"].values()
    answer = item["post"]["responses"][str(status)]
    assert (answer["x-source"], answer.get("content")) == ("observed", content)


def test_a_failure_is_said_and_not_proposed(recorded: Recorded, har: Write, contracts: Run) -> None:
    """Nothing may answer 500: the fragment need not change for it."""
    entries = recorded()
    for entry in entries:
        entry["response"]["status"] = 500

    done = contracts("drift", har(entries))

    assert "500: was answered " in done.stderr
    assert (done.exit_code, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("fault", "reason", "field", "schema"),
    [
        ("id-as-text", "id was string, and never is by the fragment", "id",
         {"oneOf": [{"$ref": "#/components/schemas/Id"}, {"type": "string"}], "x-source": "observed"}),
        ("name-as-object", "client_name was object, and never is by the fragment", "client_name",
         {"type": ["string", "object"], "x-source": "documented"}),
    ],
)  # fmt: skip
def test_other_types(  # noqa: PLR0913, PLR0917  one row of a table each
    fault: str, reason: str, field: str, schema: object,
    recorded: Recorded, har: Write, contracts: Run, tmp_path: Path,
) -> None:  # fmt: skip
    """A type that the fragment does not allow is proposed beside the one that it does."""
    done = contracts("drift", har(recorded([fault])))

    assert reason in done.stderr
    assert fields(patched(done.stdout, tmp_path))[field] == schema


def test_missing_fields_words_and_refusals(recorded: Recorded, har: Write, contracts: Run, tmp_path: Path) -> None:
    """Promised fields that are missing, unknown words and other shapes of refusals are proposed together."""
    entries = recorded(["error-as-message"])
    for entry in entries:
        content = entry["response"]["content"]
        content["text"] = content["text"].replace('"primary"', '"telephone"').replace('"client_gender":null,', "")

    done = contracts("drift", har(entries))
    found = patched(done.stdout, tmp_path)

    assert "appointment_type was 'telephone', which its list does not hold" in done.stderr
    assert "client_gender was missing, and is always there by the fragment" in done.stderr
    assert "404: its body was an object of message, statusCode" in done.stderr
    assert "telephone" in found.document["components"]["schemas"]["AppointmentType"]["enum"]
    assert "client_gender" not in found.document["components"]["schemas"]["Appointment"]["required"]
    assert found.answer_errors(404, {"message": "x", "statusCode": 404}) == ()
    assert found.answer_errors(404, {"error": "x"}) == ()


def test_nulls(recorded: Recorded, har: Write, contracts: Run, tmp_path: Path) -> None:
    """A field that was null where the fragment has none becomes one that may be."""
    entries = recorded()
    for entry in entries:
        content = entry["response"]["content"]
        content["text"] = content["text"].replace('"resource_id":11', '"resource_id":null')

    done = contracts("drift", har(entries))

    assert fields(patched(done.stdout, tmp_path))["resource_id"]["$ref"] == "#/components/schemas/NullableId"


def test_a_report(contracts: Run, tmp_path: Path) -> None:
    """The observed schema of a run's report is read too; it knows names, not types."""
    path = tmp_path / "report.json"
    observed_schema = ObservedSchema(
        unnamed={"owner_id": 3},
        nulls={"client_name": 1, "client_phone": 2},
        values={"status": {"late": 2, "cancelled": 9}},
        errors=[
            ErrorShape(status=401, keys=("errors",), count=2),
            ErrorShape(status=409, keys=("error",), count=1),
            ErrorShape(status=418, keys=("why",), count=1),
        ],
        statuses={"200": 9, "401": 2, "409": 1, "418": 1},
    )
    path.write_text(json.dumps({"observed_schema": asdict(observed_schema)}), "utf-8")

    done = contracts("drift", path)
    found = patched(done.stdout, tmp_path)

    assert fields(found)["owner_id"] == {"x-source": "observed"}
    assert fields(found)["client_name"]["type"] == ["string", "null"]
    assert found.answer_errors(418, {"why": 3}) == ()
    assert found.answer_errors(409, {"error": "x"}) == ()
    assert done.stderr.splitlines() == [
        "owner_id is sent, and not named",
        "client_name was null, and never is by the fragment",
        "status was 'late', which its list does not hold",
        "409: its body was an object of error",
        "418: its body was an object of why",
    ]


@pytest.mark.parametrize(
    ("text", "code", "fact"),
    [
        ("{}", 4, "is neither a recording nor a report of a run: it has no log.entries and no observed_schema"),
        ("[1]", 4, "is neither a recording nor a report of a run: it has no log.entries and no observed_schema"),
        ("nonsense", 4, "is no recording: its JSON goes wrong before the first entry"),
        (
            '{"schema_version": 2, "observed_schema": {"unn',
            4,
            "is no recording: its JSON goes wrong before the first entry",
        ),
        ('{"observed_schema": {"unnamed": 3}}', 4, "is a damaged report: observed_schema.unnamed: Input should be"),
        ('{"log": {}}', 4, "is neither a recording nor a report of a run: it has no log.entries"),
        ("", 4, "is no recording: it is empty; save the HAR file anew"),
        ('{"log": {"entries": []}}', 6, "holds no answer to a cancel: record some"),
        ('{"log": {"entries": [{}, {', 4, "breaks off or goes bad after entry 1"),
    ],
)
def test_nothing_to_go_by(text: str, code: int, fact: str, tmp_path: Path, contracts: Run) -> None:
    """A file that is neither a recording nor a report ends with 4, one without answers with 6."""
    path = tmp_path / "x.json"
    path.write_text(text, "utf-8")

    done = contracts("drift", path)

    assert (done.exit_code, done.stdout) == (code, "")
    assert fact in done.stderr


def test_a_file_that_is_not_there(tmp_path: Path, contracts: Run) -> None:
    """Its name and the machine's reason are said."""
    done = contracts("drift", tmp_path / "none.har")

    assert done.exit_code == 4
    assert done.stderr == f"{tmp_path}/none.har cannot be read: No such file or directory; name a HAR file\n"


def test_an_honest_runs_report_proposes_nothing(command: Run, contracts: Run, tmp_path: Path) -> None:
    """A gate's own report of the reference provider is no drift."""
    assert command("-m", "cancel_contract", "gate", "-q", "--contract-json", "report.json").code == 0

    done = contracts("drift", tmp_path / "report.json")

    assert (done.exit_code, done.stdout) == (0, "")
