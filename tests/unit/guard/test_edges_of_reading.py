"""Edge cases of reading numbers and paths; each kills a mutant that once survived."""

from __future__ import annotations

import pytest

from cancel_contract.guard import paths as naming
from cancel_contract.guard.id_readings import (
    MOST_LAYERS,
    layers,
    settled,
    spellings,
    truncated,
    wholes,
)
from cancel_contract.guard.ownership import FIRST_PROBED, Ownership, over

ROOT = "/api/v1/accounts/1/scheduling/appointments"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("\u0661\u0660", 10), ("\u0660\u0661\u0662", 12), ("\u0be7\u0be8", 12), ("1_2", 12), ("0x1_0", 16),
        ("0b1_1", 3), ("0o1_7", 15), ("+1.2e1", 12), ("-1.2e1", 12), ("1_2e0", 12), ("1.2e+1", 12), ("120e-1", 12),
        ("1.5E1e9", 15), (".12e2", 12), ("0x_", 0), ("a+", 0), ("1__2", 12), ("12_", 12), ("1__2e0", 12),
        ("\u1369\u136a", 12), ("\u0660x10", 16), ("0x\u0661\u0660", 16),
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(text: str, number: int) -> None:
    """Digits of other scripts, underscores, signs, bases and exponents are all seen through."""
    assert number in wholes(text)


def test_a_plus_sign_is_a_blank_to_some() -> None:
    """`1+2` may arrive as `1 2`, and as nothing else."""
    assert spellings("1+2") == {"1+2", "1 2"}


def test_a_number_is_cut_to_32_and_to_64_bits() -> None:
    """What a counter of 32 and one of 64 bits keep of a number are readings of their own."""
    assert truncated(2**64 + 2**40 + 12) == {2**64 + 2**40 + 12, 2**40 + 12, 12}


def test_as_many_layers_are_undone_as_are_looked_at() -> None:
    """A text with the most layers is settled; one with another layer is not."""
    most = "%" + "25" * (MOST_LAYERS - 1) + "31"

    assert layers(most)[-1] == "1"
    assert len(layers(most)) == MOST_LAYERS + 1
    assert settled(most)
    assert not settled("%" + "25" * MOST_LAYERS + "31")


@pytest.mark.parametrize(
    "path", [f"{ROOT}/7", f"{ROOT}//7/cancel", f"{ROOT}/7/cancel/", f"{ROOT}/./7/CANCEL", "/" + ROOT + "/7"]
)
def test_one_appointment_or_its_cancel_is_seen(path: str) -> None:
    """Doubled slashes, dots and capitals do not hide that a path is one appointment."""
    assert naming.is_one_appointment(path)


@pytest.mark.parametrize(
    "path", [ROOT, f"{ROOT}/", f"{ROOT}/cancel", f"{ROOT}/7/8/cancel", f"{ROOT}/7%2F8", "/x/7", "\\" + ROOT[1:] + "/7"]
)
def test_anything_else_is_not(path: str) -> None:
    """A list, a cancel of nothing, and more segments than one appointment has are no appointment."""
    assert not naming.is_one_appointment(path)


@pytest.mark.parametrize("word", ["cancel", "Cancel", "CANCEL", "%63ancel", "can%63el", "cancel;x", "cancel.json"])
def test_a_cancel_is_seen_however_it_is_spelled(word: str) -> None:
    """The word is found in any case and under escapes; a path without it is no cancel."""
    assert naming.cancels(f"{ROOT}/7/{word}")
    assert not naming.cancels(f"{ROOT}/7")


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (f"{ROOT}\\12\\cancel", "12"), (f"{ROOT}/5001/../12/cancel", "12"), (f"{ROOT}/./12/cancel", "12"),
        (f"{ROOT};a=b/12/cancel", "12"), (f"{ROOT}/5001/..;x/12/cancel", "12"), (f"{ROOT}/12%23%0Ax/cancel", "12"),
        (f"{ROOT}/12;x/cancel", "12"), (f"{ROOT}/12%3Fx/cancel", "12"), (f"{ROOT}//12/cancel", "12"),
    ],
)  # fmt: skip
def test_what_servers_tidy_away_is_seen_through(path: str, names: str) -> None:
    """Doubled slashes, backslashes, dots, parameters and fragments are undone as some servers do before they look."""
    assert names in naming.appointments(path)


def test_the_first_probed_id_may_be_probed() -> None:
    """The id from which a read may show absence is itself one of them, and is kept once seen."""
    ownership = Ownership(frozenset({1}), frozenset({5001}))

    assert FIRST_PROBED in ownership.probes(str(FIRST_PROBED))
    ownership.saw_absent(FIRST_PROBED)
    assert not ownership.probes(str(FIRST_PROBED))
    assert FIRST_PROBED - 1 not in ownership.probes(str(FIRST_PROBED - 1))


def test_the_first_probed_account_may_be_probed() -> None:
    """An account of that id, once seen absent, is a stranger's no more; one below stays a stranger's."""
    ownership = Ownership(frozenset({1}), frozenset({5001}))

    for account in (FIRST_PROBED, FIRST_PROBED - 1):
        ownership.saw_absent_account(account)
    assert not ownership.foreign_account(str(FIRST_PROBED))
    assert ownership.foreign_account(str(FIRST_PROBED - 1)) == {FIRST_PROBED - 1}


@pytest.mark.parametrize(("text", "mapped"), [("%F12", "%F17"), ("%f12", "%f17"), ("%2A12", "%2A7"), ("%aF12", "%aF7")])
def test_escapes_keep_their_digits(text: str, mapped: str) -> None:
    """Hexadecimal digits of an escape, small and capital, are no part of the number."""
    assert over(text, 7) == mapped
