"""Clauses access/...: who may not cancel, and what a refusal may change and say."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Final

from cancel_contract.clauses import access_callers
from cancel_contract.clauses.alike import difference
from cancel_contract.clauses.bodies import CODING_REFUSED
from cancel_contract.clauses.clause import (
    BODY,
    HEADERS,
    OPERATION,
    STATUS,
    WORDS,
    Clause,
    Finding,
    Level,
    NotApplicable,
    Terms,
)
from cancel_contract.clauses.disclosure import field_of_an_appointment
from cancel_contract.clauses.error_bodies import unexplained
from cancel_contract.clauses.named_elsewhere import stands_in, whole
from cancel_contract.clauses.refusal_facts import tell_of_two, told_alone
from cancel_contract.clauses.shared_appointments import cancelled_or_emptied
from cancel_contract.clauses.statuses import is_held_up, one_of, wrong_status
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.changes import change, documented_change
from cancel_contract.exchange.credential import UNKNOWN, Holder
from cancel_contract.exchange.difference import Broken, broken
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.spoken import EARLIER, spoken, spoken_of
from cancel_contract.redaction.headers import discreet_name

_UNAUTHORIZED: Final = frozenset({401, 403})
"""What refuses a token that nobody has: which of the two it is hurts nobody, and frameworks differ in it."""
_MORE: Final[Mapping[str, frozenset[int]]] = {
    # Servers take the first of two, the last, both joined, or none.
    **dict.fromkeys(("twice", "right-first"), frozenset({200})),
    # The form of a token, such as its length, may be looked at before anybody looks for its holder.
    **dict.fromkeys(("empty", "prefix", "suffix", "tail", "inner-blank"), frozenset({400, 422})),
}
"""What else is legal for some ways of asking."""
_DENIED: Final = frozenset({401, 403, 404})
_PERSONAL: Final = ("client_name", "client_phone", "client_identifier", "external_ref", "idempotency_key")
_POLICY: Final = "cache-control"
_OF_WHAT_IS_THERE: Final = ("etag", "last-modified", _POLICY)
"""Headers that frameworks add to what was found."""
_TWICE: Final = 2


def _refused(*topics: str, legal: frozenset[int] = _UNAUTHORIZED) -> Callable[[Episode, Terms], Iterator[Finding]]:
    def findings(episode: Episode, _: Terms) -> Iterator[Finding]:
        cancel = episode.one(Role.CANCEL)
        if episode.kind is Kind.REFUSAL and episode.topic in topics and cancel and cancel.answer:
            wanted = legal | _MORE.get(episode.topic, frozenset())
            wish = one_of(wanted)
            told = f"{cancel.fact}, not {wish}, {spoken_of(episode.topic, cancel.case)}"
            # What stands before the application may refuse, or send to another path, before it looks who asks.
            early = cancel.case.intent is Intent.ODDLY_REFUSED and 300 <= cancel.answer.status < 500
            early = early or (cancel.case.chunked and cancel.status in CODING_REFUSED)
            early = early or (cancel.case.at_once > 0 and is_held_up(cancel))
            yield None if cancel.status in wanted or early else wrong_status(cancel, wish, told)

    return findings


def _untouched(episode: Episode, terms: Terms) -> Iterator[Finding]:
    before, after = episode.payload(Role.BEFORE), episode.one(Role.AFTER)
    if episode.kind is Kind.REFUSAL and before is not None and after and after.answer:
        cancel = episode.one(Role.CANCEL)
        # A cancel that was let in has its own clause; this one is about refusals that are none.
        if cancel and cancel.answer and cancel.answer.status >= 400:
            asked = spoken(episode.topic)
            told = f"after a {cancel.status} to {asked if asked.startswith('a ') else f'a cancel {asked}'}"
            # Any of those that were refused may have done it.
            late = f"when the run ends, though every cancel of it was refused (the last one with {cancel.status})"
            # What is cancelled a worker may write to at any time.
            became = documented_change if ACTION.is_done(before) else change
            if after.case.credential.holder is Holder.FOREIGN:
                # A member of another account shows one of its own.
                became = cancelled_or_emptied
            yield became(terms.fragment, before, after, late if episode.topic == EARLIER else told)


def _tells_nothing(episode: Episode, terms: Terms) -> Iterator[Finding]:
    yield from tell_of_two(episode, terms)
    if episode.kind is Kind.REFUSALS:
        yield from _tell_of_clients(episode)
    before, cancel = episode.payload(Role.BEFORE), episode.one(Role.CANCEL)
    if episode.kind is not Kind.REFUSAL or not cancel or not cancel.answer or cancel.answer.status < 300:
        return
    body = cancel.answer.json
    if isinstance(body, dict) and body.get("payload"):
        yield _told_to_a_stranger(field_of_an_appointment(body) or "payload", "the refusal holds a payload")
        return
    text = whole(cancel)
    told_fields = [name for name in _PERSONAL if before and stands_in(before.get(name), text)]
    if not told_fields and cancel.case.credential.holder is not Holder.UNPRIVILEGED:
        # Who may read it, and not cancel it, is told nothing new.
        told_fields = [name] if (name := told_alone(before or {}, cancel)) else []
    yield (
        _told_to_a_stranger(
            told_fields[0],
            f"the refusal tells the appointment's {told_fields[0]}{_where(cancel, (before or {}).get(told_fields[0]))}",
        )
        if told_fields
        else None
    )


def _tell_of_clients(episode: Episode) -> Iterator[Finding]:
    """What refusals tell of the clients of two appointments, as each was last shown before them."""
    for before, role in ((Role.BEFORE, Role.CANCEL), (Role.OTHER_BEFORE, Role.AGAIN)):
        view = episode.payload(before) or {}
        told = ((name, one) for one in episode.all(role) for name in _PERSONAL if stands_in(view.get(name), whole(one)))
        for name, one in islice(told, 1):
            found = _told_to_a_stranger(
                name, f"the refusal tells the appointment's {name}{_where(one, view.get(name))}"
            )
            yield replace(found, shown_by=one)


def _where(exchange: Exchange, value: object) -> str:
    """Return in which header of an answer a value stands; empty where it is in the body."""
    headers = exchange.answer.headers if exchange.answer else ()
    names = (discreet_name(name) for name, text in headers if stands_in(value, text))
    return next((f", in the header {name}" for name in names), "")


def _told_to_a_stranger(name: str, told: str) -> Broken:
    return broken("leak", f"/{name}", "told in a refusal", "told to nobody", told)


def _in_json(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    answer = exchange.answer
    if exchange.case.intent is Intent.REFUSED and answer and answer.status in _UNAUTHORIZED:
        yield unexplained(answer, f", {spoken(str(exchange.case.credential))}")


def _with_401(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    shown = str(exchange.case.credential)
    # Of a member who may not do this 403 is as good.
    is_nobodys = shown.rpartition(":")[2] not in {"right", UNKNOWN}
    if exchange.case.intent is Intent.REFUSED and is_nobodys and exchange.status in _UNAUTHORIZED:
        told = f"{exchange.fact}, not 401, {spoken(shown)}"
        yield None if exchange.status == 401 else wrong_status(exchange, "401", told)


def _alike(episode: Episode, _: Terms) -> Iterator[Finding]:
    something, nothing = episode.one(Role.CANCEL), [one for one in episode.all(Role.AGAIN) if one.answer]
    if episode.kind is not Kind.ALIKE or not something or not something.answer or not nothing:
        return
    if nothing[0].status not in _DENIED:
        # It is taken for no id at all, as one past 32 bits may be.
        yield NotApplicable(f"{nothing[0].fact} for the id of no appointment, which tells of the id alone")
    else:
        where = "for an appointment of another account, "
        yield difference(something, nothing[0], nothing[-1], where, " as for the id of no appointment")


def _headed_alike(episode: Episode, _: Terms) -> Iterator[Finding]:
    """The head of one refusal says nothing that those of two others, for nothing, do not."""
    something, nothing = episode.one(Role.CANCEL), [one for one in episode.all(Role.AGAIN) if one.answer]
    if episode.kind is not Kind.ALIKE or not something or not something.answer or len(nothing) < _TWICE:
        return
    for name in _OF_WHAT_IS_THERE:
        here, *there = (one.answer.header(name) for one in (something, *nothing) if one.answer)
        of, other = f"the {something.status} for an appointment of another account", "that for the id of no appointment"
        told = f"{of} has {'the' if here else 'no'} header {name}, and {other} has {'none' if here else 'one'}"
        told = f"{of} has another header {name} than {other}" if here and there[0] else told
        # What differs between the two says nothing, nor does a tag that is another for each answer.
        differs = here != there[0] if name == _POLICY else bool(here) != bool(there[0])
        is_told = differs and len({*there} if name == _POLICY else {*map(bool, there)}) == 1
        yield broken("header", name, "another", "as for no appointment", told) if is_told else None


def _clause(
    slug: str, statement: str, *topics: str, legal: frozenset[int] = _UNAUTHORIZED, needs: tuple[str, ...] = (),
) -> Clause:  # fmt: skip
    pointer = OPERATION if legal == _DENIED else f"{OPERATION}/responses/401"
    return Clause(
        f"access/{slug}",
        Level.MUST,
        "observed",
        pointer,
        statement,
        _refused(*topics, legal=legal),
        needs=needs,
        evidence=STATUS,
    )


CLAUSES: Final = (
    _clause("no-token", "A cancel without a token is refused", "none"),
    _clause("empty-token", "A cancel with an empty token is refused", "empty"),
    _clause("wrong-token", "A cancel with a wrong token is refused", "wrong", "long", "non-ascii", "wildcard"),
    _clause("token-prefix", "A token without its last character is refused", "prefix"),
    _clause("token-suffix", "A token with a character more, or without its first, is refused", "suffix", "tail"),
    _clause("token-case", "A token in other letter case is refused", "case"),
    _clause("token-blank", "A token with a blank inside is refused", "inner-blank"),
    _clause("token-in-query", "A token in the query is refused", "query"),
    _clause("token-as-bearer", "A token as Bearer or Basic is refused", "bearer", "basic"),
    _clause("token-in-cookie", "A token in a cookie is refused", "cookie"),
    _clause("token-in-other-header", "A token in another header is refused", "other-header"),
    _clause("token-in-body", "A token in the body is refused", "body"),
    _clause("two-tokens", "Two wrong token headers are refused; of a right and a wrong one either counts",
            "both-wrong", "twice", "right-first"),
    Clause("access/status-401", Level.SHOULD, "observed", f"{OPERATION}/responses/401",
           "Whoever shows no good token is refused with 401", _with_401, Exchange, evidence=STATUS),
    _clause("foreign-token", "Another account's member cannot cancel it", "foreign:right", legal=_DENIED,
            needs=("foreign_api_token",)),
    _clause("foreign-appointment", "An appointment of another account is not there under one's own",
            "foreign appointment", legal=_DENIED, needs=("foreign_appointment_id",)),
    _clause("foreign-account", "A member cannot cancel in another account", "foreign account", legal=_DENIED,
            needs=("foreign_account_id",)),
    _clause("unprivileged", "A member without the permission cannot cancel", "unprivileged:right", legal=_DENIED,
            needs=("unprivileged_api_token",)),
    Clause("access/refused-untouched", Level.MUST, "policy", OPERATION,
           "After a refusal the appointment is what it was; another account's is at least not cancelled", _untouched, evidence=STATUS),
    Clause("access/refusal-tells-nothing", Level.MUST, "policy", OPERATION,
           "A refusal tells nothing about the appointment", _tells_nothing, evidence=BODY | WORDS),
    Clause("access/refusal-in-json", Level.MUST, "observed", f"{OPERATION}/responses/401",
           "A refusal with 401 or 403 says why in JSON", _in_json, Exchange, evidence=BODY),
    Clause("access/refusal-alike", Level.MUST, "observed", f"{OPERATION}/responses/404",
           "Another account's appointment and none at all are refused alike", _alike,
           needs=("foreign_appointment_id",), evidence=STATUS),
    Clause("access/refusal-headers", Level.SHOULD, "policy", f"{OPERATION}/responses/404",
           "The head of a refusal does not show that another account has the appointment", _headed_alike,
           needs=("foreign_appointment_id",), evidence=HEADERS),
    *access_callers.CLAUSES,
)  # fmt: skip
"""The family, in the order in which it is read."""
