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
_FRAME: Final = re.compile(
    r"\n|\.\w{1,5}:\d|\bline \d|(?<![\w:/])/\w[\w.-]*/|\w\([^()]*\)|::|\w\\\w|\b[a-z_]\w*(?:\.[A-Za-z_]\w*){2}|\w[#$]\w|#<"
)
"""What a line of a trace has, and no id or name of an error: a place in a file, a path, a call, a class in its module."""
_PARTS: Final = frozenset({"file", "filename", "line", "lineno", "function", "method", "class", "frames"})
"""Keys of a line of a trace."""


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
    keys = {key for key in _TRACE_KEYS & set(body) if _has_a_frame(body[key])}
    if found:
        text = repr(found[1].group()[:40].decode(errors="replace"))
        yield _inside(text, f"the answer leaks server internals in its {found[0]}: {text}")
    else:
        told = "the answer has the key {!r}, which leaks server internals"
        yield _inside(f"the key {min(keys)!r}", told.format(min(keys))) if keys else None


def _has_a_frame(value: object) -> bool:
    """Whether a value has a line of a trace: an id in a log, a link to it and a name for a kind of error are none."""
    if isinstance(value, dict):
        return not _PARTS.isdisjoint(value) or any(map(_has_a_frame, value.values()))
    if isinstance(value, list):
        return any(map(_has_a_frame, value))
    return isinstance(value, str) and _FRAME.search(value) is not None


def _inside(got: str, told: str) -> Broken:
    return broken("leak", "server internals", got, "none in an answer", told)
