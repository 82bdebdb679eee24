"""Writes the evidence of a breach: the masked and shortened answer."""

import json
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any, Final

from cancel_contract.clauses.effect_elsewhere import ELSEWHERE
from cancel_contract.clauses.repeat import LONG_AFTER
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import FINISH, PERMITTED, READS, Intent
from cancel_contract.exchange.compare import READ_BACK
from cancel_contract.exchange.credential import MEMBER
from cancel_contract.exchange.curl import curl
from cancel_contract.exchange.described import described, states
from cancel_contract.exchange.difference import Broken, Difference
from cancel_contract.exchange.episode import Evidence, Kind, Role
from cancel_contract.exchange.exchange import Answer, Exchange
from cancel_contract.exchange.spoken import EARLIER, asked_for, in_words
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.masked import known, masked, shortened, unnamed
from cancel_contract.ledger.memory import Memory
from cancel_contract.ledger.steps import (
    NO_EFFECT,
    OF_A_RUN,
    SCENARIO,
    asked_in,
    earlier,
    is_without_effect,
    last_of,
    steps,
)
from cancel_contract.ledger.stored import how_stored, is_of_update, members_after, of_another, what_was_done
from cancel_contract.ledger.taken import as_asked
from cancel_contract.redaction.first_bytes import SHOWN, first_bytes
from cancel_contract.redaction.headers import discreet_name, discreet_value, kind_of
from cancel_contract.redaction.personal_data import (
    discreet,
    discreet_quotes,
)
from cancel_contract.redaction.request_ids import answered as answered_ids

LONGEST: Final = 4000
"""Characters of an answer that are kept: enough for an appointment with payments and expense."""
_LATE: Final = {Kind.LATE: 1, Kind.MADE: 1, Kind.SAME: 2}
_ONCE: Final = (Role.CANCEL, Role.AGAIN, Role.REBOOK, Role.OTHER_AFTER, Role.AFTER)
_REPEATED: Final = (Role.AGAIN, Role.CANCEL, Role.AFTER)
_REPEATS: Final = frozenset({Kind.REPEAT, Kind.BURST, Kind.SPREAD, Kind.LOST, Kind.SAME})
_ROLES: Final = {
    Kind.MODEL: (Role.AGAIN, *_ONCE),
    Kind.KEY: (Role.REBOOK, *_ONCE),
    Kind.NEIGHBOUR: (Role.OTHER_AFTER,),
    Kind.DELETED: (Role.DELETED, Role.AGAIN, Role.AFTER, Role.REBOOK, Role.LISTED),
}
LONGEST_FACT: Final = 300
"""Characters of a breach's message that are shown."""
_MOST_DIFFERENCES: Final = 50

_PLAIN: Final = frozenset({*PERMITTED, *READS, Intent.REFUSED})
_CANCELS: Final = frozenset({Role.CANCEL, Role.AGAIN})
_CHARACTER: Final = re.compile(r"at character (\d+)")
_UNUSUAL: Final = 500
"""By how many characters a request counts as longer for each usual header that it leaves out, and for an odd intent."""


def breach_of(evidence: Evidence, broken: Broken, memory: Memory | None = None) -> Breach:
    """A breach with the request that showed it, and what was seen before."""
    memory = memory or Memory()
    shown = broken.shown_by or _read_back(evidence, broken.message) or _shown(evidence, broken.message)
    own, persons = _own(evidence), known(evidence) | memory.persons
    line = _command(shown, persons, own)
    fact = f"{_trigger(evidence, broken.message, memory)}{broken.message}"
    fact = shortened(discreet_quotes(fact, own), LONGEST_FACT)
    if broken.cause.what == "json" and shown.answer and shown.answer.json is None and shown.answer.body:
        size = f"{len(shown.answer.body)} bytes, {_kind(shown.answer)}"
        place = _CHARACTER.search(fact)
        # How a body begins says nothing of what is wrong far behind that.
        is_far = place is not None and int(place[1]) > SHOWN
        fact = f"{fact} ({size})" if is_far else f"{fact}: {_beginning(shown.answer, persons, own)} ({size})"
    latest = _latest(shown, evidence)
    # What a read shows after a cancel is held against what was before that.
    about = latest if latest and latest.case.appointment == shown.case.appointment else shown
    was = memory.before(about).payload or _before(evidence, shown, memory)
    nothing = is_without_effect(evidence) and "in the answer" not in fact
    came = how_stored(evidence, shown, broken, was or {}) or what_was_done(evidence, shown, broken, was or {})
    fact = f"{as_asked(shown, broken, was or {})}{fact}{NO_EFFECT if nothing else came}"
    answer, safe = answered(shown, persons, own), _is_safe(shown, evidence)
    first, *more = map(_short, broken.differences[:_MOST_DIFFERENCES])
    cause = (first.what, first.where, first.got, first.wanted)
    ids = (shown.request_id, answered_ids(shown.answer.headers if shown.answer else (), shown.request_id))
    told = steps(evidence, shown, memory)
    of = f" of appointment {shown.case.appointment}" if shown.case.intent is Intent.READ else ""
    asked = f"{asked_in(shown, memory)}{of}" if told else in_words(shown.case)
    before = _told_before(shown, was, memory)
    headers, cancel = _headers(shown), _told_latest(latest, persons, own)
    weight = _weight(shown, evidence, line + cancel[0])
    return Breach(
        fact, _key(shown, evidence), line, answer, weight, safe, headers, *ids, *cause, tuple(more),
        asked, before, *cancel, told, members_after(evidence, shown, broken, persons),
        earlier(evidence, shown, memory, is_its_status=first.what == "status"), nothing, _late(evidence),
        is_of_another=of_another(evidence, broken) is not None or is_of_update(evidence, broken), number=shown.number,
        beside=curl(broken.beside) if broken.beside else "",
    )  # fmt: skip


