"""Timeouts, judged once the target is known to be alive."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from cancel_contract.exchange.exchange import Exchange, Trouble


@dataclass(frozen=True, slots=True)
class DeferredTimeouts:
    """Holds timeouts back until the target answers again; safe for threads.

    A target that answers other requests has broken its promise; one that answers nobody is gone, and breaks no clause.
    """

    judge: Callable[[Exchange], object]
    held_back: deque[Exchange] = field(default_factory=deque)

    def saw(self, exchange: Exchange) -> None:
        """Judge an exchange, or hold it back if it is a timeout; an answer releases what was held back."""
        if exchange.trouble is Trouble.TIMEOUT and not exchange.case.abandoned:
            self.held_back.append(exchange)
            return
        if exchange.answer:
            self._let_go()
        self.judge(exchange)

    def _let_go(self) -> None:
        while self.held_back:
            try:
                late = self.held_back.popleft()
            except IndexError:
                # Another thread was quicker.
                return
            self.judge(late)
