"""Appointments of every shape, cancelled once and looked at."""

from typing import Any, Final
from urllib.parse import urlencode

from cancel_contract.exchange.case import (
    Case,
    Intent,
    appointments_path,
    cancel_path,
)
from cancel_contract.exchange.compare import Payload
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.snapshot import Held
from cancel_contract.run.context import FIRST_REFUSAL, OK, Stage
from cancel_contract.run.scenarios.provided import PAID_EXPENSE, paid, unfit
from cancel_contract.run.scenarios.scenario import Situation
from cancel_contract.supply.variations import (
    FULL,
    KIN,
    Shape,
    pairwise,
)

SHAPES: Final = pairwise()[:10]
"""Shapes that are cancelled one by one; the others serve other situations."""
_REPEATED: Final = 4
_CALLERS: Final[dict[int, tuple[tuple[str, bytes], ...]]] = {
    1: (("accept", b"*/*"), ("accept-encoding", b"identity"), ("user-agent", b"curl/8.5.0")),
    3: (("content-type", b"application/json"),),
    5: (
        ("accept", b"application/json, text/plain, */*"),
        ("accept-encoding", b"gzip, deflate"),
        ("accept-language", b"ru-RU,ru;q=0.9,kk;q=0.8,en;q=0.7"),
        ("cookie", b"theme=dark"),
    ),
}
"""By shape, how other callers ask: the documentation's curl line, one that types a body it does not send, browsers."""
_ODDLY: Final[dict[int, tuple[Intent, str, dict[str, Any]]]] = {
    6: (Intent.ACCEPT, "{}", {"headers": (("accept", b"garbage"),)}),
    7: (Intent.MALFORMED_ID, "{}abc", {}),
    9: (Intent.FOREIGN_BODY, "{}", {"headers": (("content-type", b"application/xml"),), "body": b"<status>x</status>"}),
}
"""By shape, a request that may be refused before the application sees it, and is a first cancel if it is not."""
_WATCHED: Final = next(number for number, shape in enumerate(SHAPES) if shape.payment == "paid")
"""The first that has payments and an expense, in which most can be undone later, or be shown otherwise in a list."""


def first_cancel(
    stage: Stage, held: Held, key: str = "first", headers: tuple[tuple[str, bytes], ...] = ()
) -> tuple[Exchange, Exchange]:
    """Cancel an appointment for the first time and read it back."""
    cancel = stage.cancel(held.id, key, Intent.CANCEL, headers=headers)
    after = stage.read(held.id)
    stage.submit(
        Kind.FIRST_CANCEL,
        (Role.BEFORE, held.seen),
        (Role.CANCEL, cancel),
        (Role.AFTER, after),
        topic=str(held.payload.get("status")),
    )
    return cancel, after


def _oddly(stage: Stage, held: Held, intent: Intent, spelled: str, parts: dict[str, Any]) -> bool:
    """Cancel in an odd way; tells whether that did it. What is refused has done nothing."""
    path = cancel_path(stage.target.account, spelled.format(held.id))
    cancel = stage.cancel(held.id, f"first, {intent}", intent, path=path, **parts)
    after = stage.read(held.id)
    steps = ((Role.BEFORE, held.seen), (Role.CANCEL, cancel), (Role.AFTER, after))
    if cancel.status == OK:
        stage.cancelled(held.id)
        stage.submit(Kind.FIRST_CANCEL, *steps, topic=str(held.payload.get("status")))
        return True
    if cancel.status is not None and cancel.status >= FIRST_REFUSAL:
        stage.submit(Kind.REFUSAL, *steps, topic=str(intent))
    return Held(held.id, after).is_cancelled


def repeat(stage: Stage, held: Held, cancel: Exchange, after: Exchange, times: int = 4) -> None:
    """Cancel an appointment again and again, and look whether anything changed."""
    agains = [(Role.AGAIN, stage.cancel(held.id, f"cancel {n + 2}", Intent.REPEAT)) for n in range(times)]
    late = stage.read(held.id)
    stage.submit(Kind.REPEAT, (Role.CANCEL, cancel), (Role.AFTER, after), *agains, (Role.AFTER, late))


def listed(stage: Stage, cancel: Exchange, before: Payload) -> None:
    """Look for a cancelled appointment in the list."""
    query = urlencode(
        {
            "from": before["starts_at"],
            "to": before["ends_at"],
            "resource_ids": before["resource_id"],
            "status": "cancelled",
        }
    )
    path = appointments_path(stage.target.account)
    found = stage.send(Case("list", Intent.LIST, path, "GET", query=query, repeatable=True))
    stage.submit(Kind.LATE, (Role.CANCEL, cancel), (Role.LISTED, found))


