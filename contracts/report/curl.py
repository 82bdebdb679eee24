"""A request as a line for a shell.

Lives here: quoting, and what stands for a secret. May not know: verdicts, answers.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Final

from contracts.credential import Holder
from contracts.exchange import Exchange

LONGEST_BODY: Final = 400
"""Bytes of a request's body that a line holds."""
SHELL: Final[Mapping[str, str]] = {
    "": "${N}",
    "_PREFIX": "${N%?}",
    "_TAIL": "${N#?}",
    "_CASE": "$(printf %s $N | tr a-zA-Z A-Za-z)",
    "_UPPER": "$(printf %s $N | tr a-z A-Z)",
    "_LOWER": "$(printf %s $N | tr A-Z a-z)",
    "_HALF": "$(printf %s $N | cut -c1-$((${#N} / 2)))",
    "_OTHER_HALF": "$(printf %s $N | cut -c$((${#N} / 2 + 1))-)",
}
"""What makes each near miss of a token N in a POSIX shell, by the ending of the name that stands for it."""

_NAMES: Final = {
    f"ONELINK_{holder.value.upper()}{ending}": text.replace("N", f"ONELINK_{holder.value.upper()}")
    for holder in Holder
    for ending, text in SHELL.items()
}
_NAMED: Final = re.compile(r"\$(" + "|".join(sorted(_NAMES, key=len, reverse=True)) + ")")
_SKIPPED: Final = frozenset({"host", "content-length", "user-agent", "accept-encoding"})
_DOTS: Final = ("/./", "/../", "/.")


def curl(exchange: Exchange) -> str:
    """Give the request as a line for a shell in which the tokens' variables are set."""
    return " ".join(["curl", *_words(exchange)])


def _words(exchange: Exchange) -> Iterator[str]:
    method = exchange.case.method
    # With -X HEAD curl waits for a body that never comes.
    yield from ("-sS", "-I") if method == "HEAD" else ("-sS", "-i", "-X", method)
    if any(dots in exchange.url for dots in _DOTS):
        yield "--path-as-is"
    yield _quoted(exchange.url)
    for name, value in exchange.request_headers:
        if name.lower() not in _SKIPPED:
            yield from _header(name, value)
    if exchange.request_body:
        body = exchange.request_body[:LONGEST_BODY].decode("utf-8", "replace")
        yield from ("--data-raw", _quoted(body if len(exchange.request_body) <= LONGEST_BODY else f"{body}..."))


def _header(name: str, value: str) -> Iterator[str]:
    found = _NAMED.search(value)
    if found and value.startswith("Basic "):
        yield from ("-u", _quoted(f"{found.group()}:{found.group()}"))
    else:
        # After a colon with nothing behind it curl sends no header at all.
        yield from ("-H", _quoted(f"{name}: {value}" if value else f"{name};"))


def _quoted(text: str) -> str:
    """Quote a word; a secret's name is put in by the shell, which it does between double quotes only."""
    if not _NAMED.search(text):
        return shlex.quote(text)
    plain = _NAMED.split(text)
    words = [_NAMES[part] if number % 2 else _escaped(part) for number, part in enumerate(plain)]
    return f'"{"".join(words)}"'


def _escaped(text: str) -> str:
    return re.sub(r'([\\"`$])', r"\\\1", text)
