"""What the doctor takes from a calendar into a file of settings, and what it leaves alone."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from cancel_contract.errors import Misconfigured
from cancel_contract.exchange.case import Case
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.target.loading import load
from cancel_contract.target.settings import MAY_BE_NONE, Settings
from cancel_contract.target.target import Target
from cancel_contract.tools.doctor import settings_file
from cancel_contract.tools.doctor.discovery import Discovered, discovered

if TYPE_CHECKING:
    from cancel_contract.run.context import Context

Discover = Callable[..., Discovered]
TOKEN = "Token7f3cA91e7Bb2D4860"
MAPPED = {"medelement_specialist_code": "D-17"}
OWN = "cancel-contract-0badcafe-1763000000-1"


def _slots(**counts: int) -> list[dict[str, Any]]:
    """Return so many free slots of the resources r11, r12, …."""
    return [{"resource_id": int(name[1:])} for name, count in counts.items() for _ in range(count)]


def _resource(number: int, **more: object) -> dict[str, Any]:
    return {"id": number, "time_zone": "Asia/Almaty", **more}


@pytest.fixture
def discover(make_target: Callable[..., Target], exchanged: Callable[..., Exchange]) -> Discover:
    """Look at calendars, one after another."""

    def look(*calendars: object, status: int = 200, **settings: object) -> Discovered:
        coming = iter(calendars)

        def send(case: Case) -> Exchange:
            assert (case.method, case.path) == ("GET", "/api/v1/accounts/1/scheduling/calendar")
            return exchanged(status, {"payload": next(coming)})

        context = SimpleNamespace(target=make_target(**{"resource_id": None, **settings}), send=send)
        return discovered(cast("Context", context))

    return look


def test_the_resource_with_the_most_free_slots_is_taken_with_its_zone(discover: Discover) -> None:
    """Its number, its own zone and how many slots were seen."""
    calendar = {
        "resources": [_resource(11), _resource(12, time_zone="Asia/Qostanay"), _resource(13)],
        "slots": _slots(r11=2, r12=5, r13=1),
    }

    found = discover(calendar)

    assert found.values == {"resource_id": 12, "time_zone": "Asia/Qostanay"}
    assert found.reasons["resource_id"] == "5 free slots in the next 6 days (resources seen: 3)"


def test_a_mapped_resource_is_not_taken(discover: Discover) -> None:
    """Appointments made there would reach the clinic's own system."""
    calendar = {"resources": [_resource(11), _resource(12, custom_attributes=MAPPED)], "slots": _slots(r11=1, r12=5)}

    assert discover(calendar).values["resource_id"] == 11


def test_a_full_week_is_followed_by_a_longer_look(discover: Discover) -> None:
    """Where the next days have no slot, the weeks after are asked for once."""
    full: Mapping[str, Any] = {"resources": [_resource(11)], "slots": []}

    found, none = discover(full, {**full, "slots": _slots(r11=3)}), discover(full, full)

    assert found.reasons["resource_id"] == "3 free slots in the next 24 days (resources seen: 1)"
    assert none.values == {}
    assert none.problem == (
        "the calendar shows no resource with free slots in the next 24 days that is not mapped to the clinic's own "
        "system"
    )


def test_a_named_resource_stays(discover: Discover) -> None:
    """What the settings say is not replaced."""
    calendar = {"resources": [_resource(11), _resource(12)], "slots": _slots(r12=5)}

    assert discover(calendar, resource_id=11).values["resource_id"] == 11


def test_services_are_taken_and_a_strangers_contact_is_not(discover: Discover) -> None:
    """A service of the resource's appointments serves; messages to a contact would reach somebody."""
    booked = [
        {"resource_id": 11, "service_id": 31, "contact_id": 7, "external_ref": "crm-1"},
        {"resource_id": 11, "service_id": 31, "contact_id": 51, "external_ref": OWN},
        {"resource_id": 11, "service_id": 32, "contact_id": 7, "external_ref": None},
        {"resource_id": 12, "service_id": 33},
        {"resource_id": 11, "service_id": True, "contact_id": "51"},
        "no appointment",
    ]
    calendar = {"resources": [_resource(11)], "slots": _slots(r11=1), "appointments": booked}

    found = discover(calendar)

    assert (found.values["service_id"], found.values["contact_id"]) == (31, 51)
    assert "contact_id" not in discover({**calendar, "appointments": booked[:1]}).values


