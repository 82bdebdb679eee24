"""`diff`: whom a change of the contract breaks."""

import copy
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contracts.cli import app
from contracts.difference import differences
from contracts.fragment import load

RELEASED = Path(__file__).resolve().parents[3] / "openapi" / "released" / "cancel-appointment.yaml"
POST = "/paths/~1api~1v1~1accounts~1{account_id}~1scheduling~1appointments~1{id}~1cancel/post"
PATH = "/api/v1/accounts/{account_id}/scheduling/appointments/{id}/cancel"
SCHEMAS = "/components/schemas"

Change = Callable[[Any], object]
ONE_SIDE = {"breaks consumers", "breaks providers"}


def changed(change: Change) -> Any:  # noqa: ANN401  YAML's boundary
    """The fragment with one change."""
    document = copy.deepcopy(dict(load().document))
    change(document)
    return document


def operation(document: Any) -> Any:  # noqa: ANN401  YAML's boundary
    """The operation of a fragment."""
    return document["paths"][PATH]["post"]


def schema(document: Any, name: str) -> Any:  # noqa: ANN401  YAML's boundary
    """A schema of a fragment."""
    return document["components"]["schemas"][name]


ROWS: tuple[tuple[Change, str, str, str], ...] = (
    (lambda it: schema(it, "Status")["enum"].append("late"), "breaks consumers", f"{SCHEMAS}/Status/enum",
     'status of payload of the 200 answer may be "late"'),
    (lambda it: schema(it, "Status")["enum"].remove("no_show"), "breaks providers", f"{SCHEMAS}/Status/enum",
     'status of payload of the 200 answer may not be "no_show" any more'),
    (lambda it: schema(it, "Appointment")["required"].remove("expense"), "breaks consumers",
     f"{SCHEMAS}/Appointment/required", "expense of payload of the 200 answer may be missing"),
    (lambda it: schema(it, "Appointment")["required"].append("owner_id"), "breaks providers",
     f"{SCHEMAS}/Appointment/required", "owner_id of payload of the 200 answer is always there"),
    (lambda it: schema(it, "Appointment")["properties"].update(owner_id={"type": "integer"}), "harmless",
     f"{SCHEMAS}/Appointment/properties/owner_id",
     "owner_id of payload of the 200 answer is named for the first time, and may be missing"),
    (lambda it: schema(it, "Appointment")["properties"].pop("expense"), "breaks consumers",
     f"{SCHEMAS}/Appointment/properties/expense", "expense of payload of the 200 answer is not promised any more"),
    (lambda it: schema(it, "Minutes").update(maximum=1440), "breaks consumers", f"{SCHEMAS}/Minutes/maximum",
     "duration_min of payload of the 200 answer has maximum 1440, not 720"),
    (lambda it: schema(it, "Minutes").update(minimum=10), "breaks providers", f"{SCHEMAS}/Minutes/minimum",
     "duration_min of payload of the 200 answer has minimum 10, not 5"),
    (lambda it: schema(it, "NullableDay").pop("pattern"), "breaks consumers", f"{SCHEMAS}/NullableDay/pattern",
     "client_birth_date of payload of the 200 answer has pattern none, not ^(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    (lambda it: schema(it, "AppointmentType").update(type=["string", "null"]), "breaks consumers",
     f"{SCHEMAS}/AppointmentType/type", "appointment_type of payload of the 200 answer is null or string, not string"),
    (lambda it: schema(it, "Expense").update(type="object"), "breaks providers", f"{SCHEMAS}/Expense/type",
     "expense of payload of the 200 answer is object, not null or object"),
    (lambda it: schema(it, "Minutes").update(type="string"), "breaks both", f"{SCHEMAS}/Minutes/type",
     "duration_min of payload of the 200 answer is string, not integer"),
    (lambda it: schema(it, "Minutes").update(dependentSchemas={}), "breaks both", f"{SCHEMAS}/Minutes/dependentSchemas",
     "duration_min of payload of the 200 answer has another dependentSchemas"),
    (lambda it: schema(it, "Envelope").update(additionalProperties=False), "breaks providers",
     f"{SCHEMAS}/Envelope/additionalProperties", "the 200 answer has additionalProperties false, not true"),
    (lambda it: schema(it, "Status").update(description="Else."), "harmless", f"{SCHEMAS}/Status",
     "status of payload of the 200 answer is described in other words"),
    (lambda it: operation(it)["responses"].pop("409"), "breaks providers", f"{POST}/responses/409",
     "409 is not a legal answer any more"),
    (lambda it: operation(it)["responses"].update({"202": {"description": "x"}}), "breaks consumers",
     f"{POST}/responses/202", "202 is a legal answer"),
    (lambda it: operation(it)["responses"].update({"410": {"description": "x"}}), "harmless",
     f"{POST}/responses/410", "410 is a legal answer, which a client takes for 400"),
    (lambda it: it["components"]["responses"]["Throttled"]["content"].pop("text/plain"), "breaks providers",
     "/components/responses/Throttled/content/text~1plain", "the 429 answer is not written as text/plain any more"),
    (lambda it: it["components"]["responses"]["Cancelled"]["content"].update({"text/html": {}}), "breaks consumers",
     "/components/responses/Cancelled/content/text~1html", "the 200 answer may be written as text/html"),
    (lambda it: it["components"]["headers"]["RetryAfter"].update(required=True), "breaks providers",
     "/components/responses/Throttled/headers/Retry-After", "Retry-After of the 429 answer is always there"),
    (lambda it: operation(it).update(requestBody={"required": True, "content": {}}), "breaks consumers",
     f"{POST}/requestBody", "a body is read, which was ignored"),
    (lambda it: operation(it)["parameters"].append(
        {"name": "reason", "in": "query", "required": True, "schema": {}}), "breaks consumers",
     f"{POST}/parameters/2", "reason in the query has to be sent"),
    (lambda it: operation(it)["parameters"].append({"name": "reason", "in": "query", "schema": {}}),
     "breaks providers", f"{POST}/parameters/2", "reason in the query may be sent, and is read"),
    (lambda it: it["components"]["securitySchemes"]["apiAccessToken"].update(name="X-Token"), "breaks both",
     "/components/securitySchemes/apiAccessToken", "the credential apiAccessToken is shown in another way"),
    (lambda it: operation(it).update(security=[]), "breaks providers", f"{POST}/security",
     "the operation asks for another credential"),
    (lambda it: operation(it).update(operationId="cancel"), "breaks consumers", f"{POST}/operationId",
     "the operation is named cancel, not cancelAppointment: generated clients name their method by it"),
    (lambda it: operation(it).update(deprecated=True), "harmless", f"{POST}/deprecated",
     "the operation is deprecated: it still works"),
    (lambda it: it["servers"].append({"url": "https://x.example"}), "harmless", "/servers",
     "the server https://x.example is named for the first time"),
)  # fmt: skip


