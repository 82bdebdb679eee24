"""Decides when a run gives a target up."""

from threading import Lock
from typing import Final

from cancel_contract.errors import Unreachable
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.exchange import OK, Exchange, Trouble
from cancel_contract.target.settings import variable
from cancel_contract.target.target import Target

MOST_TIMEOUTS: Final = 5
"""Timeouts after which the run gives the target up (policy)."""
UNAUTHORIZED: Final = 401
READS: Final = frozenset({Intent.READ, Intent.LIST, Intent.CALENDAR})
"""Reads that any member may send: their 401 is about the token, while one on creating or cancelling may be a missing
permission.
"""


class LostTarget:
    """Gives up a target whose every answer would cost the whole time limit, or which no longer accepts the token."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._timeouts, self._is_known = 0, False
        self._lock = Lock()

    def saw(self, exchange: Exchange) -> None:
        """Count an exchange. Raises Unreachable if the target is given up for it."""
        if exchange.is_of_gateway:
            # It does not say whether the target is there.
            return
        # What is answered all the same, such as a cancel that cleans up, goes on.
        if exchange.trouble is Trouble.TIMEOUT and not exchange.case.abandoned:
            self._timed_out()
        reads = exchange.case.intent in READS and exchange.case.credential.is_right
        if reads and exchange.status == UNAUTHORIZED and exchange.case.key.partition("#")[2] != "probe account":
            raise Unreachable(self._unknown_token(exchange))
        self._is_known |= reads and exchange.status == OK

    def _unknown_token(self, refused: Exchange) -> str:
        if self._is_known:
            return (
                f"{self._target.url} no longer knows the token: {refused.fact} for {refused.case.path}, though reads "
                "with the same token were answered 200 before; see whether it was revoked meanwhile, or the refusal of "
                "somebody else is kept in a cache"
            )
        return (
            f"{self._target.url} does not know the token: status is 401 when the account's own data is asked for; "
            f"check {variable('api_token')} and {variable('account_id')} with `cancel-contract doctor`"
        )

    def _timed_out(self) -> None:
        with self._lock:
            self._timeouts += 1
            is_lost = self._timeouts >= MOST_TIMEOUTS
        if is_lost:
            limit = self._target.settings.time_limit
            # Those that are under way with the last one say the same.
            raise Unreachable(f"{self._target.url} gave {MOST_TIMEOUTS} times no answer within {limit:g} s")
