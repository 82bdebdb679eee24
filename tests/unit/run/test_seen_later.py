"""Of a cancel that a read showed nothing of, a later look says whether it has come to something."""

import re

import httpx
import pytest

from cancel_contract.provider.api.requests import Request
from tests.unit.run.conftest import PLAIN, Memory, Named, Opened

_EFFECT = "effect/status-cancelled"


def _as_before(response: httpx.Response) -> httpx.Response:
    text = re.sub(r'"status": ?"cancelled"', '"status": "confirmed"', response.text)
    text = re.sub(r'"payment_status": ?"cancelled"', '"payment_status": "paid"', text)
    return httpx.Response(response.status_code, headers={"content-type": "application/json"}, text=text)


@pytest.mark.parametrize(
    ("is_late", "told"),
    [
        (True, "; soon after that a read shows 'cancelled': it takes effect late, or reads lag behind"),
        (False, "; the cancel answered 200 and 'cancelled', and the read shows nothing of it"),
    ],
)
def test_a_later_look_is_told(make_run: Opened, memory: Memory, named: Named, told: str, *, is_late: bool) -> None:
    """A copy that lags shows the cancel in the end; where nothing was stored, no other look is told."""

    def lagging(request: Request, response: httpx.Response) -> httpx.Response:
        is_read = request.method == "GET" and request.path.rpartition("/")[2].isdigit()
        return _as_before(response) if is_read and not (is_late and has_come) else response

    memory.after, has_come = lagging, False
    with make_run() as run:
        run.play(named(PLAIN)[0])
        has_come = True
        run.finish()
        breach = run.ledger.rows[_EFFECT].breach

    assert breach
    assert breach.message.endswith(told)