@pytest.mark.parametrize(("change", "breaks", "pointer", "sentence"), ROWS, ids=[row[3][:60] for row in ROWS])
def test_one_change(change: Change, breaks: str, pointer: str, sentence: str) -> None:
    """One change is told once, with whom it breaks, where it stands, and what it is."""
    found = differences(load().document, changed(change))

    assert [(one.breaks, one.pointer, one.sentence) for one in found] == [(breaks, pointer, sentence)]


@pytest.mark.parametrize("row", [row for row in ROWS if row[1] in ONE_SIDE], ids=lambda row: row[3][:60])
def test_undoing_breaks_the_other_side(row: tuple[Change, str, str, str]) -> None:
    """What breaks one side when it is done breaks the other, if any, when it is undone."""
    found = differences(changed(row[0]), load().document)

    # A name that clients are generated from breaks them both ways.
    assert row[1] not in {one.breaks for one in found if not one.pointer.endswith("/operationId")}


def test_a_shared_shape_breaks_on_both_ways() -> None:
    """An id stands in the path and in the answer: a wider one surprises readers, and has to be taken."""
    found = differences(load().document, changed(lambda it: schema(it, "Id").pop("maximum")))

    assert {one.breaks for one in found} == {"breaks consumers", "breaks providers"}
    assert {one.pointer for one in found} == {f"{SCHEMAS}/Id/maximum"}


