"""The marker of a run: how it is read from what an appointment shows."""

import uuid

import pytest

from cancel_contract.exchange.marker import FORMS, Marker, are_shown

MARKER = Marker("0000000a", 1790000000, 12)


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_read(form: str) -> None:
    """Whatever its references look like, they say whose an appointment is, in the letters that a target keeps."""
    reference, key = MARKER.references(form)

    assert Marker.of(reference, key) == MARKER
    assert MARKER.is_borne(reference and reference.upper(), key.upper())
    assert MARKER.is_of(reference, key)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("changed", ["api:{}", "{} (7)", "{:.20}"])
def test_a_changed_external_ref_is_known_by_the_key(form: str, changed: str) -> None:
    """A prefix, a suffix or a cut leaves a part of it."""
    reference, key = MARKER.references(form)

    assert MARKER.is_borne(reference and changed.format(reference), key)
    assert not MARKER.is_borne(reference and changed.format(reference), "another")


def test_a_hidden_external_ref_is_known_by_the_key() -> None:
    """A caller may not see it."""
    assert Marker.of(None, str(MARKER)) == MARKER
    assert Marker.of(f"crm/{MARKER}", f"00{int('a', 36)}1790000000000000012") == MARKER


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        ("00123", str(MARKER)),
        ("a stranger's", str(MARKER)),
        (f"my {MARKER}", None),
        (f"my {MARKER}", "00123"),
        (7, str(MARKER)),
        ([str(MARKER)], None),
        (None, None),
        ("cancel-contract-0000000a", "cancel-contract-0000000a"),
    ],
)
def test_what_is_not_the_runs_own_has_no_marker(reference: object, key: object) -> None:
    """A key beside another external_ref, and an external_ref of which a marker is only a part, are no marker."""
    assert Marker.of(reference, key) is None


@pytest.mark.parametrize(
    ("shown", "is_part"), [("12345678", True), ("1234567", False), ("x123456789x", True), (None, True), (9, False)]
)
def test_a_part_of_a_reference_has_eight_characters(shown: object, is_part: bool) -> None:  # noqa: FBT001  a table
    """Less may be anybody's."""
    assert are_shown(shown, "key", ("123456789", "key")) is is_part


def test_a_key_that_is_a_uuid_looks_as_if_drawn_by_chance() -> None:
    """Some targets take no other version; of one marker it is always the same."""
    marker = Marker("0a1b2c3d", 1795943341, 44)
    _, key = marker.references("uuid")

    assert (uuid.UUID(key).version, marker.references("uuid")[1]) == (4, key)
