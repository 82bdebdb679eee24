"""The contract as a process of a shell, pointed at servers that are right, wrong, gone, or something else."""

import json
import re
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from cancel_contract.clauses import BY_ID, CATALOGUE
from cancel_contract.provider import SEED, Provider, running

Run = Callable[..., Any]
OtherService = Callable[[str, bytes, list[str]], AbstractContextManager[str]]
WRONG = "NobodysTokenQ7f3cA91e7Bb2D48"


def test_an_honest_provider_opens_the_gate(shell: Run) -> None:
    """Pointed at an honest server by settings alone, every clause is tested and holds."""
    with running() as served:
        done = shell(served.base_url)

    assert (done.code, done.last) == (0, "exit 0: gate open: every MUST clause held")
    assert f"HELD {len(CATALOGUE)} · NOT APPLICABLE 0 · UNTESTED 0 · BROKEN 0 · ABORTED 0" in done.out
    assert f"target: {served.base_url}, account 3" in done.out
    assert "profile gate" in done.out


def test_a_gate_leaves_nothing_standing(gate: Run) -> None:
    """Every appointment that the run made is cancelled at its end; those of others stand as they stood."""
    provider = Provider()
    with running(provider) as served:
        strangers = _statuses(provider, below=5000)
        assert gate(served.base_url).code == 0

        made = _statuses(provider, below=10**9)
        changed = {number for number, status in strangers.items() if made.pop(number) != status}

    assert changed <= {*SEED.paid_expense_appointment_ids[:1]}
    assert made
    assert set(made.values()) == {"cancelled"}


def _statuses(provider: Provider, below: int) -> dict[int, str]:
    return {row.id: row.status for row in provider.store.appointments.values() if row.id < below}


def test_a_fault_closes_the_gate_and_is_told(gate: Run) -> None:
    """The clause's id, fact, promise, request, answer and the way to see it again stand in the output."""
    with running(Provider(["repeat-conflict"])) as served:
        done = gate(served.base_url)

    assert done.code == 1
    assert done.last.startswith("exit 1: gate closed (")
    told = re.search(r"repeat/answer BROKEN: (.*)\n  promise  (.*)\n"
                     r"  source   (.*)\n  times    .*\n(?:  when     .*\n)?"
                     r"(?:  breaks   .*\n(?: {11}.*\n)*)?(?:  leads to .*\n(?: {11}.*\n)*)?"
                     r"  case     .*\n(?:  before   .*\n)?"
                     r"  steps    .*\n(?: {11}.*\n)+  request  (.*)\n {11}.*\n  answer   (.*)\n"
                     r"  log      look in your log for cancel-contract-[0-9a-z]+-\d+; the answer's own request id is "
                     r"[0-9a-f-]{36} \(x-request-id\)\n"
                     r"  also in  .* and \d+ more\n"
                     r"  again    (.*)\n", done.out)  # fmt: skip
    assert told is not None
    fact, promise, source, request, answer, again = told.groups()
    assert (fact, promise) == (
        'status is 409, not 200, on the second cancel; the error is "Appointment is already cancelled"',
        BY_ID["repeat/answer"].statement,
    )
    assert done.out.count("  request  ") == 1
    assert "FAILED" not in done.out
    assert re.search(r"^=+ \d failed, \d+ passed in ", done.out, re.MULTILINE)
    assert source.startswith("MUST, observed, openapi/cancel-appointment.yaml:")
    assert re.fullmatch(
        rf"curl -sS -i -X POST {served.base_url}/api/v1/accounts/3/scheduling/appointments/\d+/cancel "
        r"-H 'accept: application/json' -H \"api_access_token: \$\{ONELINK_API_TOKEN\}\" -H 'content-length: 0'",
        request,
    )
    assert answer.startswith("409 application/json")
    assert again.startswith(f"cancel-contract gate --target {served.base_url} --contract-profile gate --case '")


def test_what_is_told_as_again_shows_it_again(gate: Run) -> None:
    """The case that was reported breaks the same clause when it is played alone."""
    with running(Provider(["repeat-conflict"])) as served:
        told = re.search(r"repeat/answer BROKEN.*?--case '(.*?)'", gate(served.base_url).out, re.DOTALL)
        assert told is not None

        again = gate(served.base_url, "--case", told.group(1))

    assert again.code == 1
    assert "repeat/answer BROKEN: status is 409, not 200, on the second cancel" in again.out
    assert "partial: only what was selected was judged" in again.out