def _late(evidence: Evidence) -> int:
    """How indirectly something was seen, see `Breach.late`: a repeat that came long after is no plain one."""
    cancels = [evidence] if isinstance(evidence, Exchange) else [*evidence.all(Role.CANCEL), *evidence.all(Role.AGAIN)]
    if any(one.case.key.startswith(f"{FINISH}#") for one in cancels):
        return _LATE[Kind.SAME]
    if isinstance(evidence, Exchange):
        return 0
    if evidence.topic == EARLIER or evidence.topic in ELSEWHERE:
        return _LATE[Kind.LATE]
    numbers = [one.number for _, one in evidence.steps]
    is_far = max(numbers) - min(numbers) > LONG_AFTER
    if evidence.kind is Kind.LATE and evidence.one(Role.LISTED):
        # A list that is asked for right after a cancel.
        return _LATE[Kind.LATE] if is_far else 0
    return _LATE[Kind.SAME] if is_far and evidence.kind is Kind.REPEAT else _LATE.get(evidence.kind, 0)


def _read_back(evidence: Evidence, message: str) -> Exchange | None:
    """Return the read that a message is about; None where it is about an answer to a cancel."""
    if isinstance(evidence, Exchange) or not message.startswith(READ_BACK):
        return None
    return evidence.one(Role.AFTER)


def _trigger(evidence: Evidence, message: str, memory: Memory) -> str:
    """Return beside what a cancel was sent, or after what odd one something was seen that is promised of any first."""
    if isinstance(evidence, Exchange):
        asked = asked_for(evidence.case)
        return f"on {asked}, " if evidence.case.beside and asked not in message else ""
    cancel = evidence.one(Role.CANCEL)
    is_of_slot = evidence.kind is Kind.SLOT
    changes = memory.changes(cancel.case.appointment, last_of(evidence).number) if cancel and is_of_slot else ()
    # Any of several cancels may have held what is booked.
    is_one_of_many = sum(one.case.is_under_test for one in changes) > 1
    is_told = not is_of_slot and not message.startswith((f"{READ_BACK}, ", "in the answer, "))
    if cancel is None or is_told or is_one_of_many or cancel.case.intent in {*PERMITTED, Intent.RACED, Intent.READONLY}:
        return ""
    return f"after {asked_for(cancel.case)}, "


def _key(shown: Exchange, evidence: Evidence) -> str:
    """Return the key that plays a request again: of one that no scenario has sent itself, that of another step."""
    others = [] if isinstance(evidence, Exchange) else [one for _, one in evidence.steps]
    keys = [one.case.key for one in (shown, *others)]
    return next((key for key in keys if SCENARIO.match(key)), keys[0])


def _weight(shown: Exchange, evidence: Evidence, line: str) -> int:
    """How unlikely a request is to be shown: what is odd in it, or in its cancel, would be taken for the condition."""
    cases = [shown.case]
    if isinstance(evidence, Exchange) and not shown.case.is_under_test:
        return len(line) + _UNUSUAL
    if not isinstance(evidence, Exchange) and shown.case.intent in READS:
        cases = [one.case for role, one in evidence.steps if role in _CANCELS] or cases
    odd = (len(case.without) + (case.intent not in _PLAIN) + (case.credential != MEMBER) for case in cases)
    return len(line) + _UNUSUAL * sum(odd)


def _command(shown: Exchange, persons: AbstractSet[str], own: AbstractSet[str]) -> str:
    """Return the curl command; a body that sends back what was read is masked as an answer is."""
    if shown.case.intent is not Intent.ENVELOPE:
        return curl(shown)
    body = json.dumps(masked(json.loads(shown.request_body), "", persons, own), ensure_ascii=False)
    return curl(replace(shown, request_body=body.encode()))


def _latest(shown: Exchange, evidence: Evidence) -> Exchange | None:
    """Return the cancel before a request that only reads, or books its slot; nothing where there is none."""
    # What changed by something else was not changed by the last cancel.
    if isinstance(evidence, Exchange) or evidence.topic in ELSEWHERE:
        return None
    if shown.case.intent not in READS and evidence.kind is not Kind.SLOT:
        return None
    before = [one for role, one in evidence.steps if role in _CANCELS and one.number < shown.number]
    return before[-1] if before else evidence.latest


