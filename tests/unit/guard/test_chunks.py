"""A body in chunks leaves only where its case says so, and where nothing can be read into it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cancel_contract.errors import Refused
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.guard.request import request_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.bench import Bench
    from tests.unit.conftest import Inner

CHUNKED = Case("test", Intent.CHUNKED, ACTION.path(1, 5001), body=b"{}", appointment=5001, chunked=True)


def test_an_empty_object_leaves_in_chunks(make_bench: Callable[..., Bench], inner: Inner) -> None:
    """It has no length, and the coding that says so."""
    make_bench(inner).sender.send(CHUNKED)

    assert inner.sent[0].headers["transfer-encoding"] == "chunked"
    assert "content-length" not in inner.sent[0].headers
    assert inner.sent[0].content == b"{}"


@pytest.mark.parametrize("body", [b"", b"{ }", b'{"id": 5001}', b"POST / HTTP/1.1\r\n\r\n"])
def test_another_body_does_not(make_bench: Callable[..., Bench], inner: Inner, body: bytes) -> None:
    """A server that does not know chunks might take it for another request."""
    with pytest.raises(Refused, match="its header transfer-encoding changes where its body ends or what it says"):
        make_bench(inner).sender.send(replace(CHUNKED, body=body))
    assert inner.sent == []


def test_chunks_need_a_case_that_says_so(make_bench: Callable[..., Bench], inner: Inner) -> None:
    """The same request of a case that declares none does not leave."""
    bench, case = make_bench(inner), replace(CHUNKED, chunked=False)
    request = request_of(CHUNKED, bench.target)
    request.extensions["case"] = case

    with pytest.raises(Refused, match="no case declared that its body is sent in chunks"):
        bench.connection.guard.handle_request(request)
    assert inner.sent == []
