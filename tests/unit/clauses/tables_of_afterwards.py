"""Rows for the tables of effect/ and repeat/: what comes after a first cancel."""

from typing import Any

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import Make


def _undo(m: Any, before: str = "cancelled", code: int = 200, **read: Any) -> Episode:  # noqa: ANN401  the fixture's class
    tried = m.cancel(404, Intent.OTHER_METHOD)
    steps = (m.before(status=before), (Role.CANCEL, tried), m.after(code, **read))
    return Episode(Kind.UNDO, steps, topic="DELETE of its cancel")


def _shown(m: Any, *numbers: int, count: int | None = None, code: int = 200) -> Any:  # noqa: ANN401  likewise
    """A list of cancelled appointments of these ids."""
    rows = [m.payload(id=number) for number in numbers]
    meta = {"meta": {"count": count}} if count is not None else {}
    body = {"payload": rows, **meta} if code == 200 else {"error": "No"}
    return Role.LISTED, m.cancel(code, Intent.LIST, body=body)


def _lists(m: Any, *lists: Any, topic: str = "", first: int = 200) -> Episode:  # noqa: ANN401  likewise
    return Episode(Kind.LISTS, (m.done(first), *lists), topic=topic)


def _seen(m: Any, word: str, **row: Any) -> Episode:  # noqa: ANN401  likewise
    """A read that shows a word, and a list in which the same appointment is a row with some fields."""
    listed = Role.LISTED, m.cancel(200, Intent.LIST, body={"payload": [{"id": 7, **row}]})
    return Episode(Kind.LISTS, ((Role.OTHER_AFTER, m.read(status=word)), listed))


def _calendar(m: Any, **row: Any) -> Any:  # noqa: ANN401  likewise
    shown = {"payload": {"appointments": [m.payload(**row)]}}
    return Role.CALENDAR, m.cancel(200, Intent.CALENDAR, body=shown)


def _deleted(m: Any, *steps: Any, code: int = 204) -> Episode:  # noqa: ANN401  likewise
    other = Role.OTHER_AFTER, m.cancel(id=8)
    return Episode(Kind.DELETED, (other, (Role.DELETED, m.cancel(code, Intent.DELETE)), *steps))


def _gone(m: Any, again: int = 404, read: int = 404) -> tuple[Any, ...]:  # noqa: ANN401  likewise
    return m.again(again), m.after(read)


def _booked(m: Any, code: int = 201, **shown: Any) -> Any:  # noqa: ANN401  likewise
    body = {"payload": m.payload(**shown)} if code < 400 else {"error": "No"}
    return Role.REBOOK, m.cancel(code, Intent.CREATE, body=body)


def _key(m: Any, code: int = 200, first: int = 200, read: Any = None, **shown: Any) -> Episode:  # noqa: ANN401  likewise
    after = () if read is None else (m.after(**read),)
    return Episode(Kind.KEY, (m.done(first), _booked(m, code, **shown), *after))


def _kept(m: Any, code: int, *other: int, **shown: Any) -> Episode:  # noqa: ANN401  likewise
    beside = ((Role.BESIDE, m.cancel(one, Intent.CREATE)) for one in other)
    return Episode(Kind.SLOT_KEPT, (m.before(id=8), m.again(), _booked(m, code, **shown), *beside))


def _life(m: Any, *steps: Any, was: str = "scheduled", code: int = 200) -> Episode:  # noqa: ANN401  likewise
    revived = Role.REVIVED, m.cancel(code, Intent.REVIVE)
    return Episode(Kind.SECOND_LIFE, (revived, m.before(status=was), *steps))


def _history(m: Any, early: Any, late: Any, times: int = 2, answer: Any = None) -> Episode:  # noqa: ANN401  likewise
    steps = (m.done(**(early if answer is None else answer)), m.after(**early), *(m.again() for _ in range(times)))
    return Episode(Kind.REPEAT, (*steps, m.after(**late)))


OLD = "status=completed"
KEY_AGAIN = "when the create of a cancelled appointment is sent again with its key"

