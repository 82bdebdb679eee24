"""Which reports are written. Lives here: from what was asked for to the writers. May not know: what they hold."""

from contracts.session import Contract


def write(contract: Contract) -> None:
    """Write every report that was asked for."""
    del contract
