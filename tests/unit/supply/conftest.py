"""A server that creates, shows, lists and cancels appointments, and slots, for all tests of the supply."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from cancel_contract.supply.slots import Place, Slots

if TYPE_CHECKING:
    from collections.abc import Callable

    import respx

    from cancel_contract.exchange.case import Case
    from cancel_contract.exchange.exchange import Exchange


ZONE = ZoneInfo("Asia/Almaty")
TODAY = date(2026, 11, 23)
BASE = "/api/v1/accounts/1/scheduling/appointments"


class Shop:
    """A server that makes, shows, lists and cancels appointments; what a test says comes first."""

    def __init__(self, router: respx.MockRouter) -> None:
        self.rows: dict[int, dict[str, Any]] = {}
        self.first: list[httpx.Response | Exception] = []
        self.after_making: list[httpx.Response | Exception] = []
        self.keyless = False
        self.keeps: Callable[[str], str] = str
        """How an external_ref is kept."""
        self.hidden: dict[str, Any] = {}
        self.numbered: int | None = None
        self.calendar = httpx.Response(404)
        calendar = router.get("/api/v1/accounts/1/scheduling/calendar")
        self.calendars = calendar.mock(side_effect=lambda _: self.calendar)
        self.creates = router.post(BASE).mock(side_effect=self.create)
        self.lists = router.get(BASE).mock(side_effect=self.listed)
        self.reads = router.get(path__regex=BASE + r"/(?P<number>\d+)").mock(side_effect=self.read)
        self.patches = router.patch(path__regex=BASE + r"/(?P<number>\d+)").mock(side_effect=self.patch)
        self.cancels = router.post(path__regex=BASE + r"/(?P<number>\d+)/cancel").mock(side_effect=self.cancel)
        self.on_cancel: httpx.Response | Exception | None = None

    def create(self, request: httpx.Request) -> httpx.Response:
        """Make an appointment; the same key again shows the first, or finds its slot taken where keys are not known."""
        if self.first:
            return _given(self.first.pop(0))
        body = json.loads(request.content)
        for row in self.rows.values():
            if row["idempotency_key"] == body["idempotency_key"]:
                return httpx.Response(409) if self.keyless else httpx.Response(200, json={"payload": row})
        number = 6001 + len(self.rows)
        self.rows[number] = {"id": number, "account_id": 1, "status": "scheduled", **body}
        if "external_ref" in body:
            self.rows[number]["external_ref"] = self.keeps(body["external_ref"])
        if self.after_making:
            return _given(self.after_making.pop(0))
        shown = self.rows[number] | self.hidden | ({"id": self.numbered} if self.numbered else {})
        return httpx.Response(201, json={"payload": shown})

    def listed(self, _: httpx.Request) -> httpx.Response:
        """Show all that there is."""
        return httpx.Response(200, json={"payload": [7, *self.rows.values()]})

    def read(self, _: httpx.Request, number: str) -> httpx.Response:
        """Show one."""
        row = self.rows.get(int(number))
        if row is None:
            return httpx.Response(404, json={"error": "none"})
        return httpx.Response(200, json={"payload": row | self.hidden})

    def patch(self, request: httpx.Request, number: str) -> httpx.Response:
        """Change one."""
        self.rows[int(number)] |= json.loads(request.content)
        return self.read(request, number)

    def cancel(self, request: httpx.Request, number: str) -> httpx.Response:
        """Cancel one, unless a test says otherwise."""
        if isinstance(self.on_cancel, Exception):
            raise self.on_cancel
        if self.on_cancel:
            return self.on_cancel
        self.rows[int(number)]["status"] = "cancelled"
        return self.read(request, number)


def _given(answer: httpx.Response | Exception) -> httpx.Response:
    if isinstance(answer, Exception):
        raise answer
    return answer


@pytest.fixture
def shop(server: respx.MockRouter) -> Shop:
    """Return a server that works."""
    return Shop(server)


def sent(route: respx.Route, number: int = -1) -> dict[str, Any]:
    """Return the body of a request that arrived."""
    body: dict[str, Any] = json.loads(route.calls[number].request.content)
    return body


@pytest.fixture
def make_slots(exchanged: Callable[..., Exchange]) -> Callable[..., tuple[Slots, list[Case]]]:
    """Make the slots of a calendar that answers with one payload after another; gives what it was asked too."""

    def make(*payloads: Any, offset: int = 0) -> tuple[Slots, list[Case]]:  # noqa: ANN401 - JSON's boundary
        sent: list[Case] = []
        answers = iter(payloads)

        def send(case: Case) -> Exchange:
            sent.append(case)
            return exchanged(200, {"payload": next(answers, {"slots": []})})

        return Slots(send, Place(1, 9, ZONE), TODAY, offset), sent

    return make
