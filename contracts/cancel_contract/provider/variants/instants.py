"""Variants that spell timestamps in other ways, or tell a change by its time alone."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.behaviours import EVERY, Hooks, Variant
from cancel_contract.provider.store.records import Payload
from cancel_contract.provider.store.seed import SEED

_IN_TURN: Final = ((0, "seconds"), (5, "milliseconds"), (-3.5, "microseconds"), (0, "milliseconds"))
"""Offsets in hours and precisions in which each answer spells its instants in turn."""


def offset(_: Call, payload: Payload) -> Payload:
    """Spell instants in the seeded time zone."""
    return _instants(payload, lambda moment: moment.astimezone(ZoneInfo(SEED.time_zone)).isoformat())


def fractional(_: Call, payload: Payload) -> Payload:
    """Spell instants with milliseconds."""
    return _instants(payload, lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"))


def in_turn(call: Call, payload: Payload) -> Payload:
    """Spell instants with another offset and precision in each answer, inside rows as well."""
    hours, precision = _IN_TURN[call.number % len(_IN_TURN)]
    zone = timezone(timedelta(hours=hours))

    def spell(moment: datetime) -> str:
        return moment.astimezone(zone).isoformat(timespec=precision)

    rows = [_instants(row, spell) for row in payload["payments"]]
    return {**_instants(payload, spell), "payments": rows}


def tagged_by_time(call: Call, answer: Answer) -> Answer:
    """Make the entity tag of the number and the second of the last change."""
    if answer.status != 200:
        return answer
    changed = json.loads(answer.body)["payload"]["updated_at"]
    return answer.with_header("ETag", f'"{call.found.id}-{changed}"')


def _instants(payload: Payload, spell: Callable[[datetime], str]) -> Payload:
    return {
        name: spell(datetime.fromisoformat(value)) if name.endswith("_at") and value else value
        for name, value in payload.items()
    }


INSTANTS: Final = (
    Variant(
        "offset-instants",
        "Instants come with the account's offset instead of Z; ISO 8601 names the same moments.",
        Hooks(EVERY, render=offset),
    ),
    Variant(
        "instants-in-turn",
        "Each answer spells its instants with another offset and precision, as several serializers do.",
        Hooks(EVERY, render=in_turn),
    ),
    Variant(
        "fractional-seconds",
        "Instants come with milliseconds, as a later framework sends them.",
        Hooks(EVERY, render=fractional),
    ),
    Variant(
        "tag-of-the-second",
        "The entity tag is made of the number and the last change, whose time is told in whole seconds.",
        Hooks(frozenset({"read"}), answer=tagged_by_time),
    ),
)
