"""Clauses effect/settled and effect/undocumented-kept: what becomes later of what was cancelled."""

from typing import Any

import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from tests.unit.clauses.conftest import Judge, Maker

_CLAUSE = "effect/settled"
_KEPT: dict[str, Any] = {"client_comment": "By the window", "custom_attributes": {"number": 7}}


def _read(m: Maker, holder: Holder = Holder.MEMBER, **kept: Any) -> Exchange:  # noqa: ANN401  fields of it
    return m.cancel(200, Intent.READ, case={"method": "GET", "credential": Credential(holder)}, **{**_KEPT, **kept})


@pytest.mark.parametrize(
    ("late", "told"),
    [
        ({}, ""),
        ({"client_comment": None}, "client_comment is null, not a text of 13 characters"),
        ({"client_comment": "Another"}, "client_comment is another text, 7 characters long, not 13"),
        ({"client_comment": "By the window, cancelled by phone"}, ""),
        ({"custom_attributes": {}}, ""),
    ],
)
def test_no_comment_is_lost(judge: Judge, late: dict[str, Any], told: str) -> None:
    """A line more of a comment may say why it was cancelled."""
    found = judge(_CLAUSE, lambda m: Episode(Kind.LATE, ((Role.BEFORE, _read(m)), (Role.AFTER, _read(m, **late)))))

    fact, colon, how = told.partition(": ")
    assert found == ((f"at the end of the run, {fact} as after the cancel{colon}{how}",) if told else (None,))


@pytest.mark.parametrize("intent", [Intent.FIRST, Intent.READ])
def test_another_view_may_show_less(judge: Judge, intent: Intent) -> None:
    """The answer to the cancel, or what another member is shown."""

    def late(m: Maker) -> Episode:
        early = _read(m, Holder.SECOND) if intent is Intent.READ else m.cancel(200, intent, **_KEPT)
        return Episode(Kind.LATE, ((Role.BEFORE, early), (Role.AFTER, _read(m, client_comment=None))))

    assert judge(_CLAUSE, late) == (None,)


def test_what_else_was_observed_stays(judge: Judge) -> None:
    """No page has it, so that it closes no gate: a worker may write it a moment later."""
    found = judge(
        "effect/undocumented-kept",
        lambda m: Episode(Kind.LATE, ((Role.BEFORE, _read(m)), (Role.AFTER, _read(m, custom_attributes={})))),
    )

    told = "custom_attributes is an empty object, not an object of 1 field as after the cancel: 'number' is gone"
    assert found == (f"at the end of the run, {told}",)
