"""How the fragment is found and read, and which documents are refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cancel_contract.fragment import document as fragment
from cancel_contract.fragment.document import FragmentError
from cancel_contract.fragment.yaml_loader import parsed

if TYPE_CHECKING:
    from pathlib import Path

SUBJECT = fragment.load()


def test_shipped_fragment_is_read_once() -> None:
    """Asking again for the shipped fragment gives the same record."""
    assert fragment.load() is SUBJECT


def test_digest_is_of_the_bytes(tmp_path: Path) -> None:
    """The digest is twelve hexadecimal digits and changes with any byte of the file."""
    other = tmp_path / "fragment.yaml"
    other.write_bytes(SUBJECT.path.read_bytes() + b"\n")

    assert len(SUBJECT.digest) == 12
    assert int(fragment.load(other).digest, 16) != int(SUBJECT.digest, 16)


def written(path: Path, text: str) -> Path:
    """Write a fragment's text and return where."""
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("openapi: 3.0.3", "has OpenAPI version 3.0.3, not 3.1; rewrite it in 3.1"),
        ("[]", "has OpenAPI version missing, not 3.1; rewrite it in 3.1"),
        ("openapi: 3.1.0", "has 0 operations, not 1; move the others elsewhere"),
        (
            "{openapi: 3.1.0, paths: {/a: {get: {}, summary: x}, /b: {post: {}}}}",
            "has 2 operations, not 1; move the others elsewhere",
        ),
        (
            "{openapi: 3.1.0, paths: {/a: {post: {responses: {default: {}}}}}}",
            "has a default answer; name each status instead",
        ),
    ],
)
def test_other_documents_are_refused(tmp_path: Path, text: str, expected: str) -> None:
    """A document that cannot be the fragment is refused with what it has and what it may have."""
    path = written(tmp_path / "other.yaml", text)

    with pytest.raises(FragmentError) as caught:
        fragment.load(path)

    assert str(caught.value) == f"the fragment {path} {expected}"


def test_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    """A file that is no YAML is refused with the parser's words."""
    path = written(tmp_path / "broken.yaml", "openapi: [")

    with pytest.raises(FragmentError, match=r"(?s)broken\.yaml is no YAML: .*; correct the file$"):
        fragment.load(path)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """A path without a file is refused by name."""
    path = tmp_path / "missing.yaml"

    with pytest.raises(FragmentError) as caught:
        fragment.load(path)

    assert str(caught.value) == f"the fragment {path} cannot be read: No such file or directory; name another file"


def test_installed_copy_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fragment is found inside the package when no checkout is around it."""
    copied = tmp_path / "contracts" / "cancel_contract" / "openapi" / fragment.FILE_NAME
    copied.parent.mkdir(parents=True)
    copied.write_bytes(SUBJECT.path.read_bytes())
    monkeypatch.setattr(
        fragment, "__file__", str(tmp_path / "contracts" / "cancel_contract" / "fragment" / "document.py")
    )

    assert fragment._shipped.__wrapped__().path == copied


def test_package_without_fragment_says_where_it_looked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that lost its fragment names both places where it looked."""
    monkeypatch.setattr(
        fragment, "__file__", str(tmp_path / "contracts" / "cancel_contract" / "fragment" / "document.py")
    )

    with pytest.raises(FragmentError) as caught:
        fragment._shipped.__wrapped__()

    checkout = tmp_path / "openapi" / fragment.FILE_NAME
    wheel = tmp_path / "contracts" / "cancel_contract" / "openapi" / fragment.FILE_NAME
    assert str(caught.value) == f"no fragment at {checkout} or {wheel}; install the package again"


def test_answer_without_json_has_no_shape(tmp_path: Path) -> None:
    """An answer that is named without a JSON body has no schema to break."""
    document = parsed(SUBJECT.path.read_text())
    document["components"]["responses"]["Conflict"].pop("content")

    loaded = fragment.load(written(tmp_path / "bare.yaml", json.dumps(document)))

    assert 409 in loaded.statuses
    assert loaded.answer_errors(409, "anything") == ()
