"""Checks that what a body or a query asks for is ignored or refused: nothing is assigned, used or left undone."""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import replace
from typing import Final

from cancel_contract.clauses.clause import Finding, Terms, otherwise_accepted
from cancel_contract.clauses.effect import UNDOCUMENTED
from cancel_contract.clauses.statuses import wanted_status, wrong_status
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.changes import change, unread
from cancel_contract.exchange.compare import FOUND_LATER, Payload, differences, documented_differences, spelled
from cancel_contract.exchange.difference import Broken, Difference, broken_by
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.spoken import asked_for
from cancel_contract.exchange.strict_json import parse_json
from cancel_contract.exchange.timestamps import instant

_ASSIGNABLE: Final = (*UNDOCUMENTED, "updated_at", *sorted(FOUND_LATER))
_SOME_TEXT: Final = 7
"""Characters of a text that is found in a field only where it was put there."""
FIELDS_REFUSED: Final = frozenset({400, 403, 406, 413, 415, 422})
"""Statuses that refuse a body or a query because of what it holds (RFC 9110, 15.5); those of a firewall are 403 and 406.
"""
REFUSED: Final = range(400, 500)
CODING_REFUSED: Final = frozenset({*REFUSED, 501})
"""A transfer coding that a server does not know is answered 501 (RFC 9112, 6.1)."""

Findings = Callable[[Episode, Terms], Iterator[Finding]]


def ignored(*intents: Intent, refusals: Container[int] = FIELDS_REFUSED) -> Findings:
    """The cancel succeeds as if nothing else had been sent, or is refused by one of some statuses and changes nothing.

    A strict server, or a gateway that knows the schema, takes no fields that it does not know.
    """

    def findings(episode: Episode, terms: Terms) -> Iterator[Finding]:
        cancel = _asked(episode, intents)
        if cancel is None or cancel.status is None:
            return
        if cancel.status in _legal(episode, terms):
            yield from _as_if_nothing_was_sent(episode, cancel, terms)
        elif cancel.status in refusals:
            yield from _unchanged(episode, cancel, terms)
        else:
            wanted = wanted_status(cancel.case.intent, terms)
            yield wrong_status(cancel, wanted, f"{cancel.fact}, not {wanted}, for {asked_for(cancel.case)}")

    return findings


def _unchanged(episode: Episode, cancel: Exchange, terms: Terms) -> Iterator[Finding]:
    before, after = episode.payload(Role.BEFORE), episode.one(Role.AFTER)
    if before is None or after is None or after.answer is None:
        # The next look is at the end of several.
        yield None
    else:
        yield change(terms.fragment, before, after, f"after {asked_for(cancel.case)}")


def _asked(episode: Episode, intents: tuple[Intent, ...]) -> Exchange | None:
    """The cancel of an episode that a clause about these intents judges; one accepted otherwise has its own clause."""
    cancel = episode.one(Role.CANCEL)
    if episode.kind is not Kind.BODY or not cancel or cancel.case.intent not in intents or not cancel.answer:
        return None
    return None if otherwise_accepted(cancel) else cancel


def _legal(episode: Episode, terms: Terms) -> frozenset[int]:
    return terms.repeat_statuses | {200} if episode.topic == ACTION.done else frozenset({200})


def _as_if_nothing_was_sent(episode: Episode, cancel: Exchange, terms: Terms) -> Iterator[Finding]:
    before, after = episode.payload(Role.BEFORE), episode.one(Role.AFTER)
    answered = cancel.payload if cancel.status == 200 else None
    if before is None or (after is not None and after.answer is None):
        return
    if after is None and answered is None:
        # A repeat that may be rejected was, and the next look is at the end of several.
        yield from () if cancel.status == 200 else (None,)
        return
    if after is not None and after.payload is None:
        yield unread(after, f"after {asked_for(cancel.case)}, {after.fact} when the appointment is read, not 200")
        return
    asked = asked_for(cancel.case)
    views = (
        (f"in the answer to {asked}", answered),
        (f"after {asked}, which answered {cancel.status}", after.payload if after else None),
    )
    found = (_differing(view, before, cancel, where, terms) for where, view in views if view)
    yield next(filter(None, found), None)


def _differing(view: Payload, before: Payload, cancel: Exchange, where: str, terms: Terms) -> Broken | None:
    # What an earlier answer lacked is that answer's own breach.
    unlike = (one for one in documented_differences(terms.fragment, view, ACTION.after(before)) if one.field in before)
    found = (_as_taken(one, view, cancel) for one in (*unlike, *_taken(view, before, cancel)))
    return broken_by(found, f"{where}, ")


def _as_taken(one: Difference, view: Payload, cancel: Exchange) -> Difference:
    """The same difference, told by what says most: that the value is the one that was sent."""
    sent = parse_json(cancel.case.body or b"")[0]
    is_text = isinstance(sent, dict) and isinstance(sent.get(one.field), str)
    is_taken = is_text and one.where.count("/") == 1 and _is_as_sent(view.get(one.field), sent[one.field])
    if not is_taken:
        return one
    if one.field in ACTION.changes:
        return replace(one, told=f"{one.field} is {spelled(view, one.field)}, as the body says, not {ACTION.done!r}")
    return replace(one, told=f"{one.field} is what the body says, not what it was")


def _taken(view: Payload, before: Payload, cancel: Exchange) -> Iterator[Difference]:
    """Each field that has become what the body says where something else may have changed it, too."""
    sent = parse_json(cancel.case.body or b"")[0]
    if isinstance(sent, dict):
        shown = [name for name in _ASSIGNABLE if name in sent and _is_as_sent(view.get(name), sent[name])]
        taken = [name for name in shown if not _is_as_sent(before.get(name), sent[name])]
        texts = [text for text in sent.values() if isinstance(text, str) and len(text) >= _SOME_TEXT]
        told = [name for name in UNDOCUMENTED if any(_gained(text, view, before, name) for text in texts)]
        yield from differences(dict.fromkeys((*taken, *told)), view, before, found_later=frozenset())


def _gained(text: str, view: Payload, before: Payload, name: str) -> bool:
    """Whether a field holds a text that it did not hold before."""
    now, then = view.get(name), before.get(name)
    return isinstance(now, str) and text in now and not (isinstance(then, str) and text in then)


def _is_as_sent(shown: object, sent: object) -> bool:
    """Whether a field shows what was sent; of an object one member is enough, as the others may have been kept."""
    if isinstance(shown, Mapping) and isinstance(sent, Mapping):
        return any(name in shown and shown[name] == value for name, value in sent.items())
    moment = instant(sent)
    return shown == sent or (moment is not None and moment == instant(shown))
