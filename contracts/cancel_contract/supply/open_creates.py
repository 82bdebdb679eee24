"""The creates of which nobody knows yet what they have made."""

from collections.abc import Sequence

from cancel_contract.exchange.case import Case
from cancel_contract.exchange.exchange import Exchange, Trouble
from cancel_contract.supply.verification import Sought, Verification


class OpenCreates:
    """What was asked for, from before a create is sent until it is owned, or known not to be there."""

    def __init__(self, verification: Verification) -> None:
        self._verification = verification
        self._open: dict[str, Sought] = {}
        self._late: dict[str, Sought] = {}

    @property
    def every(self) -> tuple[Sought, ...]:
        """What may have been made, and is not owned."""
        return tuple(self._open.values())

    @property
    def late(self) -> tuple[Sought, ...]:
        """What was not made when it was looked for, and may be made later: a gateway has answered in the meantime."""
        return tuple(self._late.values())

    def asked(self, sought: Sought) -> None:
        """Note what a create asks for: if the run is interrupted from here on, the clean-up looks for it."""
        self._open[sought.marker] = sought

    def ended(self, sought: Sought, *, is_late: bool = False) -> None:
        """Note that all was done to find out what a create has made, or, where it did not come, until the end."""
        if is_late:
            self._late[sought.marker] = sought
        if sought.marker not in self._verification.unsure:
            self._open.pop(sought.marker, None)

    def failed(self, sought: Sought, case: Case, exchanges: Sequence[Exchange]) -> None:
        """Note that a create ended in an error: it is forgotten if it cannot have arrived."""
        last = exchanges[-1] if exchanges else None
        # A target may be given up for the answer to a create that did not come.
        if last is None or last.case.body != case.body or last.trouble is Trouble.UNREACHABLE:
            self._open.pop(sought.marker, None)
