"""Faults of parameters that a cancel has no use for: they are read, and they change its answer."""

from collections.abc import Callable
from typing import Final

from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.behaviours import Fault
from cancel_contract.provider.faults.parts.refusing import failing


def _asks_for(name: str) -> Callable[[Request], bool]:
    return lambda request: name in request.parameters


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("locale-fails", "input/query-ignored",
          "The language of a link is looked up, and has no file.", failing(_asks_for("locale"))),
    Fault("page-fails", "input/query-ignored",
          "What is asked for by pages has to be a list.", failing(_asks_for("page"))),
)  # fmt: skip
"""Parameters that are read."""
