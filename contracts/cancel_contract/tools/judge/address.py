"""Finds the account and the appointment that a recorded URL addresses."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit

from cancel_contract.fragment.endpoint import pattern
from cancel_contract.fragment.shipped import ENDPOINT

_PATH: Final = re.compile(
    rf"{pattern(ENDPOINT.collection, '(?P<account>[^/]*)')}"
    rf"(?:/(?P<id>[^/]*)(?P<cancel>/+{ENDPOINT.verb}(?:\.\w+|/)?)?)?/?",
    re.IGNORECASE,
)
_PLAIN_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)")
_LEADING: Final = re.compile(r"[\s_]*\+?0*([0-9]+(?:_[0-9]+)*)")
_LONGEST: Final = 30
LARGEST_ID: Final = 2**63 - 1


class What(StrEnum):
    """The kinds of addresses."""

    CANCEL = "cancel"
    ONE = "one appointment"
    ALL = "appointments"


@dataclass(frozen=True, slots=True)
class Address:
    """The address of something in an account's scheduling."""

    what: What
    origin: str
    path: str
    query: str
    account: str
    text: str
    """The appointment's id as it is spelled."""
    plain: bool
    """Whether the path is spelled as documented."""

    @property
    def appointment(self) -> int | None:
        """The appointment's number, as the provider reads it (observed); none if no row can have it."""
        return _number(self.text)

    @property
    def account_id(self) -> int:
        """The account's number; 0 where there is none."""
        return _number(self.account) or 0


def address(url: str) -> Address | None:
    """Read a URL; nothing where it leads elsewhere."""
    if f"/{ENDPOINT.nouns[1]}" not in url.lower():
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    found = _PATH.search(parts.path)
    if found is None or found.end() != len(parts.path):
        return None
    what = What.CANCEL if found["cancel"] else What.ONE if found["id"] else What.ALL
    plain = found.group().startswith(f"{ENDPOINT.accounts}/") and found["cancel"] in {None, f"/{ENDPOINT.verb}"}
    # User info is a credential, and no part of where something is.
    host = parts.netloc.rpartition("@")[2]
    return Address(
        what, f"{parts.scheme}://{host}", parts.path, parts.query, found["account"], found["id"] or "", plain
    )


def is_number(text: str) -> bool:
    """Whether an id is spelled as a whole number, negative or not."""
    return _PLAIN_NUMBER.fullmatch(text) is not None


def _number(text: str) -> int | None:
    found = _LEADING.match(unquote(text))
    number = int(found[1].replace("_", "")[:_LONGEST]) if found else 0
    return number if 0 < number <= LARGEST_ID else None
