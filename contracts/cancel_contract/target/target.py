"""The server under test: where it is, as whom it is asked, and with which limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from cancel_contract.exchange.credential import Holder, digests, secrets
from cancel_contract.redaction.secrets import SHORTEST, Redactor
from cancel_contract.target.settings import (
    NONE,
    Settings,
    is_loopback,
    secret_names,
    variable,
)

ROAD: Final = "EXTRA_HEADER_"
"""Prefix of the names of secrets that are for a proxy on the way, and not for the target."""


@dataclass(frozen=True, slots=True)
class Target:
    """A server under test, made of the settings that describe it."""

    settings: Settings
    embedded: bool = False
    url: httpx.URL = field(init=False)
    account: int = field(init=False)
    redactor: Redactor = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.settings.base_url is None or self.settings.account_id is None:
            raise AssertionError("settings without a target were checked when they were loaded")
        object.__setattr__(self, "url", httpx.URL(self.settings.base_url))
        object.__setattr__(self, "account", self.settings.account_id)
        held = {holder: token for holder in Holder if (token := self.token(holder))}
        object.__setattr__(self, "redactor", Redactor(secrets(held) | digests(held) | self._extra_headers()))

    def token(self, holder: Holder) -> str | None:
        """Return the token of a holder, if the settings have it."""
        secret = getattr(self.settings, holder.value)
        return secret.get_secret_value() if secret else None

    @property
    def provided_ids(self) -> frozenset[int]:
        """The appointments that the settings name, each for one purpose."""
        given = self.settings
        numbers = (given.readonly_appointment_id, given.paid_expense_appointment_id, given.foreign_appointment_id)
        return frozenset(filter(None, numbers))

    def _extra_headers(self) -> dict[str, str]:
        # A short value is a word such as `yes`, which may appear anywhere.
        values = {name: value.get_secret_value() for name, value in self.settings.extra_headers}
        return {f"{ROAD}{name}": value for name, value in values.items() if len(value) >= SHORTEST}

    @property
    def is_loopback(self) -> bool:
        """Whether the target runs on this machine."""
        return is_loopback(self.url.host)

    @property
    def shown(self) -> Mapping[str, Any]:
        """Every setting as people may see it: variable -> value, with secrets as ***."""
        return {variable(name): self._shown(name, value) for name, value in self.settings.model_dump().items()}

    def _shown(self, name: str, value: Any) -> Any:  # noqa: ANN401  a setting of any type
        if name in self.settings.declined:
            return NONE
        return "***" if name in secret_names() and value else value
