"""Request ids as people see them: a failure names them, and a target that refuses the header is met without."""

import re
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from cancel_contract.provider import Provider, running
from cancel_contract.tools.cli import app
from tests.proof.conftest import SETTINGS, Done

Run = Callable[..., Done]
REFUSED = "status is 403 with it and 200 without it"


def test_a_failure_says_what_to_look_for_in_the_log(gate: Run) -> None:
    """The id is the one that the server was sent, and the curl does not send it a second time."""
    provider = Provider(["created-201"], ["request-id-replaced"])
    with running(provider) as served:
        done = gate(served.base_url, "--clause", "answer/status-200")

    own, answered = re.findall(
        r"^  log      look in your log for (cancel-contract-[0-9a-z]+-\d+); "
        r"the answer's own request id is (req_[0-9a-f]{32} \(x-request-id\), .*)$",
        done.out,
        re.MULTILINE,
    )[0]
    assert done.code == 1
    assert re.search(r", [0-9a-f]{16}-ALA \(cf-ray\)$", answered)
    assert own not in "".join(line for line in done.out.splitlines() if line.startswith("  request "))


def test_two_workers_leave_a_refused_header_out(shell: Run) -> None:
    """The gate of a right server behind such a firewall is open; the run says once what it left out, and why."""
    with running(Provider(variants=["request-id-refused"])) as served:
        done = shell(served.base_url, "-n", "2")

    told = f"left out: the target refuses the header X-Request-Id: {REFUSED}; look in your log by time and path"
    assert (done.code, done.last) == (0, "exit 0: gate open: every MUST clause held")
    assert done.out.count(told) == 1


@pytest.mark.parametrize(("variant", "told"), [("request-id-refused", True), ("request-id-echoed", False)])
def test_the_doctor_says_that_it_is_refused(variant: str, told: bool) -> None:  # noqa: FBT001
    """It warns, and a gate can reach a verdict all the same; where the header is taken it says nothing."""
    with running(Provider(variants=[variant])) as served:
        values = {f"ONELINK_{name}": str(value) for name, value in SETTINGS.items()}
        done = CliRunner().invoke(app, ["doctor", "--target", served.base_url], env=values)

    assert done.exit_code == 0, done.output
    assert (f"warn  does it take X-Request-Id? {REFUSED}" in done.output) is told
    assert ("X-Request-Id" in done.output) is told
