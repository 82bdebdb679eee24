"""What a cancel has made of an appointment that others work with, too: all else they may change at any time.

It is an imported one, which the clinic's own system writes, or one of another account (policy).
"""

from cancel_contract.clauses.money import AMOUNTS
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.changes import change
from cancel_contract.exchange.compare import Payload, rows_of
from cancel_contract.exchange.difference import Broken, broken_by
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.document import Fragment


def cancelled_or_emptied(fragment: Fragment, before: Payload, after: Exchange, when: str) -> Broken | None:
    """What a read shows to have been cancelled, or lost in money; what cannot be read has changed."""
    found, now = change(fragment, before, after, when), after.payload
    if found is None or now is None:
        return found
    return broken_by((one for one in found.differences if _is_of_a_cancel(one.field, before, now)), f"{when}, ")


def _is_of_a_cancel(name: str, before: Payload, now: Payload) -> bool:
    if name in ACTION.changes:
        return bool(now.get(name) == ACTION.changes[name])
    if name in AMOUNTS:
        return _amount(now.get(name)) < _amount(before.get(name))
    if name == "payments":
        return len(rows_of(now) or ()) < len(rows_of(before) or ())
    return name == "expense" and not now.get(name)


def _amount(value: object) -> float:
    return value if isinstance(value, int | float) else 0