def test_names_of_path_parameters_do_not_count() -> None:
    """What a path's parameter is called shows in no message."""

    def renamed(document: Any) -> None:  # noqa: ANN401  YAML's boundary
        document["paths"] = {PATH.replace("{id}", "{number}"): document["paths"][PATH]}
        document["components"]["parameters"]["AppointmentId"]["name"] = "number"

    assert differences(load().document, changed(renamed)) == ()


def test_what_the_operation_does_not_reach_is_no_change() -> None:
    """Schemas that nothing of the operation refers to may change as they like."""
    assert differences(load().document, changed(lambda it: schema(it, "Status").update({"x-note": 1}))) != ()
    assert differences(load().document, changed(lambda it: it["components"]["schemas"].update(Other={}))) == ()


def diff(*arguments: object) -> Any:  # noqa: ANN401  a result of click's
    """Run the command."""
    return CliRunner().invoke(app, ["diff", *map(str, arguments)])


def test_our_own_fragment_breaks_nobody() -> None:
    """What is promised today keeps what was released: this is the check of our own pipeline."""
    done = diff(RELEASED, load().path)

    assert done.exit_code == 0, done.output


def test_a_break_ends_with_1(tmp_path: Path) -> None:
    """A break is printed with its pointer and a sentence, and ends with 1; harmless changes end with 0."""
    broken, harmless = tmp_path / "broken.yaml", tmp_path / "harmless.yaml"
    broken.write_text(json.dumps(changed(ROWS[0][0])))
    harmless.write_text(json.dumps(changed(ROWS[4][0])))

    done = diff(load().path, broken)
    fine = diff(load().path, harmless)

    assert done.exit_code == 1
    assert done.output == (
        f"breaks consumers  {SCHEMAS}/Status/enum\n"
        '                  status of payload of the 200 answer may be "late"\n'
        "1 breaks consumers\n"
    )
    assert (fine.exit_code, fine.output.splitlines()[-1]) == (0, "1 harmless")
    assert diff(load().path, harmless, "--breaks").output == "1 harmless\n"
    assert diff(load().path, load().path).output == "no difference\n"


def test_git_revisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`REV:` is the fragment of a revision, `REV:PATH` another file of it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi").mkdir()
    text = load().path.read_text("utf-8")
    (tmp_path / "openapi" / "cancel-appointment.yaml").write_text(text.replace("no_show]", "no_show, late]"), "utf-8")
    (tmp_path / "old.yaml").write_text(text, "utf-8")
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", *command], check=True)  # noqa: S603, S607  git of the path

    assert diff("HEAD:old.yaml", "HEAD:").exit_code == 1
    assert diff("HEAD:old.yaml", "old.yaml").exit_code == 0
    assert "begins with a dash, which git takes for an option" in diff("--", "--output=x:", "old.yaml").output
    assert "NONE:old.yaml is no file, and git does not know it" in diff("NONE:old.yaml", "old.yaml").output


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("openapi: [", "is no YAML in line 1: correct it, or name another"),
        ("swagger: '2.0'", "has OpenAPI version missing, not 3: name an OpenAPI file"),
        ("openapi: 3.1.0", "the old document has 0 operations, none a POST that cancels: name another"),
    ],
)
def test_what_cannot_be_compared(text: str, fact: str, tmp_path: Path) -> None:
    """A text that is no OpenAPI, or has no such operation, ends with 4."""
    path = tmp_path / "x.yaml"
    path.write_text(text)

    done = diff(path, load().path)

    assert done.exit_code == 4
    assert fact in done.output
    assert diff(tmp_path / "none.yaml", load().path).output == (
        f"{tmp_path / 'none.yaml'} cannot be read (No such file or directory): name a file, or a git revision as REV:\n"
    )


def test_references_that_lead_nowhere(tmp_path: Path) -> None:
    """A reference that leads nowhere, or out of the file, is told with its place."""
    path = tmp_path / "x.yaml"
    path.write_text(
        json.dumps(changed(lambda it: schema(it, "Envelope")["properties"].update(payload={"$ref": "#/x"})))
    )

    done = diff(load().path, path)

    assert (done.exit_code, done.output) == (4, "nothing stands at '/x': correct the reference\n")