@pytest.mark.parametrize("calendar", [None, {}, {"slots": {}}, {"resources": [1], "slots": [None]}])
def test_another_form_of_calendar_shows_nothing(discover: Discover, calendar: object) -> None:
    """Nothing is taken from what cannot be read, and nothing fails."""
    assert discover(calendar, calendar).values == {}


def test_a_calendar_that_is_refused_is_said(discover: Discover) -> None:
    """Its status is the reason."""
    assert discover({}, status=403).problem == "the calendar answers 403, so that no resource was looked for"


def test_an_unknown_zone_is_not_taken(discover: Discover) -> None:
    """A zone that no machine knows would make the file a wrong one."""
    calendar = {"resources": [_resource(11, time_zone="Mars/Base")], "slots": _slots(r11=1)}

    assert discover(calendar).values == {"resource_id": 11}


FOUND = Discovered({"resource_id": 12, "service_id": 31}, {"resource_id": "a reason", "service_id": "another"})
GIVEN = {"base_url": "https://staging.test", "api_token": TOKEN, "account_id": 1}


def test_the_file_gives_the_settings_back_without_a_token(tmp_path: Path) -> None:
    """What was known and found is read again; what was not says `none` where it may; tokens come from elsewhere."""
    text = settings_file.text(Settings.model_validate({**GIVEN, "max_rate": 5, "allow_plaintext": "yes"}), FOUND)
    (tmp_path / ".env").write_text(text, "utf-8")

    read = load({"ONELINK_API_TOKEN": TOKEN}, tmp_path / ".env")

    assert TOKEN not in text
    assert (read.base_url, read.account_id, read.max_rate, read.allow_plaintext) == (GIVEN["base_url"], 1, 5, True)
    assert (read.resource_id, read.service_id, read.contact_id) == (12, 31, None)
    assert read.declined == set(MAY_BE_NONE) - {"service_id", "contact_id"}
    assert all(f"ONELINK_{name.upper()}=" in text for name in Settings.model_fields)


def test_what_is_known_of_the_second_account_is_not_waived(tmp_path: Path) -> None:
    """A part of it beside a `none` would be a contradiction: the rest stays open, and its tokens unwritten."""
    given = {**GIVEN, "foreign_account_id": 4, "unprivileged_api_token": "Viewer7f3cA91e7Bb2D4860"}
    (tmp_path / ".env").write_text(settings_file.text(Settings.model_validate(given), FOUND), "utf-8")

    environ = {"ONELINK_API_TOKEN": TOKEN, "ONELINK_UNPRIVILEGED_API_TOKEN": "Viewer7f3cA91e7Bb2D4860"}
    read = load(environ, tmp_path / ".env")

    assert read.declined == {
        "readonly_appointment_id", "paid_expense_appointment_id", "second_api_token", "disabled_account_id",
    }  # fmt: skip
    assert read.foreign_account_id == 4
    assert read.unprivileged_api_token is not None


def test_a_file_is_its_owners_and_never_overwritten(tmp_path: Path) -> None:
    """Mode 600, whatever the machine's habit; a second one, or a link in its place, is refused."""
    path, link = tmp_path / ".env", tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")

    settings_file.write(path, "A=1\n")

    assert path.stat().st_mode & 0o777 == 0o600
    for taken in (path, link):
        with pytest.raises(Misconfigured, match="is there already, and is not overwritten: name another file"):
            settings_file.must_be_new(taken)
        with pytest.raises(Misconfigured, match="cannot be written"):
            settings_file.write(taken, "B=2\n")
    with pytest.raises(Misconfigured, match="is in no folder: make"):
        settings_file.must_be_new(tmp_path / "none" / ".env")
    assert path.read_text("utf-8") == "A=1\n"
    assert not (tmp_path / "elsewhere").exists()
