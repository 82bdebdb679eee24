"""Scripts in which faults of odd values show, of what comes after a cancel, and of another version."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from cancel_contract.provider import SEED
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.faults import afterwards, deleted, next_paths
from cancel_contract.provider.faults import values as faults_of_values
from tests.unit.provider.scripts import Make

FIRST = 5000
SECOND, THIRD = FIRST + 1, FIRST + 2
KEY = "unit-7"
PAID = {"service_amount": 9000, "prepaid_amount": 4000, "settlement_amount": 5000}
CANCEL = f"appointments/{FIRST}/cancel"


def drafts() -> Iterator[dict[str, Any]]:
    """Yield the bodies of three appointments, of which the first and the second are paid."""
    more: tuple[dict[str, Any], ...] = ({**PAID, "idempotency_key": KEY}, PAID, {"client_phone": "+7 000 0000001"})
    for day, fields in enumerate(more, 1):
        times = {"starts_at": f"2031-03-0{day}T05:00:00Z", "ends_at": f"2031-03-0{day}T05:30:00Z"}
        yield {"resource_id": SEED.resource_id, "client_name": "Contract test", **times, **fields}


def after_drafts(script: Callable[[Make], Iterator[Request]]) -> Callable[[Make], Iterator[list[Request]]]:
    """Make the appointments first, and then ask one request after the other."""

    @wraps(script)
    def turns(make: Make) -> Iterator[list[Request]]:
        yield from ([make("POST", "appointments", data=draft)] for draft in drafts())
        yield from ([request] for request in script(make))

    return turns


@after_drafts
def versions(make: Make) -> Iterator[Request]:
    """Ask by the path of another version."""
    path = f"/api/v2/accounts/{SEED.account_id}/scheduling/{CANCEL}"
    yield make("POST", path, token=SEED.unprivileged_token)


@after_drafts
def values(make: Make) -> Iterator[Request]:
    """Book and cancel what is rare: free, long, soon, under way, off the grid, with odd references and texts."""
    day = "2031-04-{:02}T05:{}:00Z"
    fields: tuple[dict[str, Any], ...] = (
        {"service_amount": 0},
        {"service_amount": 0, "service_id": SEED.service_id},
        {"service_amount": 2**31 - 1, "external_ref": "00123", "idempotency_key": "00123"},
        {"external_ref": "1e5", "duration_min": 60, "service_amount": 9000, "prepaid_amount": 9000},
        {"starts_at": "2031-04-05T10:00:00+05:00"},
        {"starts_at": "2031-04-06T05:00:00.900Z"},
        {"ends_at": "2031-04-07T17:00:00Z"},
        {"starts_at": "2030-10-14T12:00:00Z", "ends_at": "2030-10-14T12:30:00Z"},
        {"starts_at": "2030-10-14T09:15:00Z", "ends_at": "2030-10-14T10:00:00Z"},
        {"ends_at": "2031-04-10T06:30:00Z"},
        {"client_comment": "x" * 300, "client_name": "y" * 300},
        {"client_name": "Contract  test: u\u0308"},
    )
    number = SEED.resource_id
    drafted = [
        {"resource_id": number, "client_name": "Contract test", "starts_at": day.format(at, "00"),
         "ends_at": day.format(at, "30"), **it} for at, it in enumerate(fields, 1)
    ]  # fmt: skip
    yield from (make("POST", "appointments", data=draft) for draft in drafted)
    for place in range(len(fields)):
        yield make("POST", f"appointments/{THIRD + 1 + place}/cancel")
        yield make("GET", f"appointments/{THIRD + 1 + place}")
    yield make("GET", "calendar", query="from=2031-04-10T00:00:00Z&to=2031-04-11T00:00:00Z&include_slots=true")
    for start, end in (("05:00", "05:30"), ("06:00", "06:30")):
        times = {"starts_at": f"2031-04-10T{start}:00Z", "ends_at": f"2031-04-10T{end}:00Z"}
        yield make("POST", "appointments", data={**drafted[0], **times})
    yield from (make("POST", "appointments", data={"resource_id": number, **drafted[at]}) for at in (7, 8))


@after_drafts
def aftermath(make: Make) -> Iterator[Request]:
    """Undo a cancel in other ways, list, use its key, revive and cancel again, delete and look once more."""
    path = f"appointments/{FIRST}"
    day, whole = "from=2031-03-01T00:00:00Z&to=2031-03-02T00:00:00Z", "include_slots=true"
    times = {"starts_at": "2031-03-01T05:00:00Z", "ends_at": "2031-03-01T05:30:00Z"}
    booked = {"resource_id": SEED.resource_id, "client_name": "Contract test", **times}
    yield make("POST", CANCEL)
    yield make("POST", CANCEL)
    for method in ("DELETE", "PUT", "GET"):
        yield make(method, CANCEL)
        yield make("GET", path)
        yield make("POST", CANCEL)
    for asked in ("status=scheduled", "payment_status=awaiting_payment", "status=cancelled", ""):
        yield make("GET", "appointments", query=f"{day}&{asked}")
    yield make("GET", "calendar", query=f"{day}&{whole}")
    yield make("PUT", path, data={"client_phone": "+7 000 0000009"})
    yield make("POST", "appointments", data={**next(drafts()), "idempotency_key": KEY})
    yield make("PATCH", path, data={"status": "scheduled", "payment_status": "paid"})
    yield make("POST", CANCEL)
    yield make("GET", path)
    yield make("POST", "appointments", data=booked)
    later = {"starts_at": "2031-03-01T07:00:00Z", "ends_at": "2031-03-01T07:30:00Z"}
    yield make("POST", "appointments", data={**booked, **later})
    yield make("GET", "appointments", query=day)
    yield make("POST", f"appointments/{SECOND}/cancel")
    yield make("DELETE", f"appointments/{SECOND}")
    yield make("GET", f"appointments/{SECOND}")
    yield make("GET", path)
    yield make("GET", "appointments", query="from=2031-03-01T00:00:00Z&status=cancelled")
    again = {"starts_at": "2031-03-02T05:00:00Z", "ends_at": "2031-03-02T05:30:00Z"}
    yield make("POST", "appointments", data={**booked, **again})
    yield make("POST", f"appointments/{SECOND}/cancel")


SCRIPTS = (
    (next_paths.NEXT, versions),
    (faults_of_values.FAULTS, values),
    (afterwards.FAULTS, aftermath),
    (deleted.FAULTS, aftermath),
)