def _shape(number: int, shape: Shape) -> Situation:
    again, is_watched = {0: _REPEATED, 4: 1}.get(number, 0), number == _WATCHED

    def play(stage: Stage) -> None:
        held = stage.fresh(shape)
        if number in _ODDLY and _oddly(stage, held, *_ODDLY[number]):
            return
        cancel, after = first_cancel(stage, held, headers=_CALLERS.get(number, ()))
        if again:
            repeat(stage, held, cancel, after, again)
        if is_watched and cancel.status == OK:
            stage.watch(after)
            listed(stage, cancel, held.payload)

    return Situation(f"effect/{shape}", play, 1, 3 + (again + 1) * bool(again) + is_watched)


def _paid_expense(stage: Stage) -> None:
    held = paid(stage)
    if held.is_cancelled:
        held = stage.supply.revived(held)
    if held.is_cancelled:
        raise unfit(PAID_EXPENSE, f"names appointment {held.id}, which is cancelled and is not made scheduled again")
    _, after = first_cancel(stage, held)
    # What the second makes of the expense its answer shows; however many there are, the run compares them at its end.
    if Held(held.id, after).is_cancelled:
        stage.cancel(held.id, "cancel 2", Intent.REPEAT)


def _neighbour(stage: Stage) -> None:
    """One is made before and one after the one that is cancelled: a careless query may hit either.

    The later one is alike to it in whatever a query may go by: contact, service, name, telephone, identifier.
    """
    earlier = stage.fresh(FULL)
    between = stage.fresh(KIN)
    later = stage.fresh(KIN)
    neighbours = [Held(made.id, stage.read(made.id)) for made in (earlier, later)]
    first_cancel(stage, between, "between")
    # Whoever reads a list here cancels an appointment of ours; a number made up may be a stranger's.
    both = cancel_path(stage.target.account, f"{between.id},{later.id}")
    stage.cancel(between.id, "two ids", Intent.MALFORMED_ID, path=both)
    for neighbour in neighbours:
        after = stage.read(neighbour.id)
        stage.submit(Kind.NEIGHBOUR, (Role.OTHER_BEFORE, neighbour.seen), (Role.OTHER_AFTER, after))
        first_cancel(stage, neighbour, "neighbour")


def _slot(stage: Stage) -> None:
    held = stage.fresh(FULL)
    cancel, after = first_cancel(stage, held)
    if cancel.status != OK:
        # Whose the slot is now is not known.
        return
    stage.watch(after)
    asked = stage.supply.calendar(held)
    rebook = stage.supply.rebook(held)
    calendar = ((Role.CALENDAR, asked),) if asked else ()
    stage.submit(Kind.SLOT, (Role.CANCEL, cancel), *calendar, (Role.REBOOK, rebook))
    if rebook.payload and isinstance(rebook.payload.get("id"), int):
        # A second cancel would hide what the booking has made of it.
        seen = stage.read(held.id)
        stage.submit(Kind.LATE, (Role.BEFORE, after), (Role.AFTER, seen), topic="after a new booking of its slot")
        _rebooked(stage, held, Held(rebook.payload["id"], rebook))


def _rebooked(stage: Stage, held: Held, booked: Held) -> None:
    """Whoever cancels a second time does not cancel for the one who has the slot by now."""
    stage.cancel(held.id, "cancel 2", Intent.REPEAT)
    seen = stage.read(booked.id)
    topic = "a second cancel of the one whose slot it has"
    stage.submit(Kind.MODEL, (Role.AFTER, seen), topic=topic, expected=booked.payload)
    cancel = stage.cancel(booked.id, "rebooked", Intent.CANCEL)
    # Read back are appointments enough.
    stage.submit(Kind.FIRST_CANCEL, (Role.BEFORE, booked.seen), (Role.CANCEL, cancel), topic="scheduled")


SITUATIONS: Final = (
    *(_shape(number, shape) for number, shape in enumerate(SHAPES)),
    Situation("effect/paid-expense", _paid_expense, 0, 4, (PAID_EXPENSE,), uses_up=(PAID_EXPENSE,)),
    Situation("effect/neighbour", _neighbour, 3, 14),
    Situation("effect/slot", _slot, 2, 9),
)
"""The family's situations."""
