"""Scripts in which faults of rarer appointments show, and of what is beside or before a cancel."""

from collections.abc import Iterator
from typing import Any

from cancel_contract.provider import SEED, Fault
from cancel_contract.provider.faults import (
    asked_for_more,
    branches,
    earlier_changes,
    effect_kept_views,
    effect_neighbours,
    elsewhere_once,
    first_alone,
    later,
    repeat_side_by_side,
    values_rarer,
)
from tests.unit.provider.scripts import Make, Script, Turn

FIRST, SECOND = 5000, 5001
CANCEL = f"appointments/{FIRST}/cancel"
PAID = {"service_amount": 9000, "prepaid_amount": 4000, "settlement_amount": 5000}
RICH = {"nested": {"list": [7]}, "none": None, "off": False, "camelCase": 7, "large": 2**53 + 1}


def booking(make: Make, start: str, end: str, **fields: Any) -> Turn:  # noqa: ANN401 - values of any field
    """Return the request that books a time of one day."""
    times = {"starts_at": f"2031-03-01T{start}:00Z", "ends_at": f"2031-03-01T{end}:00Z"}
    draft = {"resource_id": SEED.resource_id, "client_name": "Contract test", **times, **fields}
    return [make("POST", "appointments", data=draft)]


def neighbours(make: Make) -> Iterator[Turn]:
    """Cancel a visit right before another of the same client, which is paid for, and one after that is confirmed;
    then one of two of whose clients nothing is known.
    """
    client = {"client_phone": "+7 000 0000001", "contact_id": SEED.contact_id}
    yield booking(make, "05:00", "05:30", **client)
    yield booking(make, "05:30", "06:00", **client, **PAID)
    yield booking(make, "06:00", "06:30", **client, status="confirmed")
    yield [make("POST", CANCEL)]
    yield from ([make("GET", f"appointments/{number}")] for number in (SECOND, SECOND + 1))
    yield booking(make, "07:00", "07:30")
    yield booking(make, "08:00", "08:30")
    yield [make("POST", f"appointments/{SECOND + 2}/cancel")]
    yield [make("GET", f"appointments/{SECOND + 3}")]


def views(make: Make) -> Iterator[Turn]:
    """Read as a second member and list before a cancel, and again after it."""
    looks = [make("GET", f"appointments/{FIRST}", token=SEED.second_token), make("GET", "appointments")]
    yield booking(make, "05:00", "05:30")
    yield from ([look] for look in looks)
    yield [make("POST", CANCEL)]
    yield from ([look] for look in looks)


def at_once(make: Make) -> Iterator[Turn]:
    """Cancel two visits of a contact on one day at once; book a slot of them twice, with a second cancel between."""
    yield booking(make, "05:00", "05:30", contact_id=SEED.contact_id)
    yield booking(make, "05:30", "06:00", contact_id=SEED.contact_id, client_name="Next", external_ref="next")
    yield [make("POST", f"appointments/{number}/cancel") for number in (FIRST, SECOND)]
    yield from ([make("GET", f"appointments/{number}")] for number in (FIRST, SECOND))
    yield booking(make, "05:00", "05:30")
    yield [make("POST", CANCEL)]
    yield booking(make, "05:00", "05:30")


def waits(make: Make) -> Iterator[Turn]:
    """Cancel, and look and cancel again a hundred requests later; beside it somebody without a token is refused, once
    or time after time.
    """
    deposit = {"service_amount": 9000, "prepaid_amount": 4000}
    yield booking(make, "05:00", "05:30", **deposit)
    yield booking(make, "05:30", "06:00")
    yield booking(make, "06:00", "06:30", **deposit)
    yield from ([make("POST", f"appointments/{SECOND + 1}/cancel", token=None)] for _ in range(20))
    yield [make("POST", f"appointments/{SECOND + 1}/cancel")]
    yield [make("POST", CANCEL)]
    yield [make("POST", f"appointments/{SECOND}/cancel", token=None)]
    yield from ([make("GET", f"appointments/{SECOND}")] for _ in range(100))
    yield [make("POST", CANCEL)]


def changes(make: Make) -> Iterator[Turn]:
    """Correct an appointment, cancel it, book its slot, change it, and cancel it as another member and once more."""
    moved = {"starts_at": "2031-03-01T05:30:00Z", "ends_at": "2031-03-01T06:00:00Z", "client_name": "Corrected"}
    other = {"appointment_type": "other", "client_identifier": "8"}
    money = {"service_amount": 9011, "prepaid_amount": 4011}
    yield booking(make, "05:00", "05:30", **PAID)
    yield [make("PATCH", f"appointments/{FIRST}", data={**moved, **other, **money})]
    yield [make("POST", CANCEL)]
    yield booking(make, "05:30", "06:00")
    yield [make("PUT", f"appointments/{FIRST}", data={"client_phone": "+7 000 0000009"})]
    yield [make("POST", CANCEL, token=SEED.second_token)]
    yield [make("POST", CANCEL)]


