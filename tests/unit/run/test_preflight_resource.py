"""Whether appointments can be created, and whether the clocks agree, is asked before a run."""

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest

from cancel_contract.run.finding import Finding
from tests.unit.conftest import NOW, Still
from tests.unit.run.conftest import Examined, Memory
from tests.unit.run.test_preflight import CALENDAR, TIMELESS


def test_without_resource_and_ids_no_appointment_can_be_had(examined: Examined) -> None:
    """The two settings of which one is needed are named."""
    assert examined(resource_id=None)[-1] == Finding(
        "can appointments be created?", "nothing says where", "set ONELINK_RESOURCE_ID, or ONELINK_APPOINTMENT_IDS"
    )


@pytest.mark.parametrize("resource", [None, 999])
def test_ids_that_are_handed_over_are_counted(examined: Examined, resource: int | None) -> None:
    """Where ids are given none is made, and no calendar is asked for."""
    assert examined(resource_id=resource, appointment_ids=(4012, 4013))[3:] == (
        Finding("can appointments be created?", "2 are provided"),
        TIMELESS,
    )


UNKNOWN = Finding(
    "can appointments be created?",
    "the calendar knows no resource 999, but 11, 12",
    "set ONELINK_RESOURCE_ID to the resource in whose free slots appointments are made",
)


def test_a_resource_that_the_calendar_does_not_know_ends_the_examination(examined: Examined) -> None:
    """A wrong number is reported before any appointment is asked for, with those that are right."""
    assert examined(resource_id=999)[3:] == (UNKNOWN,)


def test_a_calendar_that_shows_all_resources_is_read_as_well(examined: Examined, memory: Memory) -> None:
    """A calendar that shows all resources has to show the one of the settings."""
    memory.before = lambda request: replace(request, query=request.query.partition("&resource_ids")[0])

    assert examined(resource_id=999)[3:] == (UNKNOWN,)
    assert examined()[3].is_good


@pytest.mark.parametrize("shown", [[], [{"name": "x"}], ["x"], "x"])
def test_a_calendar_that_shows_no_resources_tells_nothing(examined: Examined, memory: Memory, shown: object) -> None:
    """Where it shows none at all that is a warning; where it shows them in another form not even that."""
    memory.before = lambda request: (
        httpx.Response(200, json={"payload": {"resources": shown}}) if "/calendar" in request.path else request
    )
    warning = Finding(
        "can appointments be created?",
        "the calendar shows no resource 11, and no other",
        "check ONELINK_RESOURCE_ID: where there is no such resource no appointment can be made",
        stops=False,
    )

    assert examined()[3:] == (warning if shown == [] else CALENDAR, TIMELESS)


def test_a_calendar_that_cannot_be_read_only_warns(examined: Examined, memory: Memory) -> None:
    """Slots can be searched by trying; the examination goes on."""
    memory.before = lambda request: httpx.Response(404) if "/calendar" in request.path else request

    assert examined()[3:] == (
        Finding(
            "can appointments be created?",
            "the calendar of resource 11 answers 404",
            "check ONELINK_RESOURCE_ID; without a calendar slots are searched by trying",
            stops=False,
        ),
        TIMELESS,
    )


@pytest.mark.parametrize(
    ("off", "remedy"),
    [(timedelta(seconds=20), ""), (timedelta(minutes=-7), "set the clock of the server, or yours")],
)
def test_the_clocks_are_compared(
    examined: Examined, memory: Memory, monkeypatch: pytest.MonkeyPatch, off: timedelta, remedy: str
) -> None:
    """Seconds are in order; minutes mislead whoever reads times in reports, and only warn."""
    monkeypatch.setattr("cancel_contract.run.preflight.datetime", Still)
    told = format_datetime(NOW + off)
    memory.after = lambda _, response: httpx.Response(
        response.status_code, headers=[*response.headers.items(), ("date", told)], content=response.content
    )

    finding = examined()[-1]

    assert finding.fact == f"it is {abs(off).total_seconds():.0f} s off"
    assert (finding.question, finding.remedy, finding.stops) == ("does the clock agree?", remedy, not remedy)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("2026-11-23T12:00:00Z", "2026-11-23T12:00:00Z"),
        ("Anna Petrova", "<string 4> <string 7>"),
        ("Mon, 23 Nov 2026 12:00:00 -0000", "Mon, 23 Nov 2026 12:00:00 -0000"),
    ],
)
def test_a_date_that_cannot_be_read_only_warns(examined: Examined, memory: Memory, sent: str, told: str) -> None:
    """A Date header of another form is reported, but for what may be a person's."""
    memory.after = lambda _, response: httpx.Response(
        response.status_code, headers=[*response.headers.items(), ("date", sent)], content=response.content
    )

    assert examined()[-1] == Finding(
        "does the clock agree?", f"the Date header is {told!r}", "mend its Date header", stops=False
    )
