"""A body in chunks states no length, and its case says that it is one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cancel_contract.guard.request import request_of
from tests.unit.guard.test_chunks import CHUNKED

if TYPE_CHECKING:
    from tests.unit.bench import Bench


@pytest.mark.parametrize("header", ["content-length", "Content-Length"])
def test_chunks_state_no_length(bench: Bench, header: str) -> None:
    """A length beside chunks would let two servers find two bodies, even where it is right."""
    request = request_of(CHUNKED, bench.target)
    assert bench.guard.objection(request) is None

    request.headers[header] = "2"

    assert bench.guard.objection(request) == (
        "its header transfer-encoding changes where its body ends or what it says"
    )


def test_what_no_case_declares_is_told(bench: Bench) -> None:
    """The reason is that the case does not say that its body is sent in chunks."""
    request = request_of(CHUNKED, bench.target)
    request.extensions["case"] = replace(CHUNKED, chunked=False)

    assert bench.guard.objection(request) == "no case declared that its body is sent in chunks"
