"""Of an appointment's attributes those count that runs have set."""

import pytest

from cancel_contract.exchange.attributes import FIELD, KEYS, own_alone
from cancel_contract.run.scenarios.asking import ASSIGNED
from cancel_contract.supply.variations import _RICH_ATTRIBUTES

_MARK = {"external_ref": "cancel-contract-3f9a01bc-1795981591-2"}


def test_every_key_that_a_run_sets_is_known() -> None:
    """Those of creates, and those that a body asks to assign."""
    assert {*_RICH_ATTRIBUTES, *ASSIGNED[FIELD]} == KEYS


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ({"contract": "test", "visits": 7}, {"contract": "test", "visits": 8}, ({"contract": "test"},) * 2),
        ({"number": 7}, {"visits": 7}, ({"number": 7}, None)),
        ({"number": 7}, {}, ({"number": 7}, {})),
        ({"visits": 7}, {"visits": 8, "told": True}, ({"visits": None},) * 2),
        ({"visits": 7}, {"told": True}, ({"visits": None}, None)),
        ({"visits": 7}, None, ({"visits": None}, None)),
        (None, {"told": True}, (None, None)),
        ([], {"told": True}, ([], None)),
    ],
)
def test_what_a_target_adds_is_left_out(before: object, after: object, kept: tuple[object, object]) -> None:
    """Of what nobody marked it is known what it had, and not who changes it."""
    shown = own_alone({FIELD: before}, {FIELD: after})

    assert tuple(view[FIELD] for view in shown) == kept


def test_what_a_run_has_marked_has_no_other_attributes() -> None:
    """Whatever else is shown is the target's."""
    views = ({FIELD: attributes, **_MARK} for attributes in ({"visits": 7}, {}))

    assert [view[FIELD] for view in own_alone(*views)] == [None, {}]
