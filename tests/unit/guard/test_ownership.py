"""What the run owns, what is harmless, and how a foreign id is mapped."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancel_contract.guard.ownership import Ownership, over

HIGH = 2**62 + 2**40


@pytest.fixture
def ours() -> Ownership:
    """Return the ownership of one account and one appointment."""
    return Ownership(frozenset({1}), frozenset({5001}))


def test_owned_ids_are_not_foreign(ours: Ownership) -> None:
    """What was provided, or made since, is ours."""
    ours.own(5002)

    assert ours.appointments == {5001, 5002}
    assert not ours.foreign("5001") | ours.foreign("5002abc") | ours.foreign_account("1")
    assert ours.foreign("5003") == {5003}
    assert ours.foreign_account("5001") == {5001}


def test_an_owned_id_of_many_bits_is_ours(ours: Ownership) -> None:
    """An owned id past 32 bits is ours although its low bits may be a stranger's."""
    ours.own(2**63 - 77)

    assert not ours.foreign(str(2**63 - 77))
    assert ours.foreign(str(2**32 + 12)) == {2**32 + 12, 12}


def test_zero_and_the_impossible_are_harmless(ours: Ownership) -> None:
    """Nobody has the id 0, or one past 63 bits whose low bits are nobody's."""
    assert not ours.foreign("0") | ours.foreign("abc") | ours.foreign(str(2**63)) | ours.foreign(str(2**64))
    assert ours.foreign(str(2**64 + 12)) == {12}


def test_high_ids_are_harmless_once_seen_absent(ours: Ownership) -> None:
    """An id that no counter reaches is harmless after a read has shown it absent."""
    assert ours.probes(str(HIGH)) == ours.foreign(str(HIGH)) == {HIGH}

    ours.saw_absent(HIGH)

    assert not ours.foreign(str(HIGH)) | ours.probes(str(HIGH))


def test_an_account_that_is_absent_says_nothing_of_an_appointment(ours: Ownership) -> None:
    """Absent accounts and absent appointments of the same id are told apart, both ways."""
    ours.saw_absent_account(HIGH)

    assert not ours.foreign_account(str(HIGH))
    assert ours.foreign(str(HIGH)) == ours.probes(str(HIGH)) == {HIGH}

    ours.saw_absent(HIGH + 1)

    assert HIGH + 1 in ours.foreign_account(str(HIGH + 1))


def test_low_accounts_are_never_absent(ours: Ownership) -> None:
    """An account that may be opened in a moment stays a stranger's."""
    ours.saw_absent_account(12)

    assert ours.foreign_account("12") == {12}


def test_low_ids_are_never_absent(ours: Ownership) -> None:
    """An id that may be given out in a moment stays a stranger's, whatever a read has shown."""
    ours.saw_absent(12)

    assert ours.foreign("12") == {12}
    assert not ours.probes("12")


def test_an_absent_id_keeps_its_low_bits(ours: Ownership) -> None:
    """An absent id whose low 32 bits are a stranger's is not harmless."""
    ours.saw_absent(2**40 + 12)

    assert ours.foreign(str(2**40 + 12)) == {12}


@pytest.mark.parametrize(
    ("text", "mapped"),
    [
        ("12abc", "5001abc"),
        ("%2012", "%205001"),
        ("1_2", "5001"),
        ("-12", "-5001"),
        ("12%00", "5001%00"),
        ("abc", "abc"),
    ],
)
def test_ids_are_mapped_in_their_spelling(text: str, mapped: str) -> None:
    """A mapped id is spelled as it was, over an owned number."""
    assert over(text, 5001) == mapped


@given(st.text(alphabet=st.characters(codec="ascii"), max_size=12))
def test_mapping_ends_with_itself(text: str) -> None:
    """What is mapped once does not change when it is mapped again."""
    assert over(over(text, 5001), 5001) == over(text, 5001)
