"""Of an appointment's attributes those count that runs have set."""

from typing import Any

import pytest

from cancel_contract.exchange.attributes import FIELD, KEYS, own_alone
from cancel_contract.run.scenarios.asking import ASSIGNED
from cancel_contract.supply.variations import _RICH_ATTRIBUTES

_MARK = {"external_ref": "cancel-contract-3f9a01bc-1795981591-2"}


def test_every_key_that_a_run_sets_is_known() -> None:
    """Those of creates, and those that a body asks to assign."""
    assert {*_RICH_ATTRIBUTES, *ASSIGNED[FIELD]} == KEYS


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ({FIELD: {"contract": "test", "visits": 7}}, {"contract": "test"}),
        ({FIELD: {"visits": 7}, **_MARK}, None),
        ({FIELD: {"visits": 7}}, {"visits": None}),
        ({FIELD: None}, None),
        ({FIELD: []}, []),
    ],
)
def test_what_a_target_adds_is_left_out(shown: dict[str, Any], kept: object) -> None:
    """Of what nobody marked the names alone are known to be somebody's."""
    assert own_alone(shown)[FIELD] == kept
