"""What is asked for in the place of a shape that a target refuses."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cancel_contract.supply.fallbacks import MOST_REFUSALS, Fitting
from cancel_contract.supply.variations import (
    FULL,
    PLAIN,
    Shape,
    pairwise,
)
from cancel_contract.target.settings import Settings

ALL = Settings.model_validate(
    {"base_url": "http://127.0.0.1:9", "api_token": "Token7f3cA91e", "account_id": 1, "service_id": 3, "contact_id": 4}
)


def booked(
    fitting: Fitting, shape: Shape, takes: Callable[[Shape], bool], answer: str = ""
) -> tuple[Shape | None, int]:
    """Ask for a shape, then for others, until one is taken; gives it, and how many were refused."""
    wanted = fitting.of(shape)
    if takes(wanted):
        fitting.takes(wanted)
        return wanted, 0
    for number, other in enumerate(fitting.others(wanted, answer), start=1):
        if takes(other):
            fitting.takes(other)
            fitting.learn(wanted, other)
            return other, number
    return None, 0


RULES: dict[str, Callable[[Shape], bool]] = {
    "contact required": lambda shape: shape.contact,
    "service required": lambda shape: shape.service,
    "no prepayment": lambda shape: shape.payment in {"unpaid", "settled"},
    "no payment": lambda shape: shape.payment == "unpaid",
    "new ones are scheduled": lambda shape: shape.status == "scheduled",
    "an hour": lambda shape: shape.minutes == 60,
    "half an hour": lambda shape: shape.minutes == 30,
    "phone required": lambda shape: shape.phone,
    "no such phone": lambda shape: not shape.phone,
    "no identifier": lambda shape: shape.identifier == "none",
    "short names": lambda shape: shape.name != "long",
    "all is retired": lambda shape: (shape.payment, shape.status, shape.comment) == ("unpaid", "scheduled", False),
    "all is required": lambda shape: shape.contact and shape.service and shape.phone,
}


@pytest.mark.parametrize("rule", RULES)
def test_whatever_is_ruled_out_something_is_taken(rule: str) -> None:
    """Each shape has something in its place, and what was learnt is not asked for again and again."""
    fitting = Fitting(ALL)
    results = [booked(fitting, shape, RULES[rule]) for shape in (*pairwise(), FULL, PLAIN)]

    assert all(taken for taken, _ in results)
    assert sum(refused for _, refused in results) <= MOST_REFUSALS + len(results)


def test_one_change_is_made_to_all_shapes() -> None:
    """Where one change did it, the others come with it at once, and keep the rest of what they are."""
    fitting = Fitting(ALL)
    booked(fitting, FULL, RULES["contact required"])

    assert booked(fitting, PLAIN, RULES["contact required"]) == (replace(PLAIN, contact=True), 0)


@pytest.mark.parametrize(
    ("answer", "first"),
    [
        ('{"error": "Contact_id is required"}', replace(FULL, contact=True)),
        ('{"details": {"field": "duration_min"}}', replace(FULL, minutes=60)),
        ('{"code": "INVALID_IIN"}', replace(FULL, identifier="none")),
        ("", replace(FULL, payment="settled")),
    ],
)
def test_what_the_answer_names_is_changed_first(answer: str, first: Shape) -> None:
    """A refusal that names a field saves the asking."""
    assert next(Fitting(ALL).others(FULL, answer)) == first


def test_what_the_settings_do_not_name_is_not_tried() -> None:
    """Without a service and a contact, shapes with them are asked for as those without: not twice."""
    none = ALL.model_copy(update={"service_id": None, "contact_id": None})

    others = list(Fitting(none).others(PLAIN, ""))

    assert others == [replace(PLAIN, payment="settled"), replace(PLAIN, minutes=60), replace(PLAIN, phone=False)]


def test_finding_out_has_an_end() -> None:
    """Where much was refused, only what was taken before is asked for."""
    fitting = Fitting(ALL)
    fitting.takes(PLAIN)
    for shape in pairwise()[:8]:
        list(fitting.others(shape, ""))

    assert list(fitting.others(FULL, "")) == [PLAIN]


def test_a_shorter_one_needs_less_room() -> None:
    """Half an hour stands in for an hour; nothing for half an hour, or where half hours are refused."""
    fitting, hour = Fitting(ALL), replace(FULL, minutes=60)

    assert fitting.shorter(hour) == FULL
    assert fitting.shorter(FULL) is None

    fitting.learn(FULL, hour)
    assert fitting.shorter(hour) is None
