"""Timeouts, judged once the target is known to be alive."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from cancel_contract.exchange.exchange import Exchange, Trouble


@dataclass(frozen=True, slots=True)
class DeferredTimeouts:
    """Holds back what was never answered until the target answers again; safe for threads.

    A target that answers others has broken its promise; one that answers nobody is gone, and breaks none.
    """

    judge: Callable[[Exchange], object]
    held_back: deque[Exchange] = field(default_factory=deque)

    def saw(self, exchange: Exchange) -> None:
        """Judge an exchange, or hold it back; one that was answered lets go what was held back."""
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
