"""Checks that the contact, or the conversation, which a cancel finds for a client is not that of another client.

A server may know a client by a number and find its contact at any time, or open a conversation for its message. What
it finds for a client with a number is that one's alone; all who leave none may have one in common.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from cancel_contract.clauses.clause import Finding
from cancel_contract.clauses.creates import sent
from cancel_contract.clauses.other_clients import tail
from cancel_contract.exchange.compare import FOUND_LATER
from cancel_contract.exchange.difference import Difference, broken_by
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.exchange import Exchange


def linked_apart(episode: Episode) -> Iterator[Finding]:
    """No two clients of a run have a contact or a conversation in common that stood at neither before its cancel."""
    if episode.kind is not Kind.MADE:
        return
    creates = {one.payload.get("id"): one for one in reversed(episode.all(Role.BEFORE)) if one.payload}
    for name in sorted(FOUND_LATER):
        found = _found(episode, creates, name)
        shared = (pair for pair in combinations(found.values(), 2) if _share(pair, creates, name))
        if pair := next(shared, None):
            numbers = " and ".join(str(one.case.appointment) for one in pair)
            told = f"after their cancels, appointments {numbers}, of two clients, have one {name} in common"
            linked = Difference("field", f"/{name}", "that of another client", "its own", told)
            yield broken_by([linked], shown_by=pair[1])
        elif found:
            yield None


def _found(episode: Episode, creates: Mapping[Any, Exchange], name: str) -> dict[int, Exchange]:
    """By appointment, the first cancel that shows an id where its create has shown, and sent, none."""
    found: dict[int, Exchange] = {}
    for one in episode.all(Role.CANCEL):
        number, create = one.case.appointment, creates.get(one.case.appointment)
        was_empty = create is not None and (create.payload or {}).get(name, 0) is None and not sent(create).get(name)
        if number is not None and was_empty and type((one.payload or {}).get(name)) is int:
            found.setdefault(number, one)
    return found


def _share(pair: tuple[Exchange, Exchange], creates: Mapping[Any, Exchange], name: str) -> bool:
    one, other = pair
    if (one.payload or {}).get(name) != (other.payload or {}).get(name):
        return False
    first, second = (sent(creates[each.case.appointment]) for each in pair)
    are_one = any(first.get(key) == second.get(key) is not None for key in ("client_name", "client_identifier"))
    # A house that knows clients by their telephone numbers may have one contact for all who leave none.
    phones = [tail(str(each.get("client_phone") or "")) for each in (first, second)]
    return not are_one and phones[0] != phones[1]
