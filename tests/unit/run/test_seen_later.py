"""Of a cancel that a read showed nothing of, a later look says whether it has come to something."""

import re

import httpx
import pytest

from cancel_contract.provider.api.requests import Request
from cancel_contract.run import seen_later
from cancel_contract.run.scenarios.scenario import Scenario
from tests.unit.run.conftest import PLAIN, Memory, Named, Opened

_EFFECT = "effect/status-cancelled"
_AN_HOUR = 3600.0


def _as_before(response: httpx.Response) -> httpx.Response:
    text = re.sub(r'"status": ?"cancelled"', '"status": "confirmed"', response.text)
    text = re.sub(r'"payment_status": ?"cancelled"', '"payment_status": "paid"', text)
    return httpx.Response(response.status_code, headers={"content-type": "application/json"}, text=text)


@pytest.fixture(params=[_AN_HOUR, 0.0])
def telling(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> float:
    """From how many seconds on they are told: how long a look took hangs on the machine."""
    monkeypatch.setattr(seen_later, "_TELLING", request.param)
    return float(request.param)


def _seen(make_run: Opened, memory: Memory, scenario: Scenario, *, is_late: bool) -> str:
    """Return what is said of a cancel that the read after it showed nothing of."""

    def lagging(request: Request, response: httpx.Response) -> httpx.Response:
        is_read = request.method == "GET" and request.path.rpartition("/")[2].isdigit()
        return _as_before(response) if is_read and not (is_late and has_come) else response

    memory.after, has_come = lagging, False
    with make_run() as run:
        run.play(scenario)
        has_come = True
        run.finish()
        breach = run.ledger.rows[_EFFECT].breach
    assert breach
    return breach.message


def test_a_later_look_is_told(make_run: Opened, memory: Memory, named: Named, telling: float) -> None:
    """A copy that lags shows the cancel in the end."""
    when = r"\d+\.\d s later" if telling == 0 else "soon after that"
    told = f"; {when} a read shows 'cancelled': it takes effect late, or reads lag behind$"

    assert re.search(told, _seen(make_run, memory, named(PLAIN)[0], is_late=True))


def test_where_nothing_comes_no_later_look_is_told(make_run: Opened, memory: Memory, named: Named) -> None:
    """Nothing was stored, and no look shows more than the first one."""
    told = "; the cancel answered 200 and 'cancelled', and the read shows nothing of it"

    assert _seen(make_run, memory, named(PLAIN)[0], is_late=False).endswith(told)
