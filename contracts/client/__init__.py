"""A small typed client of the cancel endpoint, such as a consumer would use.

`CancelClient` cancels, reads, makes and finds appointments; the models are what it returns; the errors say what can go
wrong, as a tree, in `contracts.client.errors`. It knows nothing of clauses, targets or the guard: whatever has to sit
between it and the network is handed over as an httpx transport.
"""

from contracts.client.cancelling import CancelClient, Outcome
from contracts.client.errors import (
    AnswerLost,
    BadRequest,
    BrokenAnswer,
    ClientError,
    Conflict,
    Forbidden,
    NotFound,
    NoTokenSeen,
    Redirected,
    Refusal,
    ServerError,
    Throttled,
    TlsFailed,
    Unauthorized,
    Unprocessable,
    Unsent,
)
from contracts.client.models import Appointment, Expense, NewAppointment, Payment
from contracts.client.waiting import Retries

__all__ = [
    "AnswerLost",
    "Appointment",
    "BadRequest",
    "BrokenAnswer",
    "CancelClient",
    "ClientError",
    "Conflict",
    "Expense",
    "Forbidden",
    "NewAppointment",
    "NoTokenSeen",
    "NotFound",
    "Outcome",
    "Payment",
    "Redirected",
    "Refusal",
    "Retries",
    "ServerError",
    "Throttled",
    "TlsFailed",
    "Unauthorized",
    "Unprocessable",
    "Unsent",
]
