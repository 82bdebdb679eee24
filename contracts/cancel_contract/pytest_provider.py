"""The fixture `cancel_provider`, for the tests of whoever consumes the API.

pytest loads this module in every project of an environment in which the package is installed, so that it imports
nothing that takes time to load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cancel_contract.provider.consumer import ConsumerProvider


@pytest.fixture
def cancel_provider() -> Iterator[ConsumerProvider]:
    """A running provider of the scheduling API, fresh for each test: `cancel_provider.fault("created-201")`."""
    from cancel_contract.provider.consumer import started  # noqa: PLC0415  see the module's docstring

    with started() as handle:
        yield handle
