"""Faults of another version of the API, whose numbers may mean other appointments: the guard lets nothing there."""

from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.behaviours import Fault, Hooks


def _second_version(_: Call, request: Request) -> Request:
    return replace(request, path=request.path.replace("/api/v2/", "/api/v1/", 1))


def _let_into_second(call: Call, proceed: Stage[None]) -> None:
    if "/api/v2/" not in call.original.path:
        proceed(call)


NEXT: Final[tuple[Fault, ...]] = (
    Fault("second-version-open", "input/path-rights",
          "The next version of the API is mounted already, and its policies are not.",
          Hooks(arrive=_second_version, permit=_let_into_second)),
)  # fmt: skip
"""Faults whose clauses are being written."""
