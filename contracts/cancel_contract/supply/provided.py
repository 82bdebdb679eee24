"""Takes the appointments that the settings hand over, one after another."""

from collections.abc import Callable, Iterator

from cancel_contract.errors import Unprepared
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.supply.creation_errors import none_left, of_no_use
from cancel_contract.target.settings import Settings, variable


class Provided:
    """The appointments that were handed over; each is given out once."""

    def __init__(
        self,
        settings: Settings,
        numbers: Iterator[int] | None,
        read: Callable[[int], Snapshot],
        revived: Callable[[Snapshot], Snapshot],
    ) -> None:
        """Begin with those of the settings; `numbers` are the ones to take in their place, if not all."""
        self._named = len(settings.appointment_ids)
        self._numbers: Iterator[int] = iter(settings.appointment_ids) if numbers is None else numbers
        self._read, self._revived = read, revived
        self._passed_over: list[str] = []

    def next(self) -> Snapshot:
        """Return the next one that can be cancelled, revived if it is cancelled.

        Raises Unprepared with the reason if there is none.
        """
        for number in self._numbers:
            snapshot = self._read(number)
            may_be_cancelled = not snapshot.is_imported and not snapshot.not_undone
            if snapshot.is_cancelled and may_be_cancelled:
                snapshot = self._revived(snapshot)
            if snapshot.payload and not snapshot.is_cancelled and may_be_cancelled:
                return snapshot
            self._passed_over.append(f"{number}: {of_no_use(snapshot)}")
        if self._named:
            raise none_left(self._named, self._passed_over)
        raise Unprepared(
            f"no appointment can be created: set {variable('resource_id')}, or {variable('appointment_ids')}"
        )