def values(make: Make) -> Iterator[Turn]:
    """Cancel what has rarer money, lengths and texts."""
    client = {"client_gender": "male", "client_identifier": "TEST 7K of a passport", "client_phone": "+999 000 00 00"}
    named = {"client_name": 'By "the" \\ window', "client_identifier": "000000000000"}
    shapes: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("01:00", "04:00", {"service_amount": 9000, "prepaid_amount": 4000}),
        ("05:00", "05:10", {"service_amount": 97}),
        (
            "06:00",
            "06:45",
            {"service_amount": 9000, "settlement_amount": 9000, "settlement_payment_method": "transfer"},
        ),
        ("07:00", "08:30", {"service_amount": 9000, "settlement_amount": 4000}),
        (
            "11:00",
            "11:30",
            {
                "service_amount": 180_000,
                "prepaid_amount": 90_000,
                "prepaid_payment_method": "cash",
                "settlement_amount": 90_000,
                "settlement_payment_method": "cash",
            },
        ),
        ("09:00", "09:30", {"service_amount": 9000, "prepaid_amount": 9000, "status": "confirmed", **named}),
        (
            "12:00",
            "14:30",
            {
                "service_amount": 150_000_100,
                "prepaid_amount": 300,
                "prepaid_payment_method": "transfer",
                "settlement_amount": 400,
                "settlement_payment_method": "cash",
                "external_ref": "crm:7/1+%41",
            },
        ),
        ("15:00", "15:30", {"service_amount": 3000, "prepaid_amount": 3000, "prepaid_payment_method": "cash"}),
        (
            "16:00",
            "16:30",
            {"service_amount": 3000, "settlement_amount": 3000, "settlement_payment_method": "cash"},
        ),
        ("10:00", "10:30", {**client, "client_comment": "By the 👩\u200d⚕️'s window", "custom_attributes": RICH}),
    )
    yield from (booking(make, start, end, **fields) for start, end, fields in shapes)
    yield from ([make("POST", f"appointments/{FIRST + place}/cancel")] for place in range(len(shapes)))
    day = "from=2031-03-01T00:00:00Z&to=2031-03-02T00:00:00Z"
    yield [make("GET", "calendar", query=f"view=day&include_slots=true&{day}")]


def firsts(make: Make) -> Iterator[Turn]:
    """Ask for more in the first cancel of each of several visits, and look at the others."""
    count = 6
    for hour in range(count):
        yield booking(make, f"0{hour}:00", f"0{hour}:30")
    paths = [f"appointments/{FIRST + place}" for place in range(count)]
    read = make("GET", paths[-1])
    yield [make("POST", f"{paths[0]}/cancel", data={"ids": [FIRST + count - 1]}), read]
    yield [make("POST", f"{paths[1]}/cancel", query=f"appointment_id={FIRST + count - 1}"), read]
    yield [make("POST", f"{paths[2]}/cancel", query="client_name=Queried&service_amount=1")]
    yield [make("POST", f"{paths[3]}/cancel", data={"payload": {"status": "scheduled"}})]
    yield [make("POST", f"{paths[4]}/cancel", data={"reason": "no_show"})]
    patch = b'{"client_name": "Patched"}'
    yield [make("POST", f"{paths[5]}/cancel", body=patch, content_type="application/merge-patch+json")]


def more(make: Make) -> Iterator[Turn]:
    """Ask for more in the cancels of some visits, at first and once they are cancelled, and look at each."""
    asked: tuple[dict[str, Any], ...] = (
        {"data": {"payment_only": True}},
        {"data": {"reschedule_to": "2031-03-02T05:00:00Z"}},
        {"body": b"[" * 300, "content_type": "application/json"},
        {"body": b'{"a": "\xff"}', "content_type": "application/json"},
        {"body": b"x", "content_type": "garbage"},
        {"body": b"x" * 10**6 + b"x", "content_type": "application/json"},
    )
    for hour in range(len(asked) + 2):
        yield booking(make, f"0{hour}:00", f"0{hour}:30")
    paths = [f"appointments/{FIRST + place}" for place in range(len(asked) + 2)]
    yield from ([make("POST", f"{path}/cancel", **parts)] for path, parts in zip(paths, asked, strict=False))
    yield from ([make("POST", f"{path}/cancel")] for path in paths[-2:])
    yield [make("POST", f"{paths[-2]}/cancel", data={"undo": True})]
    yield [make("POST", f"{paths[-1]}/cancel", data={"no_show": True})]
    yield from ([make("GET", path)] for path in paths)


