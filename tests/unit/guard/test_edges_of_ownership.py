"""Ownership at its edges: what is no longer owned, what is known of users, and how an id is put over another."""

from __future__ import annotations

import pytest

from cancel_contract.guard.ownership import FIRST_IMPOSSIBLE, FIRST_PROBED, Ownership, over


@pytest.fixture
def ours() -> Ownership:
    """Return the ownership of one account and two appointments."""
    return Ownership(frozenset({1}), frozenset({5001, 2}))


def test_nothing_is_owned_at_first() -> None:
    """A run that was given nothing may change nothing."""
    nobody = Ownership()

    assert nobody.appointments == frozenset()
    assert nobody.foreign("1") == nobody.foreign_account("1") == {1}


def test_what_was_deleted_is_no_longer_owned(ours: Ownership) -> None:
    """An appointment that was deleted is a stranger's, and may be disowned twice."""
    ours.disown(5001)
    ours.disown(5001)

    assert ours.appointments == {2}
    assert ours.foreign("5001") == {5001}


def test_users_are_known_by_their_plain_ids(ours: Ownership) -> None:
    """A known user is no other user, no other spelling of the same, and no appointment."""
    ours.know_user(12)

    assert ours.is_known_user("12")
    assert not any(map(ours.is_known_user, ("13", "012", "12abc", "1", "")))
    assert ours.foreign("12") == {12}


def test_an_id_may_name_another_appointment_of_our_own(ours: Ownership) -> None:
    """Beside strangers, an id may name one of ours that is not the one that is meant."""
    assert ours.another("2", 2) == frozenset()
    assert ours.another("2", 5001) == {2}
    assert ours.another(str(2**32 + 2), 5001) == {2**32 + 2, 2}
    assert ours.another(str(2**32 + 2), 2) == {2**32 + 2}
    assert ours.another("7", 7) == {7}


@pytest.mark.parametrize(
    ("number", "is_absent"), [(FIRST_PROBED - 1, False), (FIRST_PROBED, True), (FIRST_IMPOSSIBLE - 1, True)]
)
def test_absence_is_remembered_from_the_first_probed_id_on(ours: Ownership, number: int, *, is_absent: bool) -> None:
    """An id that no counter reaches is remembered as absent, for appointments as for accounts."""
    assert number in ours.foreign(str(number)) & ours.foreign_account(str(number))
    assert (number in ours.probes(str(number))) is is_absent

    ours.saw_absent(number)
    ours.saw_absent_account(number)

    assert (number not in ours.foreign(str(number))) is is_absent
    assert (number not in ours.foreign_account(str(number))) is is_absent


@pytest.mark.parametrize(("number", "is_foreign"), [(0, False), (1, True), (2**63 - 1, True), (2**63, False)])
def test_a_number_that_a_row_may_have_is_a_strangers(number: int, *, is_foreign: bool) -> None:
    """From 1 on, up to the largest number of 63 bits, an id that is not owned is a stranger's."""
    assert (number in Ownership().foreign(str(number))) is is_foreign


@pytest.mark.parametrize(
    ("text", "mapped"),
    [
        ("12%2", "5001%2"),
        ("12%", "5001%"),
        ("12%2f13", "5001%2f5001"),
        ("%aF12", "%aF5001"),
        ("1__2_", "5001"),
        ("_12", "_5001"),
        ("12.5", "5001.5001"),
        ("", ""),
    ],
)
def test_escapes_keep_their_digits(text: str, mapped: str) -> None:
    """Percent escapes are kept, whole or cut off, and each number between them is mapped."""
    assert over(text, 5001) == mapped
