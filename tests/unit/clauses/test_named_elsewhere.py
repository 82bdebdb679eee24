"""Clients of the run whom the refusal of a cancel names, though it was not about their appointments."""

from dataclasses import replace
from typing import Any, Final

import pytest

from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import Judge

_OTHER: Final = {"id": 8, "client_name": "Contract Test Guest", "client_phone": "+7 000 264 81 93"}


def _read(m: Any, **fields: Any) -> Any:  # noqa: ANN401  the fixture's own class
    one = m.read(**fields)
    return Role.BEFORE, replace(one, case=replace(one.case, appointment=fields["id"]))


def _episode(m: Any, error: str, own: str = "Somebody", code: int = 404, **asked: Any) -> Episode:  # noqa: ANN401  likewise
    refusal = replace(m.cancel(code, body={"error": error}), **asked)
    views = _read(m, id=7, client_name=own), _read(m, **_OTHER)
    return Episode(Kind.SEEN, (*views, (Role.CANCEL, refusal)))


@pytest.mark.parametrize(
    ("error", "field"),
    [
        ("Not found. Did you mean Contract Test Guest?", "client_name"),
        ("Not found (last: +7 000 264 81 93)", "client_phone"),
    ],
)
def test_a_refusal_names_nobody_else(judge: Judge, error: str, field: str) -> None:
    """What an error says of another appointment was kept from an earlier request."""
    told = f"a refusal tells the {field} of an appointment that was not asked for"

    assert told in judge("answer/nobody-seen", lambda m: _episode(m, error))


@pytest.mark.parametrize(
    ("first", "notes", "is_told"),
    [
        (None, "Given up by Contract Test Guest", True),
        ("By the window", "By the window; then Contract Test Guest", True),
        ("With Contract Test Guest", "With Contract Test Guest, late", False),
        (None, "Given up by Somebody", False),
    ],
)
def test_notes_name_nobody_else(judge: Judge, first: str | None, notes: str, *, is_told: bool) -> None:
    """But for whom they have named from the beginning."""

    def seen(m: Any) -> Episode:  # noqa: ANN401  the fixture's own class
        own = [_read(m, id=7, client_name="Somebody", client_comment=text) for text in (first, notes)]
        return Episode(Kind.SEEN, (own[0], _read(m, **_OTHER), own[1]))

    told = "the notes of an appointment name the client of another one"
    assert (told in judge("answer/nobody-seen", seen)) is is_told


@pytest.mark.parametrize(
    ("error", "parts"),
    [
        ("Not found", {}),
        ("Contract Test Guest was not found", {"own": "Contract Test Guest"}),
        ("Contract Test Guest was not found", {"code": 200}),
        ("Contract Test Guest was not found", {"request_body": b'{"client_name": "Contract Test Guest"}'}),
        ("Contract Test Guest was not found", {"url": "https://one-link.test/cancel?q=Contract%20Test+Guest"}),
        ("Contract Test Guest was not found", {"request_headers": (("x-user", "Contract Test Guest"),)}),
    ],
)
def test_what_was_asked_for_may_be_named(judge: Judge, error: str, parts: dict[str, Any]) -> None:
    """By the request itself, or of the appointment in its path; an accepted cancel has clauses of its own."""
    found = judge("answer/nobody-seen", lambda m: _episode(m, error, **parts))

    assert not any("a refusal tells" in str(one) for one in found)
