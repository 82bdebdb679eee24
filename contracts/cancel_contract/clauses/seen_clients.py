"""Finds clients whom lists and calendars of a run have shown, in answers to cancels of other appointments.

Many have one number: relatives, and all for whom the desk wrote its own. Many are staff and clients. So one text is
not enough, nor what is our clients', the house's or somebody's who works there; a number in a header is nobody else's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final
from urllib.parse import unquote

from cancel_contract.clauses.clause import Finding, NotApplicable, Terms
from cancel_contract.clauses.named_elsewhere import NOTES, named_in_a_refusal, named_in_notes
from cancel_contract.clauses.other_clients import is_of_the_house, tail
from cancel_contract.clauses.places import Leaf, leaves, pointer
from cancel_contract.exchange.difference import Broken, Difference
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Answer, Exchange
from cancel_contract.exchange.marker import PREFIX
from cancel_contract.redaction.personal_data import discreet_key

_PHONE: Final = re.compile(r"(?<![\w-])\+?\d[\d ()-]{8,}\d(?![\w-])")
"""A number that is no part of an id."""
_NUMBER: Final = re.compile(r"\d{6,}")
_UNAUTHORIZED: Final = 401
_WORDS: Final = 2
"""Words of a name that is somebody's: one alone is many people's, or a label."""
_RELATED: Final = 2
"""Others whom an answer about a contact shows before that is a breach: one may be its relative (policy)."""


@dataclass(frozen=True, slots=True)
class _Person:
    """A client of another appointment, as a list shows it."""

    name: str
    phone: str
    identifier: str


@dataclass(slots=True)
class _Seen:
    """Who was seen in lists and calendars, by what a text may name them by."""

    people: list[_Person] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    """What is our clients', the house's, or somebody's who works there."""

    @property
    def others(self) -> list[_Person]:
        """Return those who are known by nothing else; a value that is, is left out."""
        found = (
            _Person(*("" if text in self.known else text for text in (it.name, it.phone, it.identifier)))
            for it in self.people
        )
        return [it for it in dict.fromkeys(found) if any((it.name, it.phone, it.identifier))]


def nobody_seen(episode: Episode, terms: Terms) -> Iterator[Finding]:
    """No answer names a client whom lists show."""
    if episode.kind is not Kind.SEEN:
        return
    lists = (*episode.all(Role.LISTED), *episode.all(Role.CALENDAR))
    if found := next(filter(None, (_of_another_account(one, terms.account) for one in lists)), None):
        yield found
    ours = [one for one in episode.all(Role.BEFORE) if one.payload]
    yield from filter(None, (named_in_a_refusal(ours, episode.all(Role.CANCEL)), named_in_notes(ours)))
    seen = _Seen(known={text for one in ours for text in _facts(one.payload or {})})
    ids, contacts = (_values(ours, name) for name in ("id", "contact_id"))
    for one in lists:
        _add(seen, one, ids, contacts)
    if not (others := seen.others):
        yield NotApplicable("lists and calendars have shown no other client")
        return
    by_number: dict[str, list[_Person]] = {}
    for person in others:
        for number in filter(None, (person.phone, person.identifier)):
            by_number.setdefault(number, []).append(person)
    house = {phone for one in episode.all(Role.CANCEL) if one.status == _UNAUTHORIZED for phone in _phones(one)}
    for phone in house:
        by_number.pop(phone, None)
    shown = (_shown(one, by_number) for one in episode.all(Role.CANCEL))
    yield next(filter(None, chain(shown, (_noted(one, by_number) for one in ours))), None)


def _of_another_account(view: Exchange, account: int) -> Broken | None:
    """The breach of a list or a calendar that shows an appointment of another account than the one that was asked for."""
    others = (row["account_id"] for row in _rows(view) if type(row.get("account_id")) is int)
    other = next((number for number in others if number != account), None)
    told = f"among the appointments of account {account} is one of account {other}"
    found = Difference("leak", "list/account_id", "another account's", "its own alone", told)
    return Broken((found,), told, view) if other is not None else None


def _rows(view: Exchange) -> list[Mapping[str, Any]]:
    """The appointments that a list or a calendar shows."""
    body = view.answer.json if view.answer else None
    shown = body.get("payload") if isinstance(body, dict) else None
    rows = shown.get("appointments") if isinstance(shown, dict) else shown
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _phones(refusal: Exchange) -> set[str]:
    """The numbers in the head of an answer to nobody in particular: they are the house's."""
    headers = refusal.answer.headers if refusal.answer else ()
    return {tail(found) for _, value in headers for found in _PHONE.findall(unquote(value))}