def asides(make: Make) -> Iterator[Turn]:
    """Cancel with a reason, by an id with letters, without a User-Agent, by a form and what nobody came to; then book
    again, revive, delete, be refused and ask for a taken slot, and look at all forty requests later.
    """
    ways: tuple[tuple[str, dict[str, Any]], ...] = (("reason", {"data": {"reason": "ill"}}), ("abc", {}), ("agent", {}))
    yield booking(make, "08:00", "08:30", status="no_show")
    yield [make("POST", f"{CANCEL}", content_type="application/x-www-form-urlencoded")]
    yield [make("GET", "calendar", query="view=day&from=2031-03-01T00:00:00Z&to=2031-03-01T20:00:00Z")]
    phone = {"client_phone": "+7 000 0000001"}
    yield booking(make, "08:00", "08:30", **phone)
    for hour in range(7):
        yield booking(make, f"0{hour}:00", f"0{hour}:30", **PAID, **phone, idempotency_key=f"key-{hour}")
    paths = [f"appointments/{FIRST + 2 + place}" for place in range(7)]
    for place, (way, parts) in enumerate(ways):
        path = paths[place] + ("abc" if way == "abc" else "")
        yield [make("POST", f"{path}/cancel", **parts)]
        yield booking(make, f"0{place}:00", f"0{place}:30")
    yield booking(make, "00:00", "00:30", **PAID, **phone, idempotency_key="key-0")
    yield booking(make, "06:00", "06:30")
    yield [make("POST", f"{paths[3]}/cancel")]
    yield [make("PATCH", paths[3], data={"status": "scheduled"})]
    yield [make("POST", f"{paths[3]}/cancel")]
    yield [make("DELETE", paths[3])]
    yield from ([make("POST", f"{paths[5]}/cancel", token=None)] for _ in range(20))
    yield [make("POST", f"appointments/{SEED.readonly_appointment_id}/cancel")]
    yield from ([make("GET", f"appointments/{FIRST + place}")] for _ in range(3) for place in range(14))


def spellings(make: Make) -> Iterator[Turn]:
    """Cancel in other formats and spellings, by others, in another account, and look at the list by payment."""
    base = f"/api/v1/accounts/{SEED.account_id}/scheduling/appointments"
    others = {"token": SEED.unprivileged_token}
    foreign = f"{SEED.foreign_account_id}abc"
    yield booking(make, "05:00", "05:30")
    yield booking(make, "05:30", "06:00")
    yield [make("POST", f"{CANCEL}/", **others)]
    yield [make("POST", CANCEL, body=b"reason=none", content_type="application/x-www-form-urlencoded", **others)]
    yield [make("POST", CANCEL, data={"reason": "none"}, **others)]
    yield [make("POST", f"{base}/{SEED.foreign_appointment_id}/cancel.json")]
    yield [make("POST", f"{base}/{SEED.foreign_appointment_id}abc/cancel")]
    yield [make("POST", f"{base.replace(str(SEED.account_id), foreign)}/{SEED.foreign_appointment_id}/cancel")]
    yield [make("POST", CANCEL, x_http_method_override="PUT")]
    yield [make("GET", f"appointments/{FIRST}")]
    yield [make("POST", f"appointments/{SECOND}/cancel", accept="application/xml")]
    yield [make("GET", "appointments", query="payment_status=cancelled")]


SCRIPTS: tuple[tuple[tuple[Fault, ...], Script], ...] = (
    (effect_neighbours.FAULTS, neighbours),
    (effect_kept_views.FAULTS, views),
    (repeat_side_by_side.FAULTS, at_once),
    (later.FAULTS, waits),
    (earlier_changes.FAULTS, changes),
    (values_rarer.FAULTS, values),
    (asked_for_more.FAULTS, more),
    (first_alone.FAULTS, firsts),
    (elsewhere_once.FAULTS, asides),
    (branches.FAULTS, spellings),
)
_REFUSED = (spellings, at_once, waits, asides, more)
TAKEN: tuple[Script, ...] = tuple(script for _, script in SCRIPTS if script not in _REFUSED)
"""Those that an honest provider refuses nothing of."""