def test_what_breaks_at_the_end_is_told_in_full(gate: Run) -> None:
    """When the last item is over none can fail any more; the breach is reported with its evidence all the same."""
    with running(Provider(["deleted-by-booking"])) as served:
        done = gate(served.base_url)

    assert done.code == 1
    parts = (
        "effect/lasting BROKEN: after a", "  promise  ", "  source   ",
        # Whether a race has the same cause depends on who came first.
        (r"  times    .*\n(?:  when     .*\n(?: {11}.*\n)?)?(?:  breaks   (?:.*\n {11})*.*\n)?  leads to .*"
        r"(?:\n {11}.*)*repeat/answer: status is 404.*(?:\n {11}.*)*"),
        "  case     a read",
        "  before   ", "  steps    (?:.*\n {11})+a read: 404, id .*shown below", "  request  curl ", " {11}",
        "  cancel   curl ", " {11}the last one before that: status is 200", "  answer   404 ",
        "  log      look in your log for cancel-contract-",
    )  # fmt: skip
    assert re.search("^" + ".*\n".join(parts), done.out, re.MULTILINE)
    assert "verdict[" not in done.out


def test_a_case_that_no_scenario_plays_is_told(gate: Run) -> None:
    """A key that was cut short, or is of another profile, is a wrong option, and no gate that holds."""
    with running() as served:
        done = gate(served.base_url, "--case", "effect/none#first")

        assert done.code == 4
        assert "--case effect/none#first is no case of profile gate" in done.err
        assert served.provider.audit.requests == 0


