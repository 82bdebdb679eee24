"""Says in plain words how a request was made, where its record has a short private name."""

import re
from collections.abc import Mapping
from typing import Final

from cancel_contract.exchange.case import ALONE, EMPTY_OBJECT, Case, Intent
from cancel_contract.exchange.credential import MEMBER
from cancel_contract.exchange.strict_json import parse_json
from cancel_contract.fragment.shipped import ENDPOINT

CARRIED: Final[Mapping[str, str]] = {
    "right": "with the right token",
    "dashes": "with dashes in the name of the token's header",
    "none": "without a token",
    "empty": "with an empty token",
    "wrong": "with a wrong token of the right length",
    "long": "with a token of 5000 characters",
    "non-ascii": "with a token of letters beyond ASCII",
    "prefix": "with a token that lacks its last character",
    "suffix": "with a token that has a character more",
    "tail": "with a token that lacks its first character",
    "case": "with a token in other letter case",
    "inner-blank": "with a token that has a blank inside",
    "query": "with the token in the query, not the header",
    "bearer": "with the right token in Authorization, as Bearer",
    "basic": "with the right token in Authorization, as Basic",
    "cookie": "with the token in a cookie, not the header",
    "body": "with the token in the body, not the header",
    "other-header": "with the token in other headers than its own",
    "wildcard": "with % as the token",
    "null": "with null as the token",
    "undefined": "with undefined as the token",
    "true": "with true as the token",
    "zero": "with 0 as the token",
    "quote": "with a token that is a piece of SQL",
    "underscores": "with a token of underscores alone",
    "star": "with * as the token",
    "expression": "with .* as the token",
    "half": "with the first half of the token",
    "start": "with a token of which the second half is another",
    "other-half": "with the second half of the token",
    "cookie-and-query": "with the token in cookie and query, not the header",
    "both-wrong": "with two wrong tokens",
    "right-first": "with a right token and then a wrong one",
    "twice": "with a wrong token and then the right one",
}
"""The ways to carry a token, by their names in `SHOWINGS`."""
HELD: Final[Mapping[str, str]] = {
    "unprivileged": "with the token of a member who may not cancel",
    "foreign": "with the token of another account's member",
    "second": "with the token of a second member of the same account",
}
"""Whose token it is, by the names of `Holder` in small letters; the member's own is not mentioned."""
EARLIER: Final = "earlier"
"""The topic of a refusal whose appointment is looked at once more at the end."""
_OTHERS: Final[Mapping[str, str]] = {
    "foreign appointment": "for an appointment of another account",
    "foreign account": "under another account",
    "unknown account": "under an account that nobody has",
    "feature off": "where scheduling is switched off",
    EARLIER: "some time before the end of the run",
    "no Accept": "without Accept",
    "no User-Agent": "without User-Agent",
}
"""Topics of episodes that are about something else than a token."""
OF_WHAT: Final = frozenset(_OTHERS[topic] for topic in ("foreign appointment", "foreign account", "unknown account"))
"""The words for whose the appointment or the account is that a refused cancel asks for."""
_OF_PLACES: Final = frozenset({"cookie-and-query", "other-header"})
"""Ways to carry a token in several places, which are tried one at a time."""
_OVER: Final = f", and in {ENDPOINT.token_header} that of a member who may not cancel"
_NOT_THERE: Final = ", not the header"
AT_ONCE: Final = "at the same moment as"
"""How the part of a case begins that says how many requests leave with it."""
ANSWERED: Final = "the answer is a"
"""How traits begin that are about neither the request nor its appointment."""
OTHER_MEMBER: Final = "another member had cancelled it first"
"""The trait of a repeated cancel, or of an episode that begins with a member's cancel and goes on with another's."""
BODILESS: Final = "without a body"
"""The trait of a cancel by somebody who may not, and sends no body at all."""
READ, NOT_READ = "read before", "not read before"
LOOKED: Final = frozenset({READ, NOT_READ})
"""Traits that say only whether somebody had looked."""
ASKED: Final[Mapping[Intent, str]] = {
    Intent.FIRST: "a first cancel",
    Intent.REPEAT: "a repeated cancel",
    Intent.RACED: "a cancel beside another change",
    Intent.REFUSED: "a cancel that is to be refused",
    Intent.ODDLY_REFUSED: "a cancel that is to be refused",
    Intent.BESIDE: "a cancel with Authorization beside the token",
    Intent.AGENT: "a cancel without User-Agent",
    Intent.READONLY: "a cancel of an imported appointment",
    Intent.UNKNOWN_ID: "a cancel of an appointment that is not there",
    Intent.DELETED: "a cancel of a deleted appointment",
    Intent.BOUNDARY_ID: "a cancel whose id is at the edge of numbers",
    Intent.UNKNOWN_ACCOUNT: "a cancel in an account that is not there",
    Intent.MALFORMED_ID: "a cancel whose id is not a number",
    Intent.MALFORMED_ACCOUNT: "a cancel whose account is not a number",
    Intent.BODY: "a cancel with a JSON body",
    Intent.BROKEN_BODY: "a cancel with a body that is not JSON",
    Intent.LARGE_BODY: "a cancel with a large body",
    Intent.FOREIGN_BODY: "a cancel with a body of another type than JSON",
    Intent.QUERY: "a cancel with a query",
    Intent.SHAPE: "a cancel whose JSON body is not an object",
    Intent.CHUNKED: "a cancel whose body comes in chunks",
    Intent.ACCOUNT_BESIDE: "a cancel that names another account beside its path",
    Intent.ENVELOPE: "a cancel with the appointment, as it was read, in its body",
    Intent.SWITCH: "a cancel with a switch in its query or body",
    Intent.REASON: "a cancel with a reason",
    Intent.ACCEPT: "a cancel that asks for another type of answer",
    Intent.HEADERS: "a repeated cancel with headers of a page of the target's own",
    Intent.OTHER_METHOD: "a request with another method",
    Intent.METHOD_OVERRIDE: "a request that names another method",
    Intent.OTHER_PATH: "a request to another path",
}
"""What is asked, of requests under test; a companion is told by its clause."""
_BESIDE: Final[Mapping[Intent, str]] = {
    Intent.READ: "a read",
    Intent.LIST: "the list",
    Intent.CALENDAR: "the calendar",
    Intent.CREATE: "a booking",
    Intent.REVIVE: "an update",
    Intent.UPDATE: "an update",
    Intent.DELETE: "a deletion",
    Intent.RECOGNISE: "a read",
    Intent.CLEAN: "a cancel at the end",
}
"""What companions ask for, as a step among others."""
_CHANGES: Final = frozenset({Intent.REVIVE, Intent.UPDATE})
_LARGEST: Final = 2**32
_END: Final = re.compile(rf"(?<=/){re.escape(ENDPOINT.verb)}\S+$")
"""What stands behind the usual path, with its last word."""
SHORT_HEADER: Final = 20
"""Characters of a header's value that are told: a longer one is no short sign."""
_BESIDE_ID: Final = re.compile(r"/\d+,(\d{1,18})/", re.ASCII)
_QUERIED_ID: Final = re.compile(r"(?:^|&)(?:appointment_)?id=(\d{1,18})(?=&|$)", re.ASCII)
_ID: Final = re.compile(r"/(\d+)(?=/|$)", re.ASCII)
_OF_PARTS: Final = frozenset({Intent.SWITCH, Intent.BODY, Intent.QUERY, Intent.HEADERS})
"""Cancels that ask for many things at once."""
_BODILESS: Final = frozenset({Intent.FIRST, Intent.REPEAT})
"""Cancels that have no body, as a rule."""
_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9.+-]{1,40}")
TURNED_AWAY: Final = frozenset({Intent.REFUSED, Intent.ODDLY_REFUSED})
"""Cancels by those who may not, with or without a body."""
_BODIES: Final = {False: "with a body", True: "with a body in chunks"}
"""By whether it comes in chunks, what is told of the body of who may not cancel."""
SAME_KEY: Final = b"cancel-contract-same"
"""The idempotency key that cancels of several appointments share."""
_SAID: Final = {Intent.AGENT: frozenset({"user-agent"})}
"""By intent, the missing header that its words name already."""


