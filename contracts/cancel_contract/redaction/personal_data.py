"""Masks personal data in server text.

Words of the API are shown; whatever may be a name, a telephone number or an encoded text is replaced by its length.
"""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from http import HTTPStatus
from typing import Any, Final

from cancel_contract.fragment.document import load
from cancel_contract.redaction.request_ids import OWN_FORM

_TEXTS: Final = frozenset({"description", "summary", "error", "errors", "enum"})
"""Keys of the fragment under which words of the API stand, and no personal samples."""
_TECHNICAL: Final = frozenset(
    {"select", "update", "insert", "into", "delete", "from", "set", "values", "where", "sqlstate", "traceback"}
)
"""Words that tell a developer what a server has disclosed."""
_OPENING: Final = frozenset(
    """a already an and access another appointments at because before cancellation cancelling can can't cannot could
    couldn't database deadlock deposit duplicate each every expired failed failure finished for future has have if in
    internal is it late lock member missing must no nobody nothing once only or other our paid past payment permission
    please record refund reservation room schedule settled slot slots so something sorry stale still such that there
    these they this those time to today tomorrow too unable unexpected unknown until validation we what whatever when
    while with without wrong yesterday you your""".split()  # noqa: SIM905  a line each would be a page
)
"""Words with which the text of a refusal begins, or a sentence in it; none is a name."""
_EDGE: Final = r"(?:[\s\"'`.,;!?()\[\]{}<>«»*=]|(?<!:):(?!:))*"
_TOKEN: Final = re.compile(rf"({_EDGE})(\S*?)({_EDGE})(?=\s|$)")
_PLAIN: Final = re.compile(
    r"""
    \$[A-Z][A-Z_]+                         # what stands for a secret
    | [A-Z][A-Z0-9]*(_[A-Z0-9]+)+          # APPOINTMENT_READ_ONLY
    | [A-Z]{2,4}-\d{1,5}                   # ORA-00942
    | [a-z]+([_./:-]+[a-z]+)*[/:]*         # service_amount, read-only, app/services
    | [a-z_./-]+[:=]\d{1,6}(:[a-z]+)?      # cancel_service.rb:42:in, max-age=3600
    | \w*(Error|Exception)                 # NoMethodError
    | [A-Z]\w+(::\w*)+                     # ActiveRecord::RecordNotFound
    | charset=[\w-]+
    | -?\d{1,6}(\.\d{1,2})?                # nobody's telephone or identity number
    """,
    re.VERBOSE | re.ASCII,
)
_DIGITS: Final = re.compile(r"\+?\d[\d ()-]{5,}\d")
"""What may be a telephone or identity number in a text."""
_KEY: Final = re.compile(r"(?!([A-Za-z_]*\d){5})[a-z_]\w*", re.ASCII)
"""A name with a few digits; one with more is a number, or something encoded."""
_NUMBERS: Final = re.compile(r"id|\w+_id|\w*amount|status|duration_min")
"""Fields with large numbers that are not personal."""
_SMALL: Final = 10**6
"""A number below this is no telephone or identity number."""
_QUOTED: Final = re.compile(r"(?<!\w)(b?(['\"]))((?:[^\\]|\\.)*?)\2(?!\w)", re.DOTALL)
_MOMENT: Final = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?"
_KEPT: Final = re.compile(rf"(<string \d+>|{_MOMENT}|(?<![\w-]){OWN_FORM}(?![\w-]))")
"""What was replaced by its length already, timestamps, and the run's own ids."""


def discreet(text: str, own: AbstractSet[str] = frozenset()) -> str:
    """Return a server's text in which each word that may be personal is replaced by its length.

    `own` are numbers that the request itself names, and that are shown.
    """
    kept = _keeping(frozenset(own)) if own else _KEPT
    return "".join(part if number % 2 else _words(part) for number, part in enumerate(kept.split(text)))


@lru_cache(maxsize=64)
def _keeping(numbers: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(numbers, key=len, reverse=True)
    return re.compile(rf"({_KEPT.pattern[1:-1]}|(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w))")


def discreet_key(key: str) -> str:
    """Return the name of a field; one that no API would choose is replaced by its length."""
    return key if _KEY.fullmatch(key) else f"<key {len(key)}>"


def may_be_a_persons(number: float, field: str) -> bool:
    """Whether the number in a field may be a telephone or identity number."""
    return field.startswith("client_") or (abs(number) >= _SMALL and not _NUMBERS.fullmatch(field))


def discreet_quotes(message: str, own: AbstractSet[str] = frozenset()) -> str:
    """Return a message of ours in which quotations of a server are masked, but for `own` numbers."""
    return _QUOTED.sub(lambda found: f"{found[1]}{discreet(found[3], own)}{found[2]}", message)


def _words(text: str) -> str:
    numbers = _DIGITS.split(text)
    lengths = [f"<string {len(number)}>" for number in _DIGITS.findall(text)]
    told = [_TOKEN.sub(_masked_word, part) for part in numbers]
    return "".join(part + length for part, length in zip(told, [*lengths, ""], strict=True))


def _masked_word(found: re.Match[str]) -> str:
    before, word, after = found.groups()
    is_word = re.sub("[-'’]", "", word).isalpha() and word.islower()
    known = not word or is_word or word.lower() in _vocabulary() or _PLAIN.fullmatch(word)
    return found[0] if known else f"{before}<string {len(word)}>{after}"


@cache
def _vocabulary() -> frozenset[str]:
    """Return every word of the fragment's prose and of its fields, in lower case."""
    words = {word.lower() for text in _prose(load().document) for word in re.findall(r"[A-Za-z]+", text)}
    phrases = {word for status in HTTPStatus for word in re.findall(r"[a-z]+", status.phrase.lower())}
    return frozenset(words | phrases) | _TECHNICAL | _OPENING


def _prose(node: Any, key: str = "") -> Iterator[str]:  # noqa: ANN401  JSON's boundary
    if isinstance(node, Mapping):
        yield from map(str, node)
        for name, inner in node.items():
            yield from _prose(inner, str(name))
    elif isinstance(node, list):
        for inner in node:
            yield from _prose(inner, key)
    elif isinstance(node, str) and key in _TEXTS:
        yield node