def _values(views: Iterable[Exchange], name: str) -> set[str]:
    found = ((one.payload or {}).get(name) for one in views)
    return {repr(value) for value in found if value is not None}


def _facts(row: Mapping[str, Any]) -> tuple[str, str, str]:
    name = _plain(str(row.get("client_name") or ""))
    phone = tail(str(row.get("client_phone") or ""))
    identifier = str(row.get("client_identifier") or "")
    return name if len(name.split()) >= _WORDS else "", phone, identifier if _NUMBER.fullmatch(identifier) else ""


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _add(seen: _Seen, view: Exchange, ids: set[str], contacts: set[str]) -> None:
    """Add the clients of a list or a calendar that are not the run's own, and what is known of the house."""
    shown = view.payload
    if isinstance(shown, Mapping):
        seen.known |= _named({name: it for name, it in shown.items() if name != "appointments"})
    for row in _rows(view):
        seen.known |= _texts(leaf for leaf in leaves(row) if is_of_the_house(leaf.keys))
        is_known = repr(row.get("id")) in ids or repr(row.get("contact_id")) in contacts
        if is_known or PREFIX in str(row.get("external_ref")):
            seen.known |= set(_facts(row))
        else:
            seen.people.append(_Person(*_facts(row)))


def _named(value: object) -> set[str]:
    return _texts(leaves(value))


def _texts(found: Iterable[Leaf]) -> set[str]:
    return {text for leaf in found for text in (_plain(leaf.text), tail(leaf.text), leaf.text)}


def _shown(one: Exchange, by_number: Mapping[str, list[_Person]]) -> Broken | None:
    """The breach of an answer that shows somebody else, at the first place that does."""
    if one.answer is None:
        return None
    header = next(_in_headers(one.answer, by_number), None)
    found = {} if header else _in_body(one.answer, by_number)
    has_contact = bool(one.payload and one.payload.get("contact_id") is not None)
    if not header and len({(it.phone, it.name) for it in found}) < (_RELATED if has_contact else 1):
        return None
    place = header or next(iter(found.values()))
    told = f"the answer shows a client of another appointment at {place}"
    return Broken((Difference("leak", place, "another client's", "its own alone", told),), told, one)


def _noted(view: Exchange, by_number: Mapping[str, list[_Person]]) -> Broken | None:
    """The breach of an appointment of the run in whose notes somebody else is named."""
    for place in _named_in(leaves({name: (view.payload or {}).get(name) for name in NOTES}), by_number).values():
        told = f"a client of another appointment is noted at {place}"
        return Broken((Difference("leak", place, "another client's", "its own alone", told),), told, view)
    return None


def _in_headers(answer: Answer, by_number: Mapping[str, list[_Person]]) -> Iterator[str]:
    for name, value in answer.headers:
        phones = {tail(found) for found in _PHONE.findall(unquote(value))}
        people = [person for number in phones for person in by_number.get(number, ()) if person.phone == number]
        # Of many with one number, it is the desk's.
        if len(people) == 1 and people[0].name and not is_of_the_house((name.lower(),)):
            yield discreet_key(name.lower().replace("-", "_"))


def _in_body(answer: Answer, by_number: Mapping[str, list[_Person]]) -> dict[_Person, str]:
    """By person of whom two things are told, where the first of them stands."""
    text = answer.body.decode(errors="replace") if answer.json is None else ""
    return _named_in([*leaves(answer.json), Leaf(("body",), text)], by_number)


def _named_in(texts: Iterable[Leaf], by_number: Mapping[str, list[_Person]]) -> dict[_Person, str]:
    found = [leaf for leaf in texts if not is_of_the_house(leaf.keys)]
    whole = "\n".join(_plain(leaf.text) for leaf in found)
    shown: dict[_Person, str] = {}
    for leaf in found:
        for number in _numbers(leaf.text):
            for person in by_number.get(number, ()):
                others = (person.phone, person.identifier) if number != person.phone else (person.identifier,)
                has_number = any(other and other != number and other in whole for other in others)
                if has_number or (person.name and person.name in whole):
                    shown.setdefault(person, pointer(leaf.keys))
    return shown


def _numbers(text: str) -> set[str]:
    return {tail(found) for found in _PHONE.findall(text)} | set(_NUMBER.findall(text))
