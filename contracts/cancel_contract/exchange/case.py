"""The record of one request to make, without host and token."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from cancel_contract.exchange.credential import MEMBER, Credential
from cancel_contract.fragment.endpoint import filled
from cancel_contract.fragment.shipped import ENDPOINT


class Intent(StrEnum):
    """The purpose of a case, which decides the legal answers to it."""

    READ = "read"
    LIST = "list"
    CALENDAR = "calendar"
    CREATE = "create"
    REVIVE = "revive"
    UPDATE = "update"
    """A change of an appointment of the run's own."""
    DELETE = "delete"
    """The deletion of an appointment of the run's own."""
    RECOGNISE = "recognise"
    """A read that checks an appointment for a run marker."""
    CLEAN = "clean"
    """A cancel that cleans up."""
    FIRST = "first"
    """A cancel that the member may make, of an appointment known not to be cancelled."""
    REPEAT = "repeat"
    """A cancel that the member may make, of an appointment known to be cancelled."""
    RACED = "raced"
    """A cancel that the member may make, beside another writer: it may lose, and the appointment may be gone."""
    REFUSED = "refused"
    """A cancel by somebody who may not."""
    ODDLY_REFUSED = "oddly refused"
    """A cancel by somebody who may not, so unusual that what stands before the application may refuse it."""
    BESIDE = "beside"
    """A cancel that the member may make, with another scheme's credentials beside the token."""
    AGENT = "agent"
    """A cancel by a program that does not say its name."""
    READONLY = "readonly"
    """A cancel of an imported appointment."""
    UNKNOWN_ID = "unknown id"
    """A cancel of an appointment that is not there."""
    DELETED = "deleted"
    """A cancel of an appointment that the run has deleted."""
    BOUNDARY_ID = "boundary id"
    """A cancel whose id is a number at an edge: 0, negative, past 31 or 63 bits."""
    UNKNOWN_ACCOUNT = "unknown account"
    MALFORMED_ID = "malformed id"
    """A cancel whose id is not a number; a server may cast it, or refuse it before the app sees it."""
    MALFORMED_ACCOUNT = "malformed account"
    BODY = "body"
    """A cancel with a JSON body or a query of fields to assign, which are ignored."""
    BROKEN_BODY = "broken body"
    LARGE_BODY = "large body"
    FOREIGN_BODY = "foreign body"
    """A cancel with a body of another type than JSON."""
    QUERY = "query"
    SHAPE = "shape"
    """A cancel whose body is JSON, and no object."""
    CHUNKED = "chunked"
    """A cancel whose body says at its end how long it is."""
    ACCOUNT_BESIDE = "account beside"
    """A cancel that names another account beside its path."""
    ENVELOPE = "envelope"
    """A cancel whose body is what a read has shown."""
    SWITCH = "switch"
    """A cancel that asks for a dry run, a notice, a refund or the like."""
    REASON = "reason"
    ACCEPT = "accept"
    """A cancel that asks for another type of answer."""
    HEADERS = "headers"
    """A repeated cancel with headers of pages and caches, which it has no use for."""
    OTHER_METHOD = "other method"
    METHOD_OVERRIDE = "method override"
    OTHER_PATH = "other path"