def spoken(topic: str) -> str:
    """Return how a cancel was made, as words behind it: `with % as the token`; an unknown topic as it is."""
    carried, _, more = topic.partition(" with ")
    return f"{_words(carried)}, with {more}" if more else _words(carried)


def _words(topic: str) -> str:
    if topic in _OTHERS:
        return _OTHERS[topic]
    whose, _, showing = topic.rpartition(":")
    showing, _, over = showing.partition(" over ")
    if whose in HELD and showing in CARRIED:
        return HELD[whose] if showing == "right" else f"{HELD[whose]}, {CARRIED[showing]}"
    if showing in CARRIED:
        return f"{CARRIED[showing].removesuffix(_NOT_THERE)}{_OVER}" if over else CARRIED[showing]
    asked = next((words for intent, words in ASKED.items() if intent == topic), f"with {topic}")
    return asked.removeprefix("a cancel ")


def in_words(case: Case) -> str:
    """Return what a case asks, who asks it, and what is unusual in it: `a first cancel, with the token of …`."""
    return ", ".join(parts_of(case, intended=_in_detail(case)))


def parts_of(case: Case, intended: str = "") -> tuple[str, ...]:
    """Return the same, a part each."""
    parts = [intended or _intended(case)]
    shown = str(case.credential)
    is_parted = case.credential.showing in _OF_PLACES
    parts += [spoken_of(shown, case) if is_parted else spoken(shown)] if case.credential != MEMBER else []
    parts += ["with an empty object as its body"] if case.body == EMPTY_OBJECT and case.intent in _BODILESS else []
    parts += [_BODIES[case.chunked]] if case.body is not None and case.intent in TURNED_AWAY else []
    parts += [f"without a header {name}" for name in sorted(case.without - _SAID.get(case.intent, frozenset()))]
    parts += [f"{AT_ONCE} {case.at_once} more"] if case.at_once else []
    return tuple(filter(None, parts))


