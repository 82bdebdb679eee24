"""Decides when a run gives a target up."""

from collections.abc import Sequence
from typing import Final

from cancel_contract.errors import Unreachable
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.exchange import Exchange, Trouble
from cancel_contract.target.settings import variable
from cancel_contract.target.target import Target

MOST_TIMEOUTS: Final = 5
"""Timeouts after which the run gives the target up (policy)."""
UNAUTHORIZED: Final = 401
READS: Final = frozenset({Intent.READ, Intent.LIST, Intent.CALENDAR})
"""Reads that any member may send: their 401 is about the token, while one on creating or cancelling may be a missing
permission.
"""


def stop_if_hopeless(exchange: Exchange, exchanges: Sequence[Exchange], target: Target) -> None:
    """Give up a target whose every answer would cost the whole time limit, or which no longer accepts the token."""
    slow = sum(one.trouble is Trouble.TIMEOUT and not one.case.abandoned for one in exchanges)
    # What is answered all the same, such as a cancel that cleans up, goes on.
    if exchange.trouble is Trouble.TIMEOUT and slow >= MOST_TIMEOUTS:
        limit = target.settings.time_limit
        raise Unreachable(f"{target.url} gave {slow} times no answer within {limit:g} s")
    reads = exchange.case.intent in READS and exchange.case.credential.is_right
    if reads and exchange.status == UNAUTHORIZED and exchange.case.key.partition("#")[2] != "probe account":
        raise Unreachable(
            f"{target.url} does not know the token: status is 401 when the account's own data is asked for; "
            f"check {variable('api_token')} and {variable('account_id')} with `cancel-contract doctor`"
        )
