"""The environment of a pipeline's job, for processes that a test starts."""

import os
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from cancel_contract.run.embedded import seeded_settings
from cancel_contract.target.settings import variable

OURS = ("ONELINK_", "PYTEST_", "GITHUB_")


@pytest.fixture(scope="session")
def environment() -> Callable[..., dict[str, str]]:
    """Return a maker of environments in which a provider is the target, without variables of an outer pipeline."""

    def make(base_url: str, **job: str) -> dict[str, str]:
        outer = {name: text for name, text in os.environ.items() if not name.startswith(OURS)}
        settings = seeded_settings(base_url)
        given = {variable(name): getattr(settings, name) for name in settings.model_fields_set}
        plain = {
            name: one.get_secret_value() if isinstance(one, SecretStr) else str(one) for name, one in given.items()
        }
        return {**outer, **plain, **job}

    return make


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