OTHER_METHODS: Final = frozenset({Intent.OTHER_METHOD, Intent.METHOD_OVERRIDE})
"""Requests that must never cancel, so that their answers are not judged as those of cancels."""
_ODD: Final = OTHER_METHODS | {
    Intent.OTHER_PATH,
    Intent.MALFORMED_ID,
    Intent.MALFORMED_ACCOUNT,
    Intent.BROKEN_BODY,
    Intent.LARGE_BODY,
    Intent.FOREIGN_BODY,
    Intent.BODY,
    Intent.QUERY,
    Intent.SHAPE,
    Intent.CHUNKED,
    Intent.ACCOUNT_BESIDE,
    Intent.ENVELOPE,
    Intent.SWITCH,
    Intent.REASON,
    Intent.ACCEPT,
    Intent.HEADERS,
    Intent.ODDLY_REFUSED,
    Intent.BESIDE,
    Intent.AGENT,
}
_NUMBERED: Final = frozenset({Intent.BOUNDARY_ID, Intent.UNKNOWN_ACCOUNT})
_LARGEST: Final = 2**53
"""The largest id that whatever reads numbers can hold: past it some languages round, and a router may refuse it."""
AS_USUAL: Final = ", as usual"
"""How the key of a case ends that sends as usual what was sent oddly before."""
ALONE: Final = " alone"
"""How the key of a case ends that sends one part of an odd request, which stands after a comma."""
TOGETHER: Final = " together"
"""How the key of a case ends that sends several parts of it, which are counted after a comma."""
LIKE: Final = ", like it in "
"""What stands in the key of a case about an appointment that has a part of what another one was made with."""
FINISH: Final = "finish"
"""What stands in keys for the scenario after the last one is over; no run plays it by itself."""
EMPTY_OBJECT: Final = b"{}"
"""The body of libraries that always send one; of all bodies it alone may be sent in chunks."""
PERMITTED: Final = frozenset({Intent.FIRST, Intent.REPEAT})
"""Intents of whoever may take the action, and asks for nothing else."""
READS: Final = frozenset({Intent.READ, Intent.LIST, Intent.CALENDAR, Intent.RECOGNISE})
"""Intents that only read; a GET on a cancel's path is not safe on a wrong server."""
COMPANIONS: Final = READS | {Intent.CREATE, Intent.REVIVE, Intent.UPDATE, Intent.DELETE, Intent.CLEAN}
"""Intents that create, read and clean up appointments, and are not themselves under test."""


@dataclass(frozen=True, slots=True)
class Case:
    """One request: its key names it in every output; `path` is sent as it stands, percent escapes included."""

    key: str
    intent: Intent
    path: str
    method: str = "POST"
    credential: Credential = MEMBER
    query: str = ""
    headers: tuple[tuple[str, bytes], ...] = ()
    body: bytes | None = None
    appointment: int | None = None
    """The owned appointment that it names, if it names one."""
    repeatable: bool = False
    """Whether it may be sent again when the connection broke before an answer came."""
    chunked: bool = False
    """Whether its body is sent in chunks, without its length."""
    other_duration: bool = False
    """Whether its appointment was created with another duration than that of its range."""
    abandoned: bool = False
    """Whether the connection is closed as soon as the request is sent, so that its answer is lost."""
    without: frozenset[str] = frozenset()
    """The headers, in small letters, that all other requests have and this one does not."""
    at_once: int = 0
    """How many other requests leave at the same moment."""
    beside: tuple[Intent, ...] = ()
    """What other writers send at the same moment."""

    @property
    def is_under_test(self) -> bool:
        """Whether it addresses the endpoint under test, and its answer is waited for."""
        return self.intent not in COMPANIONS and not self.abandoned

    @property
    def is_odd(self) -> bool:
        """Whether it may be answered before the application sees it."""
        if self.intent in _NUMBERED:
            ids = ENDPOINT.ids(self.path)
            return not (ids and all(map(_is_of_a_row, ids)))
        return self.intent in _ODD


def appointments_path(account: int | str) -> str:
    """Return the path of an account's appointments (sibling)."""
    return filled(ENDPOINT.collection, account)


def appointment_path(account: int | str, appointment: int | str) -> str:
    """Return the path of one appointment (sibling)."""
    return filled(ENDPOINT.member, account, appointment)


def calendar_path(account: int | str) -> str:
    """Return the path of an account's calendar (sibling)."""
    return filled(ENDPOINT.calendar, account)


def range_query(start: datetime | str, end: datetime | str, **more: object) -> str:
    """Return the query of what lies between two moments, in the list or the calendar (sibling)."""
    begin, until = (it if isinstance(it, str) else it.isoformat() for it in (start, end))
    return urlencode({"from": begin, "to": until, **more})


def _is_of_a_row(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text) <= _LARGEST
