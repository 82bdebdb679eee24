"""What is created in place of a variation that a target refuses."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cancel_contract.supply.fallbacks import MOST_REFUSALS, Fallbacks
from cancel_contract.supply.variations import (
    FULL,
    OFF_GRID,
    PLAIN,
    Variation,
    pairwise,
)
from cancel_contract.target.settings import Settings

ALL = Settings.model_validate(
    {"base_url": "http://127.0.0.1:9", "api_token": "Token7f3cA91e", "account_id": 1, "service_id": 3, "contact_id": 4}
)


def booked(
    fitting: Fallbacks, variation: Variation, takes: Callable[[Variation], bool], answer: str = ""
) -> tuple[Variation | None, int]:
    """Ask for a variation, then for others, until one is taken; gives it, and how many were refused."""
    wanted = fitting.of(variation)
    if takes(wanted):
        fitting.takes(wanted)
        return wanted, 0
    for number, other in enumerate(fitting.others(wanted, answer), start=1):
        if takes(other):
            fitting.takes(other)
            fitting.learn(wanted, other)
            return other, number
    return None, 0


RULES: dict[str, Callable[[Variation], bool]] = {
    "contact required": lambda variation: variation.contact,
    "service required": lambda variation: variation.service,
    "no prepayment": lambda variation: variation.payment in {"unpaid", "settled"},
    "no payment": lambda variation: variation.payment == "unpaid",
    "new ones are scheduled": lambda variation: variation.status == "scheduled",
    "an hour": lambda variation: variation.minutes == 60,
    "half an hour": lambda variation: variation.minutes == 30,
    "phone required": lambda variation: variation.phone,
    "no such phone": lambda variation: not variation.phone,
    "no identifier": lambda variation: variation.identifier == "none",
    "short names": lambda variation: variation.name != "long",
    "all is retired": lambda variation: (
        (variation.payment, variation.status, variation.comment) == ("unpaid", "scheduled", False)
    ),
    "birth date required": lambda variation: variation.birth_date,
    "comment required": lambda variation: variation.comment,
    "all is required": lambda variation: variation.contact and variation.service and variation.phone,
}


@pytest.mark.parametrize("rule", RULES)
def test_whatever_is_ruled_out_something_is_taken(rule: str) -> None:
    """Each variation has something in its place, and what was learnt is not asked for again and again."""
    fitting = Fallbacks(ALL)
    results = [booked(fitting, variation, RULES[rule]) for variation in (*pairwise(), FULL, PLAIN)]

    assert all(taken for taken, _ in results)
    assert sum(refused for _, refused in results) <= MOST_REFUSALS + len(results)


def test_one_change_is_made_to_all_shapes() -> None:
    """Where one change did it, the others come with it at once, and keep the rest of what they are."""
    fitting = Fallbacks(ALL)
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
def test_what_the_answer_names_is_changed_first(answer: str, first: Variation) -> None:
    """A refusal that names a field saves the asking."""
    assert next(Fallbacks(ALL).others(FULL, answer)) == first


def test_what_the_settings_do_not_name_is_not_tried() -> None:
    """Without a service and a contact, variations with them are asked for as those without: not twice."""
    none = ALL.model_copy(update={"service_id": None, "contact_id": None})

    others = list(Fallbacks(none).others(PLAIN, ""))

    changes: tuple[dict[str, Any], ...] = (
        *({"payment": payment} for payment in ("settled", "round")), {"minutes": 60}, {"comment": True},
        {"birth_date": True}, {"identifier": "digits"}, {"name": "cyrillic"}, {"phone": False},
        *({"reference": reference} for reference in ("uuid", "keyed")),
    )  # fmt: skip
    assert others == [replace(PLAIN, **change) for change in changes]


def test_the_last_resort_begins_some_days_ahead() -> None:
    """One that begins at once might take the very slot that is to be booked again."""
    fitting = Fallbacks(ALL)
    fitting.takes(replace(PLAIN, name="other", begins="soon"))

    assert replace(PLAIN, name="other") in fitting.others(replace(PLAIN, minutes=45), "")
    assert all(other.begins == "ahead" for other in fitting.others(PLAIN, ""))


def test_finding_out_has_an_end() -> None:
    """Where much was refused, only what was taken before is asked for."""
    fitting = Fallbacks(ALL)
    fitting.takes(PLAIN)
    for variation in pairwise()[:8]:
        list(fitting.others(variation, ""))

    assert list(fitting.others(FULL, "")) == [PLAIN]


def test_a_shorter_one_needs_less_room() -> None:
    """Half an hour stands in for an hour; nothing for half an hour, or where half hours are refused."""
    fitting, hour = Fallbacks(ALL), replace(FULL, minutes=60)

    assert [*fitting.shorter(hour)] == [FULL]
    assert [*fitting.shorter(FULL)] == []
    assert [(one.minutes, one.start) for one in fitting.shorter(OFF_GRID)] == [(30, "quarter"), (30, "plain")]

    fitting.learn(FULL, hour)
    assert [*fitting.shorter(hour)] == []


def test_rich_texts_become_plain_before_a_comment_goes() -> None:
    """A refusal of an emoji, of an attribute or of a telephone costs the rich texts alone."""
    rich = replace(FULL, texts="rich")

    for answer in ("client_comment is invalid", "custom_attributes must be flat", "client_phone is invalid"):
        assert next(Fallbacks(ALL).others(rich, answer)) == FULL


def test_what_cannot_be_moved_stays_where_it_is() -> None:
    """Where there is no room for two slots, one is enough."""
    assert next(Fallbacks(ALL).shorter(replace(FULL, is_moved=True))) == FULL
