"""Says of a cancel that a read showed nothing of whether it is seen later: reads may lag behind."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from cancel_contract.clauses.effect_elsewhere import listed_rows
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import READS, Intent
from cancel_contract.exchange.compare import Payload, spelled
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.row import Row
from cancel_contract.run.context import Context

_TELLING: Final = 0.1
"""Seconds that are told."""
_LAGS: Final = ": it takes effect late, or reads lag behind"


def tell_what_came_later(context: Context, exchanges: Sequence[Exchange]) -> None:
    """Add to each breach of a cancel without an effect whether any later look shows one, if nobody has written to the
    appointment since.
    """
    every = {one.number: one for one in exchanges}
    for name, row in context.ledger.rows.items():
        if row.breach and row.breach.is_without_effect and (shown := every.get(row.breach.number)):
            context.ledger.rows[name] = _with_latest(row, row.breach, shown, exchanges)


def _with_latest(row: Row, breach: Breach, shown: Exchange, exchanges: Sequence[Exchange]) -> Row:
    views = [*_views(shown, exchanges)]
    if not views:
        return row
    late, view = next((one for one in views if ACTION.is_done(one[1])), views[-1])
    seconds = (late.started - shown.started).total_seconds()
    when = f"{seconds:.1f} s later" if seconds >= _TELLING else "soon after that"
    where = "list" if late.case.intent is Intent.LIST else "read"
    told = f"; {when} a {where} shows {spelled(view, 'status')}{_LAGS if ACTION.is_done(view) else ''}"
    return replace(row, breach=replace(breach, message=f"{breach.message}{told}"))


def _views(shown: Exchange, exchanges: Sequence[Exchange]) -> Iterator[tuple[Exchange, Payload]]:
    """Yield what shows the appointment of an exchange later, with the look; nothing from the next request on that may
    write to it.
    """
    number = shown.appointment
    for one in exchanges:
        if one.number <= shown.number:
            continue
        if one.case.appointment == number and one.case.intent not in READS:
            return
        rows = listed_rows(one) or () if one.case.intent is Intent.LIST else filter(None, [one.payload])
        yield from ((one, row) for row in rows if row.get("id") == number and "status" in row)