def test_a_port_where_nobody_listens_is_inconclusive(gate: Run) -> None:
    """A target that is down is reported once, with what to do about it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        done = gate(url)

    assert done.code == 6
    assert f"{url} cannot be reached ([Errno 111] Connection refused)" in done.last
    assert "start the server, or correct the port in ONELINK_BASE_URL" in done.last
    assert "BROKEN 0" in done.out


def test_a_wrong_token_is_neither_green_nor_broken(shell: Run) -> None:
    """A run in which every answer was 401 says nothing about the contract."""
    with running() as served:
        done = shell(served.base_url, API_TOKEN=WRONG)

    assert done.code == 6
    assert f"HELD 0 · NOT APPLICABLE 0 · UNTESTED {len(CATALOGUE)} · BROKEN 0" in done.out
    assert "take a fresh token from the profile page into ONELINK_API_TOKEN" in done.last
    assert WRONG not in done.out + done.err


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", b"<!doctype html><title>Welcome</title>"),
        ("application/json", b'{"ok": true}'),
        ("application/json", json.dumps({"payload": {"id": 1, "status": "cancelled"}}).encode()),
    ],
    ids=["site", "other-api", "flatterer"],
)
def test_another_service_is_neither_green_nor_broken(
    gate: Run, other_service: OtherService, kind: str, body: bytes
) -> None:
    """A server that answers 200 to everything is not this API: no verdict, and nothing was written there."""
    asked: list[str] = []
    with other_service(kind, body, asked) as url:
        done = gate(url)

    assert done.code == 6
    assert f"is it this API? it answers 200 ({kind}) where no token is sent, not 401 in JSON" in done.last
    assert "correct ONELINK_BASE_URL: another service, a login page or a proxy answers there" in done.last
    assert "BROKEN 0" in done.out
    assert {line.partition(" ")[0] for line in asked} == {"GET"}


def test_without_a_usable_appointment_the_run_is_inconclusive(gate: Run) -> None:
    """Where the ids that were provided are not there, and none may be made, the message names the setting."""
    with running() as served:
        done = gate(served.base_url, RESOURCE_ID=None, APPOINTMENT_IDS="4999, 4998")

    assert done.code == 6
    told = "ONELINK_APPOINTMENT_IDS cannot be used (4999: status is 404; 4998: status is 404): name others"
    assert f"the 2 appointments of {told}" in done.out
    assert "BROKEN 0" in done.out


def test_an_unset_setting_leaves_its_clauses_untested(gate: Run) -> None:
    """A MUST clause that could not be tested leaves the verdict open, and the setting is named."""
    with running() as served:
        done = gate(served.base_url, READONLY_APPOINTMENT_ID=None)

    assert (done.code, done.last) == (
        6,
        "exit 6: no verdict: the run was inconclusive: 2 MUST clauses are untested",
    )
    assert "readonly/refused              MUST    observed    ONELINK_READONLY_APPOINTMENT_ID is not set" in done.out
    pasted = "ONELINK_READONLY_APPOINTMENT_ID=none   # or an imported (read-only) appointment of the account"
    assert f"  {pasted}" in done.out.splitlines()


def test_a_budget_that_runs_out_is_inconclusive(gate: Run) -> None:
    """The run stops at the limit, says so, and cancels what it made."""
    provider = Provider()
    with running(provider) as served:
        done = gate(served.base_url, "-k", "effect", MAX_REQUESTS=50)
        standing = {
            row.id for row in provider.store.appointments.values() if row.id >= 5000 and row.status != "cancelled"
        }

    assert done.code == 6
    assert "ONELINK_MAX_REQUESTS" in done.last
    assert not standing


def test_a_breach_outranks_a_budget(gate: Run) -> None:
    """What broke before the budget ran out closes the gate."""
    with running(Provider(["created-201"])) as served:
        done = gate(served.base_url, "-k", "effect", MAX_REQUESTS=50)

    assert done.code == 1
    assert "the 50 requests of the run are spent, because what is broken was asked again" in done.last
    assert "or set ONELINK_MAX_REQUESTS higher" in done.last


def test_what_to_do_about_a_spent_budget_is_told_once(gate: Run) -> None:
    """Where clauses tell of it that were not judged, the last line does not."""
    with running(Provider(["permission-skipped"])) as served:
        done = gate(served.base_url)

    assert done.out.count("or set ONELINK_MAX_APPOINTMENTS higher") == 1
    assert "appointments of the run are spent" in done.last


def test_a_profile_that_does_not_fit_the_budgets_is_not_begun(gate: Run) -> None:
    """The defaults hold a gate and no thorough run: nothing is sent, and the values to set are reported."""
    provider = Provider()
    with running(provider) as served:
        done = gate(served.base_url, "--contract-profile", "thorough")

    assert (done.code, provider.audit.requests) == (4, 0)
    first, second = done.err.strip().splitlines()[-2:]
    assert re.fullmatch(r"ERROR: profile thorough does not fit: \d+ requests are planned, .*MAX_REQUESTS=\d+", first)
    assert re.fullmatch(r"profile thorough does not fit: \d+ appointments are .*MAX_APPOINTMENTS=\d+", second)


def test_a_member_that_the_target_does_not_have_is_waived(gate: Run) -> None:
    """The clauses about the missing member are reported as waived, their scenario is skipped, and the gate is open."""
    with running() as served:
        done = gate(served.base_url, UNPRIVILEGED_API_TOKEN="none")

    waived = "ONELINK_UNPRIVILEGED_API_TOKEN=none: the target has no such thing"
    assert done.code == 0
    assert done.last == "exit 0: gate open: every MUST clause held, but for 3 that are untested and waived"
    assert f"UNTESTED  access/unprivileged           MUST    observed    {waived}" in done.out
    assert ", 1 skipped in " in done.out
    assert "ONELINK_UNPRIVILEGED_API_TOKEN=none" in done.out.partition("contract: cancel")[2].partition("\n\n")[0]


def test_a_selection_is_partial(gate: Run) -> None:
    """A run of one clause judges that clause, and says so."""
    with running() as served:
        done = gate(served.base_url, "--clause", "repeat/answer")

    assert (done.code, done.last) == (0, "exit 0: gate open: every MUST clause held that was exercised")
    assert "HELD 1 · NOT APPLICABLE 0 · UNTESTED 0 · BROKEN 0 · ABORTED 0 · partial: only what was " in done.out


def test_a_selection_by_name_is_partial(gate: Run) -> None:
    """A run of -k judges what was selected, with no complaint about the rest."""
    with running() as served:
        done = gate(served.base_url, "-k", "readonly")

    assert done.code == 0
    assert "partial: only what was selected was judged" in done.out


def test_two_workers_come_to_the_verdict_of_one(shell: Run) -> None:
    """Under pytest-xdist the shares of the workers make one ledger."""
    with running(Provider(["repeat-conflict"])) as served:
        done = shell(served.base_url, "-n", "2")

    assert done.code == 1
    assert "repeat/answer                 MUST    observed    status is 409, not 200, on the second cancel" in done.out


def test_without_settings_the_embedded_provider_is_the_target(shell: Run, tmp_path: Path) -> None:
    """A bare run needs no setting, holds every clause, and leaves no journal behind."""
    done = shell(None)

    assert done.code == 0
    assert "target: the embedded reference provider, account 3" in done.out
    assert {path.name for path in tmp_path.iterdir()} <= {".hypothesis"}