EFFECT_HELD: list[tuple[str, Make]] = [
    ("effect/not-undone", _undo),
    ("effect/filtered-list", lambda m: _lists(m, _shown(m, 8), topic=OLD)),
    ("effect/filtered-list", lambda m: _lists(m, _shown(m), topic=OLD)),
    ("effect/lists-agree", lambda m: _lists(m, _shown(m, 7, 8, count=2), _calendar(m))),
    ("effect/lists-agree", lambda m: _seen(m, "cancelled", status="cancelled")),
    ("effect/lists-agree", lambda m: _seen(m, "cancelled")),
    ("effect/lists-agree", lambda m: _seen(m, "scheduled", status="scheduled")),
    ("effect/lists-agree", lambda m: _lists(m, _shown(m, 7, count=120), _calendar(m, id=8, status="scheduled"))),
    ("effect/deleted-afterwards", lambda m: _deleted(m, *_gone(m), _shown(m, 8), _booked(m))),
    ("effect/deleted-afterwards", lambda m: _deleted(m, *_gone(m, 410, 410), _booked(m), code=200)),
    ("effect/deleted-afterwards", lambda m: _deleted(m, m.again(deleted_at="now"), m.after(status="archived"))),
]
EFFECT_BROKEN: list[tuple[str, Make, str]] = [
    ("effect/not-undone", lambda m: _undo(m, status="scheduled"),
     "after DELETE of its cancel, status is 'scheduled', not 'cancelled'"),
    ("effect/not-undone", lambda m: _undo(m, code=404),
     "after DELETE of its cancel, status is 404 when the cancelled appointment is read, not 200"),
    ("effect/filtered-list", lambda m: _lists(m, _shown(m, 8, 7), _shown(m, 8), topic=OLD),
     "the list of those whose status is completed still holds cancelled appointment 7"),
    ("effect/lists-agree", lambda m: _lists(m, _shown(m, 8)),
     "the list without a filter by status (1 row) does not hold cancelled appointment 7"),
    ("effect/lists-agree", lambda m: _seen(m, "cancelled", status="no_show"),
     "in the list, status of appointment 7 is 'no_show', not 'cancelled' as a read shows it"),
    ("effect/lists-agree", lambda m: _lists(m, _shown(m, 7, 8, count=1)),
     "the list's meta.count is 1, and it holds 2 rows"),
    ("effect/lists-agree", lambda m: _lists(m, _shown(m, 7), _calendar(m, payment_status="paid")),
     "in the calendar, payment_status is 'paid', not 'cancelled' as in the list"),
    ("effect/deleted-afterwards", lambda m: _deleted(m, code=500),
     "status is 500 when a cancelled appointment is deleted, not 204"),
    ("effect/deleted-afterwards", lambda m: _deleted(m, *_gone(m, again=200)),
     "status is 200 when a deleted appointment is cancelled again, not 404"),
    ("effect/deleted-afterwards", lambda m: _deleted(m, *_gone(m, read=200)),
     "status is 200 when a deleted appointment is read, not 404"),
    ("effect/deleted-afterwards", lambda m: _deleted(m, m.again(404), m.after(deleted_at=None)),
     "status is 200 when a deleted appointment is read, not 404"),
    ("effect/deleted-afterwards", lambda m: _deleted(m, *_gone(m), _shown(m, 7, 8)),
     "the list of cancelled appointments holds appointment 7, which was deleted"),
    ("effect/deleted-afterwards", lambda m: _deleted(m, *_gone(m), _shown(m)),
     "the list of cancelled appointments does not hold 8 after appointment 7 was deleted"),
    ("effect/deleted-afterwards", lambda m: _deleted(m, *_gone(m), _booked(m, 409)),
     "status is 409, not 201, when the slot of a deleted appointment is booked"),
]  # fmt: skip
EFFECT_ASIDE: list[tuple[str, Make]] = [
    ("effect/not-undone", lambda m: _undo(m, before="scheduled", status="scheduled")),
    ("effect/filtered-list", lambda m: _lists(m, _shown(m, 7), topic=OLD, first=404)),
    ("effect/filtered-list", lambda m: _lists(m, _shown(m, 7))),
    ("effect/filtered-list", lambda m: _lists(m, _shown(m, 7), topic="status=cancelled")),
    ("effect/lists-agree", lambda m: _lists(m, _shown(m, code=404))),
    ("effect/lists-agree", lambda m: _lists(m, _shown(m), topic=OLD)),
    ("effect/deleted-afterwards", lambda m: Episode(Kind.LATE, (m.after(404),))),
]
REPEAT_HELD: list[tuple[str, Make]] = [
    ("repeat/key-again", lambda m: _key(m, read={})),
    ("repeat/key-again", lambda m: _key(m, 409)),
    ("repeat/key-again", lambda m: _key(m, without=("status",))),
    ("repeat/key-again", lambda m: _key(m, 201, id="8")),
    ("repeat/slot-kept", lambda m: _kept(m, 409)),
    ("repeat/slot-kept", lambda m: _kept(m, 200, id=8)),
    ("repeat/second-life", lambda m: _life(m, m.done(), m.after(), _booked(m))),
    ("repeat/history", lambda m: _history(m, {"history": [1], "views": 7}, {"history": [1], "views": 8})),
]
REPEAT_BROKEN: list[tuple[str, Make, str]] = [
    ("repeat/key-again", lambda m: _key(m, 201, id=8),
     "a second appointment is shown when the create of a cancelled appointment is sent again with its key"),
    ("repeat/key-again", lambda m: _key(m, status="scheduled"),
     "status is 'scheduled', not 'cancelled', when the create of a cancelled appointment is sent again with its key"),
    ("repeat/key-again", lambda m: _key(m, 500),
     "status is 500, not 200 or 409, when the create of a cancelled appointment is sent again with its key"),
    ("repeat/key-again", lambda m: _key(m, 409, read={"status": "scheduled"}),
     f"read back, status is 'scheduled', not 'cancelled', {KEY_AGAIN}"),
    ("repeat/slot-kept", lambda m: _kept(m, 201, 409, id=9),
     "status is 201, not 409, when the slot is booked that another appointment had got before the cancel was repeated"),
    ("repeat/second-life", lambda m: _life(m, m.done(409)),
     "status is 409, not 200, when a revived appointment is cancelled"),
    ("repeat/second-life", lambda m: _life(m, m.done(), m.after(payment_status="paid")),
     "read back after the cancel of a revived appointment, payment_status is 'paid', not 'cancelled'"),
    ("repeat/second-life", lambda m: _life(m, m.done(), m.after(), _booked(m, 409)),
     "status is 409, not 201, when the slot of one that was revived and cancelled is booked"),
    ("repeat/history", lambda m: _history(m, {"history": [1]}, {"history": [1, 2, 3]}),
     "history counts 3 after 2 repeated cancels, not 1 as before them"),
    ("repeat/history", lambda m: _history(m, {"notices": {"sent": 1}}, {"notices": {"sent": 3}}),
     "notices.sent counts 3 after 2 repeated cancels, not 1 as before them"),
]  # fmt: skip
REPEAT_ASIDE: list[tuple[str, Make]] = [
    ("repeat/key-again", lambda m: _key(m, 201, first=409, id=8)),
    ("repeat/slot-kept", lambda m: _kept(m, 201, id=9)),
    ("repeat/second-life", lambda m: Episode(Kind.SECOND_LIFE, (m.before(), m.done(409)))),
    ("repeat/history", lambda m: _history(m, {"history": [1]}, {"history": [1, 2]}, times=1)),
    ("repeat/history", lambda m: _history(m, {}, {})),
    (
        "repeat/history",
        lambda m: _history(m, {"custom_attributes": {"a": 1}}, {"custom_attributes": {"a": 3}}),
    ),
    ("repeat/history", lambda m: _history(m, {"served": 5}, {"served": 9}, answer={"served": 4})),
]
