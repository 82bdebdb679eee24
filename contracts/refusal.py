"""Why a create was refused, and what to do about it. May not know: slots, shapes."""

from typing import Final

from contracts.discretion import discreet
from contracts.errors import Unprepared
from contracts.exchange import Exchange
from contracts.settings import remedy, variable

_REMEDIES: Final = {
    401: f"{variable('api_token')} is not taken here; {remedy('api_token')}",
    403: f"the member may not make appointments; name one who may, or set {variable('appointment_ids')}",
    404: f"see that {variable('account_id')} and {variable('resource_id')} are of this target and belong together",
}
_ANY_REMEDY: Final = f"see what the target's log says, or set {variable('appointment_ids')}"


def code_of(exchange: Exchange) -> str:
    """Give the code that an answer bears, with a blank before it; empty where it bears none."""
    body = exchange.answer.json if exchange.answer else None
    return f" {discreet(str(body['code']))}" if isinstance(body, dict) and "code" in body else ""


def unmade(exchange: Exchange) -> Unprepared:
    """Give the error that says why no appointment can be made."""
    advice = _REMEDIES.get(exchange.status or 0, _ANY_REMEDY)
    return Unprepared(f"no appointment can be made: {exchange.fact}{code_of(exchange)}; {advice}")


def all_taken(number: int) -> Unprepared:
    """Give the error that says that slot after slot was refused."""
    remedies = f"set {variable('resource_id')} to one with free working hours"
    return Unprepared(f"{number} slots in a row were taken: {remedies}")
