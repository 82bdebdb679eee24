"""Checks that no answer shows what a server looks like inside.

The id or the link by which a log finds the request, and a name for a kind of error, are no trace of it.
"""

import re
from collections.abc import Iterator
from typing import Final

from cancel_contract.clauses.clause import Finding, Terms, under_test
from cancel_contract.exchange.difference import Broken, broken
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.redaction.headers import discreet_name

_INTERNALS: Final = re.compile(
    rb"Traceback \(most recent call last\)|\bat [\w.$]+\([\w]+\.(?:java|kt|scala):\d+\)|\.rb:\d+\b|\.py\", line \d+"
    rb"|ActiveRecord::|ActionController::|JSON::ParserError|NoMethodError|PG::\w+|SQLSTATE|ORA-\d{5}|django\.(?:db|core)|org\.springframework"
    rb"|java\.lang\.\w+(?:Exception|Error)|NullPointerException|psycopg2?\.|sqlalchemy\.|/(?:var/www|usr/src|srv/app|app/app|app/vendor)/"
    rb"|\b(?:SELECT|UPDATE|INSERT INTO|DELETE FROM)\b(?:[^<\"\\]|\\.){1,200}\b(?:FROM|SET|VALUES|WHERE)\b"
    rb"|\[WHERE (?:\\.|[\"`\w])",
)
_TRACE_KEYS: Final = frozenset({"trace", "backtrace", "stack", "stacktrace", "stack_trace", "exception", "traces"})
_TRACE_ID: Final = re.compile(r"(?=.*\d)[0-9a-zA-Z:-]{8,64}|<string \d\d?>")
"""The id of a request in a log, as it is or masked in a recording."""
_STAGE: Final = re.compile(r"[A-Za-z][A-Za-z0-9 -]{0,31}")
"""The name of the servers that answer: `production`."""
_KIND_OF_ERROR: Final = re.compile(r"[A-Z][A-Za-z]{0,48}(?:Exception|Error)")
"""The name of an exception without a module, by which some APIs tell kinds of errors: `NotFoundException`."""
_LINK: Final = re.compile(r"https?://[!-~]{1,200}")


def no_internals(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    """No answer shows a stack trace, a path or a query."""
    if not under_test(exchange) or not (answer := exchange.answer):
        return
    # A header holds quotes as they are, a body of JSON behind a backslash.
    lines = ((name, f"{name}: {value}".replace('"', "'")) for name, value in answer.headers)
    places = [(f"header {discreet_name(name)}", line.encode()) for name, line in lines]
    places += [("body", answer.body)] if answer.status != 200 else []
    found = next(((place, match) for place, text in places if (match := _INTERNALS.search(text))), None)
    body = answer.json if isinstance(answer.json, dict) else {}
    keys = {key for key in _TRACE_KEYS & set(body) if body[key] and not _is_harmless(key, body[key])}
    if found:
        text = repr(found[1].group()[:40].decode(errors="replace"))
        yield _inside(text, f"the answer leaks server internals in its {found[0]}: {text}")
    else:
        told = "the answer has the key {!r}, which leaks server internals"
        yield _inside(f"the key {min(keys)!r}", told.format(min(keys))) if keys else None


def _is_harmless(key: str, value: object) -> bool:
    """Whether what stands under a key is no trace: an id in a log, a link to it, or the name of a `stack` or of a kind
    of error.
    """
    named = {"stack": _STAGE, "exception": _KIND_OF_ERROR}.get(key)
    is_named = named is not None and isinstance(value, str) and named.fullmatch(value) is not None
    return is_named or _names_a_trace(value)


def _names_a_trace(value: object) -> bool:
    """Whether a value is the id by which a log finds the request, or holds such ids alone."""
    if isinstance(value, dict):
        return bool(value) and all(map(_names_a_trace, value.values()))
    return isinstance(value, str) and bool(_TRACE_ID.fullmatch(value) or _LINK.fullmatch(value))


def _inside(got: str, told: str) -> Broken:
    return broken("leak", "server internals", got, "none in an answer", told)
