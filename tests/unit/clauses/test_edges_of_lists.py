"""Clauses effect/... of what comes after a cancel: lists with and without filters, deletions, and what is unclear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cancel_contract.clauses import NotApplicable
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses import tables_of_afterwards as rows

if TYPE_CHECKING:
    from tests.unit.clauses.conftest import Judge

_GONE = "status is {} when a deleted appointment is {}, not 404"
_FILTERED = "effect/filtered-list"
_AGREE = "effect/lists-agree"
_DELETED = "effect/deleted-afterwards"
_COMPLETED = "the list of those whose status is completed still holds cancelled appointment 7"


def test_one_list_by_a_filter_is_enough(judge: Judge) -> None:
    """A list that still holds cancelled appointment 7 is wrong, whether or not a second one was asked for."""
    assert judge(_FILTERED, lambda m: rows._lists(m, rows._shown(m, 7), topic=rows.OLD)) == (_COMPLETED,)


def test_a_list_that_knows_no_filter_is_not_judged_by_one(judge: Judge) -> None:
    """A list that holds the appointment by a word that it never had is the same by any word."""
    found = judge(_FILTERED, lambda m: rows._lists(m, rows._shown(m, 8, 7), rows._shown(m, 7), topic=rows.OLD))

    assert found == (NotApplicable("the list holds the same, whatever status it is asked for"),)


def test_a_server_without_a_list_is_not_judged_by_it(judge: Judge) -> None:
    """The first of two lists says why there are none."""
    lists = (404, 405)

    found = judge(
        _FILTERED, lambda m: rows._lists(m, *(rows._shown(m, code=code) for code in lists), topic="payment_status=paid")
    )

    assert found == (NotApplicable("status is 404 for the list by payment_status"),)


def test_the_word_of_a_filter_may_hold_an_equals_sign(judge: Judge) -> None:
    """Of a topic the part up to the first equals sign is the field."""
    found = judge(_FILTERED, lambda m: rows._lists(m, rows._shown(m, 7), topic="status=paid=late"))

    assert found == ("the list of those whose status is paid=late still holds cancelled appointment 7",)


def test_the_calendar_has_the_status_of_the_list(judge: Judge) -> None:
    """A calendar that shows another status of the appointment contradicts the list."""
    found = judge(_AGREE, lambda m: rows._lists(m, rows._shown(m, 7), rows._calendar(m, status="scheduled")))

    assert found == ("in the calendar, status is 'scheduled', not 'cancelled' as in the list",)


@pytest.mark.parametrize("missing", ["status", "payment_status"])
def test_a_calendar_may_show_less_than_the_list(judge: Judge, missing: str) -> None:
    """A word that the calendar does not show contradicts nothing."""
    found = judge(_AGREE, lambda m: rows._lists(m, rows._shown(m, 7), rows._calendar(m, without=[missing])))
    calendar = judge(
        _AGREE,
        lambda m: rows._lists(
            m,
            rows._shown(m, 7),
            (Role.CALENDAR, m.cancel(body={"payload": {"appointments": [m.payload(without=[missing])]}})),
        ),
    )

    assert found == calendar == (None,)


@pytest.mark.parametrize(("status", "is_kept"), [(399, False), (400, True), (498, True), (500, False)])
@pytest.mark.parametrize(("index", "asked"), [(0, "cancelled again"), (1, "read")])
def test_any_refusal_says_that_an_appointment_is_gone(
    judge: Judge, status: int, index: int, asked: str, *, is_kept: bool
) -> None:
    """A deleted appointment is refused with a 4xx, and neither redirected nor a failure."""
    statuses = [404, 404]
    statuses[index] = status

    found = judge(_DELETED, lambda m: rows._deleted(m, *rows._gone(m, *statuses)))

    assert [one for one in found if one] == ([] if is_kept else [_GONE.format(status, asked)])


@pytest.mark.parametrize(
    ("shown", "is_kept"),
    [
        ({"active": False}, True),
        ({"is_active": False}, True),
        ({"isActive": False}, True),
        ({"active": True}, False),
        ({"active": None}, False),
        ({"active": 0}, False),
        ({"status": "Discarded"}, True),
        ({"archivedAt": "now"}, True),
        ({"deleted": False}, False),
    ],
)
def test_a_deleted_row_may_say_itself_that_it_is_deleted(judge: Judge, shown: dict[str, Any], *, is_kept: bool) -> None:
    """A server that keeps deleted rows shows one as inactive, or with a word of its deletion."""
    found = judge(_DELETED, lambda m: rows._deleted(m, m.after(**shown)))

    assert found == ((None,) if is_kept else (_GONE.format(200, "read"),))


def test_a_deletion_that_is_refused_says_nothing_of_what_comes_after_it(judge: Judge) -> None:
    """Where nothing can be deleted the clause does not apply."""
    found = judge(_DELETED, lambda m: rows._deleted(m, *rows._gone(m, read=200), code=405))

    assert found == (NotApplicable("status is 405 when a cancelled appointment is deleted"),)


def test_only_a_deletion_is_followed(judge: Judge) -> None:
    """Steps of another kind are no deletion, whatever they show."""
    assert judge(_DELETED, lambda m: Episode(Kind.LISTS, rows._deleted(m, *rows._gone(m, read=200)).steps)) == ()
