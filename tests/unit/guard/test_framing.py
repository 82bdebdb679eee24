"""When the length of a message can be trusted."""

from __future__ import annotations

import pytest

from cancel_contract.guard.framing import framing_fault

OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("tape", "method"),
    [
        (OK + b"Content-Length: 2\r\n\r\n{}", "POST"),
        (OK + b"content-length:2\r\n\r\n{", "POST"),
        (OK + b"\r\nclosed at its end", "POST"),
        (OK + b"Content-Length: +2\r\n\r\n{}}", "POST"),
        (b"HTTP/1.1 200\nContent-Length: 2\n\n{}", "POST"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2;x=1\r\n{}\r\n0\r\n\r\n", "POST"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nExpires: 0\r\n\r\n", "POST"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{", "POST"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", "POST"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n6\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", "POST"),
        (OK + b"Content-Length: 2\r\n\r\n", "HEAD"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", "HEAD"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "DELETE"),
        (
            b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\n{}",
            "POST",
        ),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "POST"),
        (OK + b"Content-Length: 1\r\n", "POST"),
        (b"garbage", "POST"),
        (b"", "POST"),
    ],
)
def test_honest_and_unfinished_messages(tape: bytes, method: str) -> None:
    """A message whose length is stated once, and rightly, has no fault; nor is one told before it is whole."""
    assert framing_fault(tape, method) is None


@pytest.mark.parametrize(
    ("tape", "method", "fault"),
    [
        (OK + b"Content-Length: 2\r\n\r\n{}}", "POST", "Content-Length says 2, the body has 3 bytes"),
        (OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", "POST", "the answer states its length 2 times"),
        (OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "POST",
         "the answer has both a Content-Length and a Transfer-Encoding"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\nmore\r\n\r\n", "POST",
         "8 bytes follow after the last chunk"),
        (OK + b"Content-Length: 2\r\n\r\n{}", "HEAD", "2 bytes follow after an answer that has no body"),
        (b"HTTP/1.1 204 No Content\r\n\r\n{}", "DELETE", "2 bytes follow after an answer that has no body"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 1\r\n\r\n{}", "POST",
         "Content-Length says 1, the body has 2 bytes"),
    ],
)  # fmt: skip
def test_faults(tape: bytes, method: str, fault: str) -> None:
    """A message whose length is contradicted by itself, or by what came, has a fault."""
    assert framing_fault(tape, method) == fault
