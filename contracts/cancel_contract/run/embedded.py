"""Starts the reference provider as the target of a run."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Literal

from cancel_contract.provider import SEED, Provider, running
from cancel_contract.target.settings import Settings
from cancel_contract.target.target import Target

_LIMITS: Final = {"max_requests": 20_000, "max_appointments": 1_000}
"""Nobody shares the embedded provider, so that a thorough run may send what it likes."""

NOTHING_TO_NAME: Final[Mapping[str, tuple[str, ...]]] = {
    "first": ("unprivileged_api_token",),
    "intermediate": ("unprivileged_api_token",),
    "later": ("paid_expense_appointment_id",),
    "newest": ("paid_expense_appointment_id",),
}
"""By generation of the provider, the settings for things that it lacks."""


def seeded_settings(base_url: str, **overrides: Any) -> Settings:  # noqa: ANN401  values of any setting
    """The settings that reach the reference provider; overrides are limits and expectations."""
    seeded: Mapping[str, Any] = {
        "base_url": base_url,
        "api_token": SEED.member_token,
        "account_id": SEED.account_id,
        "resource_id": SEED.resource_id,
        "service_id": SEED.service_id,
        "contact_id": SEED.contact_id,
        "time_zone": SEED.time_zone,
        "readonly_appointment_id": SEED.readonly_appointment_id,
        "paid_expense_appointment_id": SEED.paid_expense_appointment_ids[0],
        "foreign_account_id": SEED.foreign_account_id,
        "foreign_api_token": SEED.foreign_token,
        "foreign_appointment_id": SEED.foreign_appointment_id,
        "unprivileged_api_token": SEED.unprivileged_token,
        "second_api_token": SEED.second_token,
        "disabled_account_id": SEED.disabled_account_id,
    }
    return Settings.model_validate({**seeded, **overrides})


@contextmanager
def embedded(settings: Settings, provider: Provider | None = None, **whereabouts: Any) -> Iterator[Target]:  # noqa: ANN401  as above
    """Start a provider as a target, with the limits and expectations of some settings.

    `whereabouts` replace those of the seed.
    """
    kept = settings.model_dump(exclude_unset=True, exclude_none=True)
    with running(provider or Provider(repeat_policy=_policy(settings))) as served:
        yield Target(seeded_settings(served.base_url, **(_LIMITS | kept | whereabouts)), embedded=True)


def shown(settings: Settings) -> Target:
    """The embedded target before it runs: for the header."""
    kept = settings.model_dump(exclude_unset=True)
    return Target(seeded_settings("http://127.0.0.1", **(_LIMITS | kept)), embedded=True)


def _policy(settings: Settings) -> Literal["idempotent", "rejected"]:
    return "rejected" if settings.repeat_policy == "rejected" else "idempotent"
