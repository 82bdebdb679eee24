"""Settings that say `none`: which may, what they contradict, and how workers get them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from cancel_contract.clauses import CATALOGUE
from cancel_contract.errors import Misconfigured
from cancel_contract.target.loading import load
from cancel_contract.target.settings import (
    MAY_BE_NONE,
    Settings,
    line_to_paste,
    variable,
)
from cancel_contract.target.target import Target
from tests.unit.conftest import GOOD, NOWHERE, TOKEN

FOREIGN_TOKEN = "ForeignToken3fA91e7Bb2D4"


def _load(**changes: str) -> Settings:
    return load(GOOD | {f"ONELINK_{name.upper()}": value for name, value in changes.items()}, NOWHERE)


def _told(**changes: str) -> tuple[str, ...]:
    with pytest.raises(Misconfigured) as caught:
        _load(**changes)
    return caught.value.problems


@pytest.mark.parametrize("name", MAY_BE_NONE)
def test_what_a_target_need_not_have_may_be_none(name: str) -> None:
    """A setting that says `none` has no value and counts as declined; one without a value does not."""
    settings = _load(**{name: "none"})

    assert (settings.is_missing(name), settings.declined) == (True, frozenset({name}))
    assert settings.lacking(["api_token", name]) == f"{variable(name)}=none: the target has no such thing"
    assert (_load().is_missing(name), _load().declined) == (True, frozenset())
    assert _load().lacking(["api_token", name]) == f"{variable(name)} is not set"


def test_whatever_a_clause_waits_for_may_be_none() -> None:
    """Every setting that a clause waits for accepts `none`, so that the proposed line works."""
    assert {name for clause in CATALOGUE for name in clause.needs} <= {*MAY_BE_NONE}


@pytest.mark.parametrize("name", sorted({*Settings.model_fields} - {*MAY_BE_NONE, "ca_bundle", "client_cert"}))
def test_everything_else_refuses_none(name: str) -> None:
    """Required ones, limits and switches say that it is not for them, and what to set."""
    told = _told(**{name: "none"})

    remedy = Settings.model_fields[name].description
    assert told[0] == f"{variable(name)} is 'none', which it does not take: set it to {remedy}"


def test_none_is_written_in_small_letters() -> None:
    """What a program prints for nothing waives nothing, and is shown: it is no token."""
    assert _told(unprivileged_api_token="None", contact_id="NONE") == (
        "ONELINK_CONTACT_ID is 'NONE', not none in small letters: set it to a contact, for appointments with one",
        (
            "ONELINK_UNPRIVILEGED_API_TOKEN is 'None', not none in small letters: set it to the token of a member of "
            "the account who may not cancel"
        ),
    )


@pytest.mark.parametrize(("name", "value"), [("foreign_api_token", FOREIGN_TOKEN), ("foreign_appointment_id", "5")])
def test_there_is_nothing_of_an_account_that_is_not_there(name: str, value: str) -> None:
    """A token or an appointment of the second account contradicts that there is none."""
    assert _told(foreign_account_id="none", **{name: value}) == (
        f"{variable(name)} is set but ONELINK_FOREIGN_ACCOUNT_ID is none: name the second account, or set both to none",
    )
    assert _load(foreign_account_id="none", **{name: "none"}).declined == {"foreign_account_id", name}
    assert _load(foreign_account_id="2", **{name: "none"}).declined == {name}


def test_none_means_something_on_a_target_only() -> None:
    """Without a base URL it is a contradiction like any other value."""
    with pytest.raises(Misconfigured) as caught:
        load({"ONELINK_CONTACT_ID": "none"}, NOWHERE)

    assert caught.value.problems == ("ONELINK_CONTACT_ID is set but ONELINK_BASE_URL is not: set both, or neither",)


def test_none_is_shown_as_such() -> None:
    """A secret one, too: there is nothing to hide."""
    shown = Target(_load(unprivileged_api_token="none")).shown

    assert (shown["ONELINK_UNPRIVILEGED_API_TOKEN"], shown["ONELINK_API_TOKEN"]) == ("none", "***")
    assert shown["ONELINK_CONTACT_ID"] is None


def test_settings_that_differ_in_it_are_not_equal() -> None:
    """Nothing is lost where settings are compared, or taken as they are."""
    one, other = _load(contact_id="none"), _load()

    assert one != other
    assert Settings.model_validate(one).declined == {"contact_id"}


def test_a_value_that_is_no_mapping_is_refused() -> None:
    """Settings that are not a mapping are refused, as by pydantic."""
    values: Any = "none"
    with pytest.raises(ValidationError):
        Settings.model_validate(values)


def test_a_line_to_paste_waives_and_says_what_else_to_write(tmp_path: Any) -> None:  # noqa: ANN401
    """Put into a `.env` as it is, each is taken."""
    file = tmp_path / ".env"
    file.write_text("\n".join(map(line_to_paste, MAY_BE_NONE)))

    assert line_to_paste("unprivileged_api_token") == (
        "ONELINK_UNPRIVILEGED_API_TOKEN=none   # or the token of a member of the account who may not cancel"
    )
    assert load(GOOD, file).declined == {*MAY_BE_NONE}
    assert TOKEN not in file.read_text()
