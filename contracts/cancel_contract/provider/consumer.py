"""A running provider in the hands of a consumer's tests."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx

from cancel_contract.exchange.case import appointment_path, appointments_path
from cancel_contract.provider.api.access import TOKEN_HEADER
from cancel_contract.provider.app import Provider
from cancel_contract.provider.names import UnknownNameError
from cancel_contract.provider.server.control import Behaviour
from cancel_contract.provider.server.server import running
from cancel_contract.provider.server.wire import Receive, Scope, Send
from cancel_contract.provider.store.seed import SEED, SLOT_MINUTES, Seed

_DAYS_AHEAD: Final = 60
"""Where new appointments begin: past the seeded ones."""
_OPENS: Final = time(8)
_PER_DAY: Final = 24
_MOST_TRIES: Final = 50
_STORE: Final = "/_store"
"""What the paths begin with by which a handle makes and inspects appointments."""


class NotMadeError(Exception):
    """The provider did not make an appointment."""


@dataclass(slots=True)
class ConsumerProvider:
    """A running provider: where it is, whom it knows, and how it behaves."""

    base_url: str
    provider: Provider = field(repr=False)
    _client: httpx.Client = field(repr=False)
    behaviour: Behaviour = field(default_factory=Behaviour)
    _places: Iterator[int] = field(default_factory=itertools.count, repr=False)

    @property
    def seed(self) -> Seed:
        """The ids and tokens that every provider knows; the most used ones have names of their own here."""
        return SEED

    @property
    def token(self) -> str:
        """The token of a member who may cancel."""
        return SEED.member_token

    @property
    def account_id(self) -> int:
        """The member's account."""
        return SEED.account_id

    def fault(self, *names: str) -> None:
        """Break the contract in these ways from now on: they replace the faults that were on, and none clears them.

        Several at once stand in one call, `fault("created-201", "slow-now-and-then")`; variants, latency and error rate
        stay as they are. `cancel-contract serve --list` names all. Raises UnknownNameError for a name that is none.
        """
        self.behave(faults=names)

    def variant(self, *names: str) -> None:
        """Keep the contract in these other ways from now on: they replace the variants that were on.

        Raises UnknownNameError for a name that is none.
        """
        self.behave(variants=names)

    def latency(self, seconds: float) -> None:
        """Take so much longer for each answer from now on."""
        self.behave(latency=seconds)

    def error_rate(self, share: float) -> None:
        """Answer this share of the requests 503, without effect, from now on."""
        self.behave(error_rate=share)

    def honest(self) -> None:
        """Keep the contract again in the provider's own way, without any trouble."""
        self.behave(**Behaviour().model_dump())

    def behave(self, **behaviour: Any) -> None:  # noqa: ANN401  fields of Behaviour
        """Behave otherwise in what is named; the rest stays as it is."""
        wanted = Behaviour.model_validate({**self.behaviour.model_dump(), **behaviour})
        if problems := [*wanted.problems()]:
            raise UnknownNameError("\n".join(problems))
        self.provider.switch(*wanted.behaviours())
        self.behaviour = wanted

    def new_appointment(self, **fields: Any) -> int:  # noqa: ANN401  fields of a create request
        """Make an appointment in a free slot and return its id; fields are those of the API's create request.

        It goes to the store, past faults, variants, latency and error rate. Raises NotMadeError where it is refused.
        """
        for place in itertools.islice(self._places, _MOST_TRIES):
            body = {
                "resource_id": SEED.resource_id,
                "client_name": "Contract Test",
                **_slot(place, self.provider.store.now()),
                **fields,
            }
            answer = self._asked("POST", appointments_path(SEED.account_id), body)
            if answer.status_code in {200, 201}:
                return int(answer.json()["payload"]["id"])
            if answer.status_code != 409 or "starts_at" in fields:
                raise NotMadeError(
                    f"the provider answered {answer.status_code} {answer.text}: correct the fields {body}"
                )
        raise NotMadeError(
            f"{_MOST_TRIES} slots in a row are taken: name starts_at and ends_at, or another resource_id"
        )

    def appointment(self, number: int) -> Mapping[str, Any]:
        """Return an appointment of the account as it is stored and an honest API reads it, whatever the faults.

        Raises LookupError where there is none.
        """
        answer = self._asked("GET", appointment_path(SEED.account_id, number))
        if answer.status_code != 200:
            raise LookupError(
                f"the provider answered {answer.status_code} for appointment {number}: see `seed` for ids"
            )
        payload: Mapping[str, Any] = answer.json()["payload"]
        return payload

    @property
    def requests(self) -> int:
        """How many requests came so far; what this handle makes and inspects is none."""
        return self.provider.audit.requests

    def _asked(self, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {TOKEN_HEADER: SEED.member_token, "Accept": "application/json"}
        return self._client.request(method, f"{_STORE}{path}", json=body, headers=headers)


class _WithStore:
    """A provider, and its rows past all that it does to requests."""

    def __init__(self, provider: Provider) -> None:
        self._provider, self._store = provider, provider.of_the_same_rows()

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        path = scope["raw_path"]
        if path.startswith(f"{_STORE}/".encode()):
            await self._store.app({**scope, "raw_path": path.removeprefix(_STORE.encode())}, receive, send)
        else:
            await self._provider.app(scope, receive, send)


def _slot(place: int, now: datetime) -> dict[str, str]:
    zone = ZoneInfo(SEED.time_zone)
    day = now.astimezone(zone).date() + timedelta(days=_DAYS_AHEAD + place // _PER_DAY)
    starts = datetime.combine(day, _OPENS, zone) + timedelta(minutes=SLOT_MINUTES * (place % _PER_DAY))
    ends = starts + timedelta(minutes=SLOT_MINUTES)
    return {"starts_at": starts.astimezone(UTC).isoformat(), "ends_at": ends.astimezone(UTC).isoformat()}


@contextmanager
def started(provider: Provider | None = None) -> Iterator[ConsumerProvider]:
    """A provider that runs while the context lasts."""
    kept = provider or Provider()
    with (
        running(kept, around=_WithStore(kept)) as served,
        # No proxy of the environment stands between a test and its own provider.
        httpx.Client(base_url=served.base_url, trust_env=False) as client,
    ):
        yield ConsumerProvider(served.base_url, kept, client)
