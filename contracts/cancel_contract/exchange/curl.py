"""Writes a request as a curl command in which placeholders stand for the tokens."""

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Final

from cancel_contract.exchange.credential import Holder
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.request_headers import USER_AGENT
from cancel_contract.redaction.request_ids import HEADER, is_own

LONGEST_BODY: Final = 1200
"""The longest body, in bytes, that the command contains; of a longer one only runs of bytes are kept whole."""
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
"""The shell expression for each near miss of a token N, by the ending of its variable."""

_NAMES: Final = {
    f"ONELINK_{holder.value.upper()}{ending}": text.replace("N", f"ONELINK_{holder.value.upper()}")
    for holder in Holder
    for ending, text in SHELL.items()
}
_NAMED: Final = re.compile(r"\$(" + "|".join(sorted(_NAMES, key=len, reverse=True)) + ")")
_ENCODING: Final = "accept-encoding"
_SKIPPED: Final = frozenset({"host", "content-length", _ENCODING})
_NO_LENGTH: Final = ("content-length", "0")
_DOTS: Final = ("/./", "/../", "/.")
_RUN: Final = re.compile(rb"(.)\1{99,}", re.DOTALL)
"""A run of one byte."""
_PLAIN: Final = frozenset(range(32, 127)) - frozenset(b"%'\\")
"""Bytes that printf and tr take unchanged between quotes."""


def curl(exchange: Exchange) -> str:
    """Return the request as a curl command for a shell in which the variables of the tokens are set."""
    line = " ".join(["curl", *_words(exchange)])
    body = exchange.request_body
    if _is_word(body):
        return f"{line} --data-raw {_quoted(body.decode())}" if body else line
    commands = list(_commands(body))
    made = commands[0] if len(commands) == 1 else f"{{ {'; '.join(commands)}; }}"
    return f"{made} | {line} --data-binary @-"


def _words(exchange: Exchange) -> Iterator[str]:
    method = exchange.case.method
    # With -X HEAD curl waits for a body that never comes.
    yield from ("-sS", "-I") if method == "HEAD" else ("-sS", "-i", "-X", method)
    if any(dots in exchange.url for dots in _DOTS):
        yield "--path-as-is"
    yield _quoted(exchange.url)
    asked_for = {name.lower() for name, _ in exchange.case.headers}
    for name, value in exchange.request_headers:
        if name.lower() not in _SKIPPED - asked_for and not _is_of_the_run(name.lower(), value):
            yield from _header(name, value)
    if _ENCODING in asked_for:
        yield "--compressed"
    for name in sorted(exchange.case.without - _SKIPPED):
        # curl adds it by itself unless it is named without a value.
        yield from ("-H", _quoted(f"{name}:"))
    if not exchange.request_body and _NO_LENGTH in {(name.lower(), text) for name, text in exchange.request_headers}:
        # Without a body curl sends no length, and some servers ask for one.
        yield from _header(*_NO_LENGTH)


def _is_of_the_run(name: str, value: str) -> bool:
    """Whether a header belongs to the run that sent it: its name, and the id under which the log has that request."""
    return (name, value) == ("user-agent", USER_AGENT) or (name == HEADER.lower() and is_own(value))


def _is_word(body: bytes) -> bool:
    """Whether a body can be one argument of the command."""
    return len(body) <= LONGEST_BODY and _is_text(body)


def _is_text(body: bytes) -> bool:
    try:
        return "\0" not in body.decode()
    except UnicodeDecodeError:
        return False


def _commands(body: bytes) -> Iterator[str]:
    """Yield commands that write a body: runs of one byte are generated, the rest is printed."""
    end = 0
    for run in _RUN.finditer(body):
        yield from _printed(body[end : run.start()])
        yield f"head -c {len(run[0])} /dev/zero | tr '\\0' '{_octal(run[1])}'"
        end = run.end()
    yield from _printed(body[end:])


def _printed(part: bytes) -> Iterator[str]:
    if not part:
        return
    cut = f"... and {len(part) - LONGEST_BODY} bytes more" if len(part) > LONGEST_BODY else ""
    shown = part[:LONGEST_BODY]
    if _is_text(part):
        text = shown.decode(errors="ignore")
        yield f"printf %s {_quoted(f'{text}{cut}')}"
    else:
        yield f"printf '{_octal(shown)}{cut}'"


def _octal(part: bytes) -> str:
    """Return bytes as printf and tr take them between quotes."""
    return "".join(chr(byte) if byte in _PLAIN else f"\\{byte:03o}" for byte in part)


def _header(name: str, value: str) -> Iterator[str]:
    found = _NAMED.search(value)
    if found and value.startswith("Basic "):
        yield from ("-u", _quoted(f"{found.group()}:{found.group()}"))
    else:
        # After a colon with nothing behind it curl sends no header at all.
        yield from ("-H", _quoted(f"{name}: {_utf8(value)}" if value else f"{name};"))


def _utf8(value: str) -> str:
    """Return a header's value as the text whose bytes were sent; a recorded one has a character for each byte."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def _quoted(text: str) -> str:
    """Return a quoted word; a secret's variable stands between double quotes, where the shell replaces it."""
    if not _NAMED.search(text):
        return shlex.quote(text)
    plain = _NAMED.split(text)
    words = [_NAMES[part] if number % 2 else _escaped(part) for number, part in enumerate(plain)]
    return f'"{"".join(words)}"'


def _escaped(text: str) -> str:
    return re.sub(r'([\\"`$])', r"\\\1", text)
