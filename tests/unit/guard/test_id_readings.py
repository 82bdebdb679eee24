"""The numbers that a server may read in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cancel_contract.guard.id_readings import (
    gathered,
    layers,
    readings,
    settled,
    unescaped,
    whole,
    wholes,
)


@pytest.mark.parametrize(
    "text",
    [
        "12", "012", "12abc", " 12", "+12", "%2B12", "%2012", "-12", "1_2", "12%00", "12,3", "12.9", "12e0", "1.2e1",
        "0x0c", "0b1100", "0o14", "014", "١٢", "１２", "%D9%A1%D9%A2", "%31%32", "%2531%2532", "\t12", "\0 12",
        "12;x=1", "12/3", "12%2F3", "%C0%B1%C0%B2", "%u0031%u0032", str(2**32 + 12), str(2**64 + 12), "_12", "'12'",
        "[12]", "120e-1", "0.12e2", "12" + "0" * 400 + "e-400",
    ],
)  # fmt: skip
def test_a_text_is_read_in_every_way(text: str) -> None:
    """What some server reads as 12 has 12 among its readings."""
    assert 12 in readings(text)


@pytest.mark.parametrize("text", ["", "abc", "null", "%00", "-", "%F0%9F%98%80", "x12", "\ufffd", "0x", "e5"])
def test_a_text_without_a_number_is_zero(text: str) -> None:
    """A text that begins with no number is read as 0."""
    assert readings(text) == {0}


def test_a_comma_ends_a_number() -> None:
    """`1,2` is read as 1, as by the real server."""
    assert readings("1,2") == {1}


def test_giant_numbers_keep_their_low_bits() -> None:
    """A number of any length is read, and so is what is left of it in 32 and 64 bits."""
    digits = "1" + "0" * 4500

    assert {10**4500, 0} <= readings(digits)
    assert whole("9" * 9000) == 10**9000 - 1


@pytest.mark.parametrize(
    ("text", "number"), [("12e3", 12000), ("12E+3", 12000), ("12000e-3", 12), ("1e-9", 0), (".5e1", 5)]
)
def test_scientific_numbers_are_read(text: str, number: int) -> None:
    """Mantissa and exponent make one number, what is past its point cut off."""
    assert number in wholes(text)


def test_giant_exponents_end_at_once() -> None:
    """An exponent of any size makes no giant of a number: its low bits are 0 long before."""
    assert readings("12e" + "9" * 5000) >= {12, 0}
    assert readings("12e-" + "9" * 5000) >= {12, 0}


def test_layers_end_where_nothing_changes() -> None:
    """Each layer has one encoding less; a text with too many of them is not settled."""
    assert layers("%252531") == ("%252531", "%2531", "%31", "1")
    assert settled("%252531")
    assert not settled("%" + "25" * 9 + "31")


@pytest.mark.parametrize(("text", "plain"), [("%u002F", "/"), ("\\u0069d", "id"), ("%C0%AF", "/"), ("%c1%81", "A")])
def test_lax_escapes_are_undone(text: str, plain: str) -> None:
    """Escapes that only lax decoders know are undone like the others."""
    assert unescaped(text) == plain


@given(st.text())
def test_every_text_has_readings(text: str) -> None:
    """Whatever a text is, it has a reading, and none is negative."""
    found = readings(text)

    assert found
    assert min(found) >= 0


@given(st.integers(min_value=0, max_value=2**70), st.sampled_from(["{}", "{}x", " {}", "+{}", "-{}", "{}%00", "{}.0"]))
def test_spellings_of_a_number_name_it(number: int, spelling: str) -> None:
    """However it is dressed up, a number is among the readings of its spelling."""
    assert {number, number % 2**32, number % 2**64} <= readings(spelling.format(number))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("5001", {5001}),
        ("5001.0", {0, 50010}),
        ("ivan-5001", {5001}),
        ("5001%27%20AND%20%271%27=%271", {1, 500111}),
        ("%D9%A1-2", {2, 12}),
        # No counter of such ids has come so far.
        ("5001,5002", {5002}),
        ("abc", set()),
    ],
)
def test_routes_and_titles_take_ids_apart(text: str, numbers: set[int]) -> None:
    """They take the last digits, or all of them."""
    assert gathered(text) == numbers
