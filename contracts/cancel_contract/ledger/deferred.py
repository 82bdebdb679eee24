"""Timeouts, judged once the target is known to be alive."""

from dataclasses import dataclass, field

from cancel_contract.exchange.exchange import Exchange, Trouble


@dataclass(frozen=True, slots=True)
class DeferredTimeouts:
    """Holds back what was never answered until the target answers again.

    A target that answers other requests has broken its promise; one that answers nobody is gone, and breaks no clause.
    """

    held_back: list[Exchange] = field(default_factory=list)

    def due(self, exchange: Exchange) -> tuple[Exchange, ...]:
        """What may be judged now that an exchange is over: it, none, or with it all that was held back."""
        if exchange.trouble is Trouble.TIMEOUT and not exchange.case.abandoned:
            self.held_back.append(exchange)
            return ()
        if not exchange.answer:
            return (exchange,)
        released = (*self.held_back, exchange)
        self.held_back.clear()
        return released
