"""Faults of answers to callers that send more, or less, than others: weights, traces, no length."""

from typing import Final

from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.behaviours import Fault
from cancel_contract.provider.faults.parts.refusing import answered, failing, has


def _has_no_length(request: Request) -> bool:
    return request.header("content-length") is None and request.header("transfer-encoding") is None


def _has_weights(request: Request) -> bool:
    return ";q=" in (request.header("accept") or "")


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("length-asked-for", "answer/status-200",
          "A gateway wants a length of every POST, and the documentation's own curl command states none.",
          answered(411, "Length Required", _has_no_length)),
    Fault("weights-refused", "answer/status-200",
          "Types are compared as texts, and a browser writes weights behind them.",
          answered(406, "Not Acceptable", _has_weights)),
    Fault("trace-fails", "answer/status-200",
          "An old library reads the trace of a new browser.", failing(has("traceparent"))),
)  # fmt: skip
"""In the order of the headers."""
