"""Says in words how a text was changed, without a character of it: a text may be a person's."""

import html
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

from cancel_contract.exchange.quantities import counted, moved
from cancel_contract.fragment.schema_errors import form_of

_NEAR: Final = 31
"""Days by which a mistake moves a date: between those of two persons are more, as a rule."""
_DIGITS: Final = 6
"""Digits of the shortest number or date whose spelling says something."""
_MASKS: Final = "*•xX#"
"""Signs that stand for characters which are not to be seen."""
_NUMBER: Final = re.compile(r"\d+(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)
_CHANGES: Final[tuple[tuple[str, Callable[[str], str]], ...]] = (
    ("the blanks at its ends are gone", str.strip),
    ("its blanks are gone", lambda text: "".join(text.split())),
    ("where several blanks were is one", lambda text: " ".join(text.split())),
    ("its leading zeros are gone", lambda text: text.lstrip("0")),
    ("all but its digits is gone", lambda text: "".join(filter(str.isdigit, text))),
    ("all but its letters and digits is gone", lambda text: "".join(filter(str.isalnum, text))),
    ("it is in small letters", str.lower),
    ("it is in capitals", str.upper),
    ("each of its words begins with a capital", str.title),
    *((f"it has the Unicode form {form}", partial(unicodedata.normalize, form)) for form in ("NFC", "NFD", "NFKC")),
    ("its UTF-8 was read as Latin-1", lambda text: text.encode().decode("latin-1")),
    ("what is not ASCII is gone", lambda text: text.encode("ascii", "ignore").decode()),
    ("what is not ASCII has become question marks", lambda text: text.encode("ascii", "replace").decode()),
    ("it is escaped as HTML", html.escape),
    ("each of its backslashes is doubled", lambda text: text.replace("\\", "\\\\")),
    ("its quotes have backslashes before them", lambda text: re.sub(r"(['\"])", r"\\\1", text)),
    ("it has lost its line breaks", lambda text: text.replace("\n", " ")),
)


def how_changed(text: str, was: str) -> str:
    """Return what was done to a text: `the blanks at its ends are gone`; empty where nothing simple explains it."""
    if not text or text == was:
        return ""
    simply = next((told for told, made in _CHANGES if made(was) == text), "")
    return simply or _as_number(text, was) or _moved(text, was) or _cut_or_longer(text, was) or _reformed(text, was)


def _as_number(text: str, was: str) -> str:
    """Say so where a text of digits, or with an exponent, went through a number."""
    is_number = _NUMBER.fullmatch(text) and _NUMBER.fullmatch(was)
    return "it was read as a number" if is_number and float(text) == float(was) else ""


def _reformed(text: str, was: str) -> str:
    """Return how a number or date without letters is spelled, where it was spelled otherwise."""
    forms = [
        form_of(one)
        for one in (text, was)
        if sum(map(str.isdigit, one)) >= _DIGITS and not re.search("[^\\W\\d_]", one)
    ]
    return f"it is spelled {forms[0]}, not {forms[1]}" if len({*filter(None, forms)}) > 1 else ""


def _moved(text: str, was: str) -> str:
    """Return by how much a moment has moved; a date by how many days, where it is so near that it is the same person's,
    or by how many years, where it is the same day of a year.
    """
    try:
        now, then = date.fromisoformat(text), date.fromisoformat(was)
    except ValueError:
        later = moved(text, was)
        return f"it is {later}" if later else ""
    years, days = now.year - then.year, (now - then).days
    if years and (now.month, now.day) == (then.month, then.day):
        return _later(years, "year")
    return _later(days, "day") if 0 < abs(days) <= _NEAR else ""


def _later(count: int, unit: str) -> str:
    return f"it is {counted(abs(count), unit)} {'later' if count > 0 else 'earlier'}"


def _cut_or_longer(text: str, was: str) -> str:
    if was.startswith(text):
        return f"it is cut after {len(text)}"
    if was.endswith(text):
        return f"its first {len(was) - len(text)} are gone"
    if was and text.startswith(was):
        return f"{len(text) - len(was)} were added behind it"
    if was and text.endswith(was):
        return f"{len(text) - len(was)} were added before it"
    return _of_one_length(text, was) if len(text) == len(was) else ""


def _of_one_length(text: str, was: str) -> str:
    """Return how many characters of a text are others, or masked; where most are others, it is another text."""
    others = [place for place, (one, other) in enumerate(zip(text, was, strict=True)) if one != other]
    signs = {text[place] for place in others}
    if len(signs) == 1 and (sign := signs.pop()) in _MASKS:
        return f"{len(others)} of {len(was)} characters are masked, as {sign}"
    return f"{len(others)} of {len(was)} characters are others" if 2 * len(others) <= len(was) else ""