def companion(case: Case) -> str:
    """Return what a request beside those under test is: `a read`; empty for a cancel."""
    return _BESIDE.get(case.intent, "")


def as_step(case: Case) -> str:
    """Return what a case asks for among the steps of an episode, companions too: `an update, with the token of …`."""
    beside = companion(case)
    sent = parse_json(case.body or b"")[0] if case.intent in _CHANGES else None
    fields = f" of {', '.join(sent)}" if isinstance(sent, dict) and sent else ""
    if case.intent is Intent.DELETE:
        fields = f" of appointment {case.appointment}"
    return ", ".join(
        filter(None, (f"{beside}{fields}", *parts_of(case, intended=_in_detail(case)), _named_beside(case)))
    )


def spoken_of(topic: str, case: Case) -> str:
    """Return the same, with the one part that a case was narrowed down to in the place of what the topic says of it."""
    carried, _, besides = topic.partition(" with ")
    if not case.key.endswith(ALONE):
        return spoken(topic)
    if besides:
        return spoken(f"{carried} with {_part(case)}")
    name, _, place = _part(case).rpartition(" in ")
    where = f"{place}, named {name}" if name else place
    return f"with the token in {where}{_OVER if ' over ' in topic else ''}"


def asked_for(case: Case) -> str:
    """Return what a case asks for in words, by its one part where it was narrowed down to that; its key where there
    are none.
    """
    return _in_detail(case) or case.key


def _in_detail(case: Case) -> str:
    if case.intent in _OF_PARTS and case.key.endswith(ALONE):
        return f"a cancel with {_part(case)}"
    if case.intent is Intent.UNKNOWN_ID and any(int(number) > _LARGEST for number in _ID.findall(case.path)):
        return f"{_intended(case)}, whose id is past 32 bits"
    if case.intent is Intent.FOREIGN_BODY and (kind := _type_of(case)):
        return f"{_intended(case)} ({kind})"
    if any(value == SAME_KEY for _, value in case.headers):
        return f"{_intended(case)} (with the key of another cancel)"
    if case.intent is Intent.OTHER_PATH and (end := _END.search(case.path)):
        return f"{_intended(case)} ({end[0]})"
    return _intended(case)


def _type_of(case: Case) -> str:
    """Return the type of a body, where it is plain."""
    kinds = (value.decode(errors="replace") for name, value in case.headers if name.lower() == "content-type")
    return next(filter(_TYPE.fullmatch, kinds), "")


def _part(case: Case) -> str:
    """Return the part that a case was narrowed down to; of a header that has a short value with it."""
    name = case.key.removesuffix(ALONE).rpartition(", ")[2]
    value = next((value for header, value in case.headers if header == name and len(value) <= SHORT_HEADER), b"")
    return f"{name} {value.decode(errors='replace')}".rstrip()


def _named_beside(case: Case) -> str:
    """Return which other appointment a cancel names beside its own, in its path after a comma or in its query."""
    found = (_BESIDE_ID.search(case.path), _QUERIED_ID.search(case.query)) if case.is_under_test else ()
    other = next((one[1] for one in found if one and int(one[1]) != case.appointment), "")
    return f"that names appointment {other}, too" if other else ""


def _intended(case: Case) -> str:
    """Return what a case is for; of another method its name, and of a race who writes beside it, which say most."""
    if case.intent is Intent.OTHER_METHOD:
        return f"a request with the method {case.method}"
    if case.intent is Intent.RACED and case.beside:
        return f"a cancel beside {' and '.join(_BESIDE[intent] for intent in case.beside)}"
    if case.intent is Intent.METHOD_OVERRIDE:
        return f"a {case.method} that names another method in its {'query' if case.query else 'headers'}"
    if case.intent in TURNED_AWAY and case.appointment is None and case.credential == MEMBER:
        return "a cancel across accounts"
    return ASKED.get(case.intent, "")


def unusual(path: str, usual: str) -> str:
    """Return a path from two segments before its first difference to the usual one on: `…/7/cancel.json`; whole, where
    it begins otherwise or does not differ.
    """
    pairs = enumerate(zip(path, usual, strict=False))
    same = next((at for at, (here, there) in pairs if here != there), min(len(path), len(usual)))
    begin = usual.rfind("/", 0, max(0, usual.rfind("/", 0, same)))
    return f"…{path[begin:]}" if path != usual and begin > 0 else path