def _told_latest(latest: Exchange | None, persons: AbstractSet[str], own: AbstractSet[str]) -> tuple[str, str]:
    """Return the command of a cancel, and how it was answered; empty texts where there is none."""
    if latest is None:
        return "", ""
    log = f"; look in your log for {latest.request_id}" if latest.request_id else ""
    return _command(latest, persons, own), f"the last one before that: {latest.fact}{log}"


def _told_before(shown: Exchange, was: Mapping[str, Any] | None, memory: Memory) -> str:
    """Return what an appointment was before a request; of a cancelled one, its status until its cancel, too."""
    told = described(was, shown.started)
    if not told or not ACTION.is_done(was):
        return told
    shown_before = (one.payload for one in reversed(memory.before(shown).requests) if one.payload)
    active = next((view for view in shown_before if not ACTION.is_done(view)), {})
    until = ", ".join(states(active))
    return f"{told}; until its cancel: {until}" if until else told


def _before(evidence: Evidence, shown: Exchange, memory: Memory) -> Mapping[str, Any] | None:
    """Return what the appointment was before; of a whole run, in which there are many, the one that is shown."""
    if isinstance(evidence, Exchange):
        return None
    if evidence.kind in OF_A_RUN:
        views = (one.payload for one in evidence.all(Role.BEFORE) if one.number < shown.number and one.payload)
        return next((view for view in views if view.get("id") == shown.case.appointment), None)
    known = evidence.payload(Role.BEFORE) or evidence.payload(Role.OTHER_BEFORE)
    cancel = evidence.one(Role.CANCEL)
    # A booking has nothing before it but what was cancelled in its place.
    return known or (memory.before(cancel).payload if cancel else None)


def _own(evidence: Evidence) -> frozenset[str]:
    """Return the numbers that the requests name in their paths, as their curl lines show them."""
    exchanges = [evidence] if isinstance(evidence, Exchange) else [exchange for _, exchange in evidence.steps]
    return frozenset(number for one in exchanges for number in re.findall(r"\d+", one.case.path))


def _short(one: Difference) -> Difference:
    where, got, wanted = (shortened(discreet_quotes(text), LONGEST_FACT) for text in (one.where, one.got, one.wanted))
    return Difference(one.what, where, got, wanted)


def _headers(exchange: Exchange) -> str:
    """Return the answer's headers, a line each, without the content type, which is shown beside the status."""
    pairs = exchange.answer.headers if exchange.answer else ()
    told = [(discreet_name(name), discreet_value(name, text)) for name, text in pairs if name.lower() != "content-type"]
    return shortened("\n".join(f"{name}: {text}" for name, text in told), LONGEST)


def _is_safe(shown: Exchange, evidence: Evidence) -> bool:
    """Whether a request may be sent again on any appointment: it only reads, or was refused as it should be."""
    # A create that was refused may make an appointment the next time.
    is_refused = shown.is_refused and shown.case.intent not in {*PERMITTED, Intent.CREATE}
    return shown.case.intent in READS or (is_refused and not _is_changed(evidence))


def _is_changed(evidence: Evidence) -> bool:
    """Whether an episode shows that the appointment changed: a refused cancel may still have cancelled."""
    if isinstance(evidence, Exchange):
        return False
    pairs = ((Role.BEFORE, Role.AFTER), (Role.OTHER_BEFORE, Role.OTHER_AFTER))
    return any(evidence.one(after) and evidence.payload(before) != evidence.payload(after) for before, after in pairs)


def _shown(evidence: Evidence, message: str) -> Exchange:
    """Return the exchange of an episode that is worth repeating: the one that the message names, else the cancel."""
    if isinstance(evidence, Exchange):
        return evidence
    roles = _ROLES.get(evidence.kind, _REPEATED if evidence.kind in _REPEATS else _ONCE)
    booked = evidence.all(Role.REBOOK) if "new booking" in message else ()
    candidates = [*booked, *(one for role in roles for one in evidence.all(role))] or [one for _, one in evidence.steps]
    return next((one for one in candidates if one.fact in message), candidates[0])


def answered(exchange: Exchange, known: AbstractSet[str] = frozenset(), own: AbstractSet[str] = frozenset()) -> str:
    """Return the shortened answer with personal data as type and length.

    `known` is personal data to mask in texts, `own` are the numbers that the request names.
    """
    answer = exchange.answer
    if answer is None:
        return exchange.fact
    if answer.json is None and answer.json_fault is not None and answer.body:
        return f"{answer.status} {_kind(answer)} {_beginning(answer, known, own)} ({len(answer.body)} bytes)"
    body = json.dumps(masked(answer.json, "", known, own), ensure_ascii=False) if answer.body else "<0 bytes>"
    return f"{answer.status} {_kind(answer)} {shortened(body, LONGEST)}"


def _kind(answer: Answer) -> str:
    return kind_of(answer.header("content-type") or "no content type")


def _beginning(answer: Answer, known: AbstractSet[str], own: AbstractSet[str]) -> str:
    """Return how a body begins that is not JSON."""
    return first_bytes(answer.body, lambda text: discreet(unnamed(text, known), own))
