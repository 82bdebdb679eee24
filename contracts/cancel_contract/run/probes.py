"""Reads ahead of cancels: they show ids absent, which makes them harmless, and tokens known, whose refusal tells."""

from collections.abc import Callable
from itertools import combinations
from typing import Final

from cancel_contract.clauses.alike import difference
from cancel_contract.errors import Unprepared
from cancel_contract.exchange.case import Case, Intent, appointment_path
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.exchange import OK, Exchange
from cancel_contract.run.context import Context

_MORE: Final = 4
"""Reads more where a token that nobody has is answered in several ways (policy)."""
_ABSENT: Final = frozenset({400, 403, 404, 410, 422})
"""Statuses of a read of an absent id: not there, not allowed to look, or an id that no row can have."""
_KNOWN: Final = "known"
"""What workers tell one another of a token that is answered differently from one that nobody has."""


def probe(context: Context, text: str) -> None:
    """Ask once whether each high id that a text may name is absent."""
    for number in context.ownership.probes(text):
        path = appointment_path(context.target.account, number)
        exchange = context.send(Case("probe", Intent.READ, path, "GET", repeatable=True))
        if exchange.status in _ABSENT:
            context.ownership.saw_absent(number)


def absent(context: Context, number: int) -> int:
    """Return an id once a read has shown it absent. Raises Unprepared if none is: it may be somebody's."""
    probe(context, str(number))
    if context.ownership.foreign(str(number)):
        raise Unprepared(f"no read shows that there is no appointment {number}, so that it is not asked for")
    return number


def probe_account(context: Context, number: int) -> None:
    """Ask whether a high account id is absent."""
    path = appointment_path(number, context.victim().id)
    exchange = context.send(Case("probe account", Intent.READ, path, "GET", repeatable=True))
    if exchange.status in _ABSENT | {401}:
        context.ownership.saw_absent_account(number)


def knows(context: Context, holder: Holder, appointment: int) -> bool:
    """Whether the target answers a holder's token differently from an unknown one; asked once in a run, by reads."""

    def ask() -> str:
        nobody = Credential(showing="wrong")
        one, shown, other = (context.read(appointment, who) for who in (nobody, Credential(holder), nobody))
        is_known = shown.status == OK or is_another(shown, (one, other), lambda: context.read(appointment, nobody))
        return _KNOWN if is_known else ""

    return context.supply.learned.claims.once(ask, holder) == _KNOWN


def is_another(shown: Exchange, nobodys: tuple[Exchange, Exchange], ask: Callable[[], Exchange]) -> bool:
    """Whether an answer is none of those to a token that nobody has: two, and if these differ some more that `ask`
    gives. Some of these have to be the same, so that each text is one for itself.
    """
    if difference(shown, *nobodys) is not None:
        return True
    if difference(nobodys[0], nobodys[1], nobodys[1]) is None:
        return False
    # Two builds may have a text each, and any other text lies between these.
    others = (*nobodys, *(ask() for _ in range(_MORE)))
    are_texts = any(difference(one, other, other) is None for one, other in combinations(others, 2))
    return are_texts and all(difference(shown, one, one) is not None for one in others)
