"""Honest variants of what is taken when an appointment is made: times, lengths, texts."""

import json
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from cancel_contract.provider.api.answers import Answer, Refused, invalid, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.api.values import instant
from cancel_contract.provider.behaviours import Condition, Hooks, Variant
from cancel_contract.provider.store.seed import SEED
from cancel_contract.provider.variants.booking_rules import kept

DAYTIME: Final = (8 * 60, 20 * 60)
"""The minutes of the day from which and until which most people work."""
LONGEST: Final = 480
"""Minutes of the longest visit that some houses take."""
LONGEST_TEXT: Final = 255
"""Characters that a usual column holds."""
LONGEST_REFERENCE: Final = 32
"""Characters of an external_ref in a narrow column."""
LONGEST_KEY: Final = 36
"""Characters of a UUID, which many take for keys alone."""
_ACTIVE: Final = frozenset({"scheduled", "confirmed"})
GRID: Final = 30
"""Minutes between two starts in a calendar that knows half hours."""
_HOUR: Final = 60
_MADE: Final = frozenset({"create", "update"})
_TEXTS: Final = ("client_name", "client_comment", "external_ref")


def _refused(rule: Condition, status: int, text: str, code: str = "VALIDATION_ERROR") -> Hooks:
    return Hooks(_MADE, handle=kept(rule, lambda: refusal(status, text, code)))


def times_of(call: Call) -> tuple[Any, ...]:
    """Return the start and the end that a body asks for; nothing where it names none, or nonsense."""
    try:
        return tuple(instant(call.body[name], name) for name in ("starts_at", "ends_at"))
    except (KeyError, Refused):
        return ()


def _agreeing(call: Call) -> bool:
    times, given = times_of(call), call.body.get("duration_min")
    return not times or not isinstance(given, int) or times[1] - times[0] == timedelta(minutes=given)


def _short(call: Call) -> bool:
    times = times_of(call)
    return not times or times[1] - times[0] <= timedelta(minutes=LONGEST)


def _on_the_grid(call: Call) -> bool:
    times = times_of(call)
    return not times or times[0].minute % GRID == 0


def _at_the_hour(call: Call) -> bool:
    times = times_of(call)
    return not times or times[0].minute % _HOUR == 0


def _not_soon(call: Call) -> bool:
    times = times_of(call)
    return not times or times[0] > call.store.now() + timedelta(days=1)


def _not_past(call: Call) -> bool:
    times = times_of(call)
    return not times or times[0] >= call.store.now()


def _of_usual_length(call: Call) -> bool:
    return all(len(str(call.body.get(name) or "")) <= LONGEST_TEXT for name in _TEXTS)


def _of_narrow_references(call: Call) -> bool:
    return len(str(call.body.get("external_ref") or "")) <= LONGEST_REFERENCE


def _of_short_keys(call: Call) -> bool:
    return len(str(call.body.get("idempotency_key") or "")) <= LONGEST_KEY


def _one_at_a_time(field: str) -> Condition:
    """Return whether no other appointment to come has the same in a field."""

    def rule(call: Call) -> bool:
        value = call.body.get(field)
        held = (row for row in call.store.of_account(int(call.route.account)) if row.status in _ACTIVE)
        same = sum(getattr(row, field) == value for row in held)
        return call.route.operation != "create" or value is None or not same

    return rule


def _kept_as(rewritten: Callable[[str], str]) -> Hooks:
    """Keep an external_ref otherwise than it was sent."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        if isinstance(sent := call.body.get("external_ref"), str):
            body = call.body | {"external_ref": rewritten(sent)}
            call.request = replace(call.request, body=json.dumps(body).encode())
        return await proceed(call)

    return Hooks(frozenset({"create"}), handle=hook)


def _in_daytime(call: Call, request: Request) -> Request:
    """Shut the room that is open around the clock, from the first request on."""
    directory = call.store.directory
    opens, closes = DAYTIME
    resources = tuple(
        replace(it, opens_minute=opens, closes_minute=closes) if it.id == SEED.resource_id else it
        for it in directory.resources
    )
    call.store.directory = replace(directory, resources=resources)
    return request


async def _composed(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    """Write names in one form of Unicode, when they are given and not later."""
    body = unicodedata.normalize("NFC", call.request.body.decode("utf-8", "replace")).encode()
    call.request = replace(call.request, body=body)
    return await proceed(call)


VALUES: Final[tuple[Variant, ...]] = (
    Variant("duration-checked", "A duration that is not the minutes from start to end is answered 422 (read).",
            Hooks(_MADE, handle=kept(_agreeing, lambda: invalid("duration_min does not match ends_at")))),
    Variant("long-visits-refused", "No visit takes more than eight hours.",
            _refused(_short, 422, "Duration min is not included in the list")),
    Variant("half-hours-only", "Visits begin at the hour or half past.",
            _refused(_on_the_grid, 422, "starts_at is not on the grid")),
    Variant("hours-booked", "Who books begins at the hour; the desk moves a visit as it likes.",
            Hooks(frozenset({"create"}), handle=kept(_at_the_hour, lambda: invalid("starts_at must be on the hour")))),
    Variant("nothing-soon", "Nothing is booked within 24 hours.",
            _refused(_not_soon, 409, "Too late to book", "OUTSIDE_WORKING_HOURS")),
    Variant("nothing-past", "What has begun cannot be booked.",
            _refused(_not_past, 422, "starts_at must be in the future")),
    Variant("texts-limited", "Texts are at most 255 characters long.",
            _refused(_of_usual_length, 422, "Client comment is too long (maximum is 255 characters)")),
    Variant("texts-composed", "Names are written in one form of Unicode when they are given.",
            Hooks(_MADE, handle=_composed)),
    Variant("references-limited", "An external_ref has at most 32 characters.",
            _refused(_of_narrow_references, 422, "External ref is too long (maximum is 32 characters)")),
    Variant("references-prefixed", "An external_ref is kept with the name of its source before it.",
            _kept_as("api:{}".format)),
    Variant("references-cut", "Of an external_ref 32 characters are kept.", _kept_as(lambda sent: sent[:32])),
    Variant("keys-limited", "An idempotency_key has at most 36 characters, as a UUID has.",
            _refused(_of_short_keys, 422, "Idempotency key is too long (maximum is 36 characters)")),
    Variant("one-visit-per-contact", "A contact has one visit to come at a time.",
            _refused(_one_at_a_time("contact_id"), 409, "Too many visits of this contact", "CONTACT_LIMIT")),
    Variant("one-visit-per-telephone", "One visit to come is taken for a telephone number at a time.",
            _refused(_one_at_a_time("client_phone"), 409, "Too many visits for this number", "PHONE_LIMIT")),
    Variant("daytime-only", "The room is open from eight to eight.", Hooks(arrive=_in_daytime)),
)  # fmt: skip
"""Other rules for what an appointment may be."""
