"""Clauses input/...: other programs that ask, and the rights that another spelling of the path gives."""

from collections.abc import Iterator
from typing import Final

from cancel_contract.clauses.clause import OPERATION, STATUS, Clause, Finding, Level, Terms, otherwise_accepted
from cancel_contract.clauses.envelope import unreadable
from cancel_contract.clauses.statuses import IGNORED_OR_REFUSED, wrong_status
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.changes import change
from cancel_contract.exchange.credential import Holder
from cancel_contract.exchange.difference import Difference, broken_by
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.spoken import asked_for, spoken, unusual
from cancel_contract.fragment.document import Fragment

NO_ACCEPT: Final = "no Accept"
"""The topic of a cancel that does not say which type of answer it takes, so that it takes any (RFC 9110, 12.5.1)."""


def _no_accept(episode: Episode, terms: Terms) -> Iterator[Finding]:
    if episode.kind is Kind.CALLER and episode.topic == NO_ACCEPT:
        yield from _as_ever(episode, terms)


def _user_agent(episode: Episode, terms: Terms) -> Iterator[Finding]:
    if episode.kind is Kind.CALLER and episode.topic != NO_ACCEPT:
        yield from _as_ever(episode, terms)


def _as_ever(episode: Episode, terms: Terms) -> Iterator[Finding]:
    """A 200 with every documented field that reads of the appointment show."""
    cancel = episode.one(Role.CANCEL)
    if not cancel or not cancel.answer or otherwise_accepted(cancel):
        return
    told = f"{cancel.fact}, not {{}}, {spoken(episode.topic)}"
    if cancel.status != 200:
        # A rule may ask that a program says its name; one that names itself is let in.
        wanted = IGNORED_OR_REFUSED if cancel.case.intent is Intent.AGENT else "200"
        refused = 400 <= cancel.answer.status < 500 and wanted == IGNORED_OR_REFUSED
        yield None if refused else wrong_status(cancel, wanted, told.format(wanted))
        return
    yield unreadable(cancel.answer, f"the answer shows no appointment, {spoken(episode.topic)}") or broken_by(
        _missing(episode, cancel, terms.fragment), "", f", {spoken(episode.topic)}"
    )


def _missing(episode: Episode, cancel: Exchange, fragment: Fragment) -> Iterator[Difference]:
    before, after = (episode.payload(role) or {} for role in (Role.BEFORE, Role.AFTER))
    for name in fragment.documented_fields:
        if name in before and name in after and name not in (cancel.payload or {}):
            yield Difference("field", f"/{name}", "missing", "a value", f"{name} is missing")


def _path_rights(episode: Episode, terms: Terms) -> Iterator[Finding]:
    asked, before, after = episode.one(Role.CANCEL), episode.payload(Role.BEFORE), episode.one(Role.AFTER)
    if episode.kind is Kind.PATH and asked and asked.answer and asked.case.credential.holder is not Holder.MEMBER:
        path = unusual(asked.case.path, ACTION.path(terms.account, asked.case.appointment or 0))
        where = f"{spoken(str(asked.case.credential))}, at {path}"
        refused = 300 <= asked.answer.status < 500
        told = f"{asked.fact}, not a refusal, {where}"
        yield None if refused else wrong_status(asked, "a refusal", told)
        if before is not None and after and after.answer:
            yield change(terms.fragment, before, after, where)


def _unused_headers(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    if exchange.case.intent is Intent.HEADERS and exchange.answer and not otherwise_accepted(exchange):
        # Sites refuse pages of no site of theirs in many ways: 403, 409, 412, 416, 419, 422.
        told = f"{exchange.fact}, not {IGNORED_OR_REFUSED}, for {asked_for(exchange.case)}"
        legal = exchange.status == 200 or exchange.is_refused
        yield None if legal else wrong_status(exchange, IGNORED_OR_REFUSED, told)


CLAUSES: Final = (
    Clause("input/path-rights", Level.MUST, "policy", OPERATION,
           "Other spellings of the path give nobody other rights", _path_rights, needs=("unprivileged_api_token",),
           evidence=STATUS),
    Clause("input/no-accept", Level.MUST, "policy", OPERATION,
           "A request without Accept is answered as one that asks for JSON", _no_accept, evidence=STATUS),
    Clause("input/user-agent", Level.MUST, "policy", OPERATION,
           "Every program that asks is answered alike, whatever it calls itself", _user_agent, evidence=STATUS),
    Clause("input/unused-headers", Level.MUST, "policy", "RFC 9110, 13.1 and 14.2",
           "Headers of pages and caches change nothing of a cancel", _unused_headers, Exchange, evidence=STATUS),
)  # fmt: skip
"""This part of the family, in the order in which it is read."""
