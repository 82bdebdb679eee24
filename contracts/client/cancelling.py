"""The client itself. Lives here: one method per operation, and how calls are made. May not know: what answers mean."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeVar

import httpx
import stamina
from pydantic import BaseModel

from contracts.client.errors import AnswerLost, ClientError
from contracts.client.models import Appointment, AppointmentList, Envelope, NewAppointment
from contracts.client.origin import safe_id, safe_origin, safe_token
from contracts.client.reading import broken, read, refusal, trouble
from contracts.client.waiting import Retries, send_again

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from pydantic import SecretStr

M = TypeVar("M", bound=BaseModel)

# The provider's database gives up on a held row after 14 s (observed), so an answer may take that long.
TIMEOUTS: Final = httpx.Timeout(5.0, read=30.0)
RETRIES: Final = Retries()
_OK: Final = frozenset({200})
_MADE: Final = frozenset({200, 201})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a cancel: the appointment as it reads now, or the error for which nobody knows."""

    state: Literal["cancelled", "not cancelled", "unknown"]
    appointment: Appointment | None = None
    reason: ClientError | None = None


class CancelClient:
    """Cancels appointments of one account; close it, or use it as a context manager.

    A cancel is repeated after a lost answer or a 5xx because repeating it changes nothing (policy); where that does not
    hold, say `repeat_is_safe=False`, and ask `what_became_of` instead. Thread-safe, as httpx's client is.
    """

    def __init__(  # noqa: PLR0913 - three say where and as whom, the others have defaults
        self,
        base_url: str,
        account_id: int,
        token: str | SecretStr,
        *,
        transport: httpx.BaseTransport | None = None,
        timeouts: httpx.Timeout = TIMEOUTS,
        retries: Retries = RETRIES,
        repeat_is_safe: bool = True,
    ) -> None:
        origin = safe_origin(base_url)
        self._token = safe_token(token)
        self._account_id = safe_id("account_id", account_id)
        self._retries = retries
        self._repeat_is_safe = repeat_is_safe
        self._http = httpx.Client(
            base_url=origin,
            transport=transport,
            timeout=timeouts,
            follow_redirects=False,
            # A proxy from the environment would see a token that travels in plain text.
            trust_env=origin.scheme == "https",
        )
        # The token is all there is to a caller: no session may grow beside it.
        self._http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def __enter__(self) -> Self:
        self._http.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<CancelClient {self._http.base_url} account {self._account_id}>"

    def close(self) -> None:
        """Close the open connections."""
        self._http.close()

    def cancel(self, appointment_id: int) -> Appointment:
        """Cancel an appointment and return it as it is now; one that was cancelled already is returned as it was."""
        path = f"{self._appointment(appointment_id)}/cancel"
        response = self._send("POST", path, repeatable=self._repeat_is_safe)
        appointment = self._about(response, appointment_id)
        if appointment.status != "cancelled":
            # A later generation answers so while another system has yet to agree (observed).
            raise broken(response, f"payload/status is {appointment.status}, not cancelled")
        return appointment

    def get(self, appointment_id: int) -> Appointment:
        """Read an appointment."""
        response = self._send("GET", self._appointment(appointment_id), repeatable=True)
        return self._about(response, appointment_id)

    def create(self, new: NewAppointment) -> Appointment:
        """Make an appointment; only one with an idempotency key is asked for again after a lost answer."""
        repeatable = new.idempotency_key is not None
        response = self._send("POST", self._appointments(), repeatable=repeatable, json=new.body())
        return self._ours(response, read(response, Envelope, _MADE).payload)

    def starting_between(
        self, first: datetime, last: datetime, *, resource_ids: Sequence[int] = ()
    ) -> tuple[Appointment, ...]:
        """List the appointments that start between two moments, which need a zone, by start."""
        query = {"from": _moment("first", first), "to": _moment("last", last)}
        if resource_ids:
            query["resource_ids"] = ",".join(str(safe_id("resource_ids", one)) for one in resource_ids)
        response = self._send("GET", self._appointments(), repeatable=True, params=query)
        return tuple(self._ours(response, one) for one in read(response, AppointmentList, _OK).payload)

    def what_became_of(self, appointment_id: int) -> Outcome:
        """Read an appointment back after a cancel whose answer was lost.

        `not cancelled` means not yet: a request that is still on its way can arrive after this answer.
        """
        try:
            found = self.get(appointment_id)
        except ClientError as error:
            return Outcome("unknown", reason=error)
        return Outcome("cancelled" if found.status == "cancelled" else "not cancelled", appointment=found)

    def _appointments(self) -> str:
        return f"api/v1/accounts/{self._account_id}/scheduling/appointments"

    def _appointment(self, appointment_id: int) -> str:
        return f"{self._appointments()}/{safe_id('appointment_id', appointment_id)}"

    def _about(self, response: httpx.Response, appointment_id: int) -> Appointment:
        found = self._ours(response, read(response, Envelope, _OK).payload)
        if found.id != appointment_id:
            raise broken(response, f"payload/id is {found.id}, not {appointment_id}")
        return found

    def _ours(self, response: httpx.Response, found: Appointment) -> Appointment:
        if found.account_id != self._account_id:
            raise broken(response, f"payload/account_id is {found.account_id}, not {self._account_id}")
        return found

    def _send(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool,
        params: Mapping[str, str] | None = None,
        json: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        # No local may hold the token: a traceback that shows locals would show it.
        request = self._http.build_request(method, path, params=params, json=json, headers=self._headers())
        lost = False
        for attempt in self._attempts(repeatable=repeatable):
            with attempt:
                try:
                    return self._exchange(request)
                except ClientError as error:
                    if lost:
                        # A refusal then tells of the repeat only: the first one may have been carried out.
                        error.add_note("the answer to an earlier attempt was lost: ask what became of it")
                    lost = lost or isinstance(error, AnswerLost)
                    raise
        raise AssertionError("stamina goes on until an attempt returns or raises")

    def _headers(self) -> dict[str, str]:
        return {"accept": "application/json", "api_access_token": self._token.get_secret_value()}

    def _attempts(self, *, repeatable: bool) -> Iterator[stamina.Attempt]:
        retries = self._retries
        return iter(
            stamina.retry_context(
                on=functools.partial(send_again, retries=retries, repeatable=repeatable),
                attempts=retries.attempts,
                timeout=retries.total,
                wait_initial=retries.first,
                wait_max=retries.longest,
                wait_jitter=retries.jitter,
            )
        )

    def _exchange(self, request: httpx.Request) -> httpx.Response:
        try:
            response = self._http.send(request)
        except httpx.HTTPError as failure:
            error: ClientError = trouble(failure, request)
        else:
            if response.is_success:
                return response
            error = refusal(response)
        # Raised out here so that no traceback leads into httpx's frames, which hold the token.
        raise error


def _moment(name: str, value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError(f"{name} has no zone, and the server would read it as UTC; give it one")
    return value.isoformat()
