"""On which days slots are sought, the usual ones first."""

from datetime import date

from cancel_contract.supply.booking_days import BookingDays
from tests.unit.supply.conftest import TODAY


def _looked(days: BookingDays) -> list[tuple[date, date]]:
    """Look until nothing is left."""
    looks = []
    while look := days.look(60):
        looks.append(look)
    return looks


def test_days_that_are_nearer_are_looked_at_last() -> None:
    """Where no day ahead has a slot, some take clients for the next days alone; that is looked at once."""
    days = BookingDays(TODAY, 0)
    assert _looked(days)[0][0] == date(2026, 11, 26)

    assert days.widen()
    assert _looked(days) == [(date(2026, 11, 24), date(2026, 11, 26))]
    assert not days.widen()


def test_where_slots_were_refused_no_nearer_day_is_looked_at() -> None:
    """They are there, and may be free a moment later."""
    days = BookingDays(TODAY, 0)
    _looked(days)
    days.refused([date(2026, 11, 27)])

    assert days.widen()
    assert days.first == date(2026, 11, 26)
