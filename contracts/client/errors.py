"""What can go wrong with one call, as one tree. Lives here: the errors of the client. May not know: how calls are made.

ClientError
├── Unsent              nothing reached the server, so nothing has changed
│   └── TlsFailed       the server could not prove who it is
├── AnswerLost          the request may have arrived, its answer did not: ask what became of it
├── Refusal             the server answered that it will not, so nothing has changed
│   ├── BadRequest      400  it could not read the request
│   ├── Unauthorized    401  the token is wrong, or not enough
│   │   └── NoTokenSeen      no token arrived at all
│   ├── Forbidden       403  scheduling is switched off for the account
│   ├── NotFound        404  no such account, or no such appointment in it
│   ├── Conflict        409  the appointment's state, or a taken slot, does not let it
│   ├── Unprocessable   422  the appointment is read-only, or its record is not valid
│   └── Throttled       429  too many requests; `retry_after` says how long to wait, if the server did
├── ServerError         5xx  the server failed; whether anything has changed is not known
├── Redirected          3xx  the server points elsewhere; a token is never taken there
└── BrokenAnswer        the server said yes in a way that cannot be relied on

Every error carries the method and the URL of its request, and the status and the code of its answer where there are
any. None carries the token, the answer's text, or anything else that could name a person.
"""

from typing import ClassVar, Final

READ_ONLY: Final = "APPOINTMENT_READ_ONLY"


class ClientError(Exception):
    """The root of everything that a call can raise, apart from arguments that make no call."""

    remedy: ClassVar[str] = "see the server's documentation"

    def __init__(  # noqa: PLR0913 - each is a fact of the one exchange
        self,
        fact: str,
        *,
        method: str,
        url: str,
        status: int | None = None,
        code: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.method = method
        self.url = url
        self.status = status
        self.code = code
        self.retry_after = retry_after
        super().__init__(f"{method} {url}: {fact}; {self.remedy}")


class Unsent(ClientError):
    """Nothing reached the server, so nothing has changed."""

    remedy = "nothing was sent, check the host and the road to it"


class TlsFailed(Unsent):
    """The server could not prove who it is; the token stayed here."""

    remedy = "nothing was sent, check the host's certificate and the CA bundle"


class AnswerLost(ClientError):
    """The request may have arrived, its answer did not."""

    remedy = "ask what became of it before anything else"


class Refusal(ClientError):
    """The server answered that it will not, so nothing has changed."""

    remedy = "nothing was changed, correct the request"


class BadRequest(Refusal):
    """The server could not read the request (observed: 400)."""


class Unauthorized(Refusal):
    """The token is missing, wrong, or its owner may not do this here (observed: 401 in two shapes)."""

    remedy = "nothing was changed, check the token and that its owner is a member of the account"


class NoTokenSeen(Unauthorized):
    """The server saw no token at all (observed: 401 in the sign-in library's shape)."""

    remedy = "nothing was changed, check for a proxy that drops headers with underscores"


class Forbidden(Refusal):
    """Scheduling is switched off for the account (sibling: 403)."""

    remedy = "nothing was changed, have scheduling switched on for the account"


class NotFound(Refusal):
    """There is no such account, or no such appointment in it (sibling: 404, with and without a code)."""

    remedy = "nothing was changed, check both ids"


class Conflict(Refusal):
    """The appointment's present state, or a taken slot, does not let it (sibling: 409)."""

    remedy = "nothing was changed, read the appointment and decide again"


class Unprocessable(Refusal):
    """The appointment is read-only, or its record is not valid (observed: 422)."""

    remedy = "nothing was changed, the code says why"

    @property
    def is_read_only(self) -> bool:
        """Tell whether the appointment was imported and can only be changed where it came from."""
        return self.code == READ_ONLY


class Throttled(Refusal):
    """Too many requests were sent (observed: 429); `retry_after` is the wait asked for, in seconds."""

    remedy = "nothing was changed, send it again later"


class ServerError(ClientError):
    """The server failed (observed: 500 under a held row lock); whether anything has changed is not known."""

    remedy = "ask what became of it, or send it again"


class Redirected(ClientError):
    """The server points elsewhere, where a token is never taken (policy)."""

    remedy = "correct the base URL, redirects are not followed"


class BrokenAnswer(ClientError):
    """The server said yes in a way that cannot be relied on (policy)."""

    remedy = "read the appointment back, and tell the provider"


BY_STATUS: Final[dict[int, type[Refusal]]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    422: Unprocessable,
    429: Throttled,
}
