"""What a sweep finds, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from cancel_contract.errors import Refused
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.marker import FORMS, Marker
from cancel_contract.guard.connection import Connection
from cancel_contract.guard.ownership import Ownership
from cancel_contract.supply.journal import Journal
from cancel_contract.supply.sweep import (
    Found,
    Sweep,
    Swept,
    sweep,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import respx

    from tests.unit.bench import Bench

BASE = "/api/v1/accounts/1/scheduling/appointments"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OLD, YOUNG = (int((NOW - timedelta(minutes=minutes)).timestamp()) for minutes in (61, 59))


class Diary:
    """A server with appointments of ours and of strangers."""

    def __init__(self, router: respx.MockRouter) -> None:
        self.rows: dict[int, dict[str, Any]] = {}
        self.cancelled: list[int] = []
        self.hidden: set[int] = set()
        self.lists = router.get(BASE).mock(side_effect=self._listed)
        self.reads = router.get(path__regex=BASE + r"/(?P<number>\d+)").mock(side_effect=self._read)
        self.cancels = router.post(path__regex=BASE + r"/(?P<number>\d+)/cancel").mock(side_effect=self._cancel)

    def add(self, number: int, marker: object, start: datetime = NOW, **fields: object) -> None:
        """Put an appointment in."""
        row = {"id": number, "account_id": 1, "external_ref": marker, "status": "scheduled", "start": start}
        self.rows[number] = row | fields

    def _shown(self, number: int) -> dict[str, Any]:
        return {name: value for name, value in self.rows[number].items() if name != "start"}

    def _listed(self, request: httpx.Request) -> httpx.Response:
        start, end = (datetime.fromisoformat(request.url.params[name]) for name in ("from", "to"))
        inside = [n for n, row in self.rows.items() if start <= row["start"] < end and n not in self.hidden]
        return httpx.Response(200, json={"payload": [7, *(self._shown(number) for number in inside)]})

    def _read(self, _: httpx.Request, number: str) -> httpx.Response:
        known = int(number) in self.rows
        return httpx.Response(200, json={"payload": self._shown(int(number))}) if known else httpx.Response(404)

    def _cancel(self, request: httpx.Request, number: str) -> httpx.Response:
        self.cancelled.append(int(number))
        self.rows[int(number)]["status"] = "cancelled"
        return self._read(request, number)


def marker(time: int = OLD, run: str = "0000000a", number: int = 1) -> Marker:
    """Make a marker."""
    return Marker(run, time, number)


@pytest.fixture
def diary(server: respx.MockRouter) -> Diary:
    """Return a server with an empty diary."""
    return Diary(server)


def _owning_nothing(bench: Bench) -> Connection:
    return Connection.over(bench.wire, bench.target, bench.budget, Ownership(frozenset({1})))


@pytest.fixture
def swept(make_bench: Callable[..., Bench], tmp_path: Path) -> Callable[..., Swept]:
    """Sweep the server."""

    def go(run: str | None = None, *, dry: bool = False) -> Swept:
        bench = make_bench()
        return Sweep(_owning_nothing(bench), NOW, run).go(tmp_path, dry=dry)

    return go


def test_a_sweep_is_found_in_the_log(swept: Callable[..., Swept], diary: Diary) -> None:
    """Each of its requests bears an id, and where a firewall refuses the header none does."""
    diary.add(11, str(marker()))
    assert [found.appointment for found in swept().found] == [11]
    calls = [*diary.lists.calls, *diary.reads.calls, *diary.cancels.calls]
    ids = [call.request.headers["x-request-id"] for call in calls]
    assert len(set(ids)) == len(ids)
    assert len({one.rpartition("-")[0] for one in ids}) == 1

    diary.add(12, str(marker()))
    diary.lists.side_effect = lambda it: httpx.Response(403) if "x-request-id" in it.headers else diary._listed(it)
    before = len(diary.cancels.calls)
    assert [found.appointment for found in swept().found] == [12]
    assert ["x-request-id" in call.request.headers for call in diary.cancels.calls][before:] == [False]


def test_old_marks_are_swept_and_nothing_else(swept: Callable[..., Swept], diary: Diary) -> None:
    """What bears a marker older than an hour is cancelled; strangers', young and cancelled ones are left alone."""
    diary.add(11, str(marker()))
    diary.add(12, None)
    diary.add(13, "cancel-contract-assigned")
    diary.add(14, "my cancel-contract-0000000a-1790000000-1")
    diary.add(15, str(marker(YOUNG)))
    diary.add(16, str(marker()), status="cancelled")
    diary.add(17, str(marker(number=7)), NOW + timedelta(days=100))
    diary.add(18, str(marker(number=8)), NOW - timedelta(days=100))
    diary.add(19, str(marker(OLD + 10**8)))

    report = swept()

    assert sorted(diary.cancelled) == [11, 17, 18]
    assert sorted(found.appointment for found in report.found) == [11, 17, 18]
    assert sorted(found.appointment for found in report.young) == [15, 19]
    assert (report.dry, report.left, report.unread, report.is_clean) == (False, (), (), True)
    assert {call.request.url.path.rpartition("/")[2] for call in diary.reads.calls} == {"11", "15", "17", "18", "19"}


@pytest.mark.parametrize("form", FORMS)
def test_a_mark_is_known_in_all_its_forms(swept: Callable[..., Swept], diary: Diary, form: str) -> None:
    """Where the one reference is the mark and the other is made of it, both are looked at."""
    reference, key = marker().references(form)
    diary.add(11, reference, idempotency_key=key)
    diary.add(12, "00123", idempotency_key=str(marker()))

    assert swept().is_clean
    assert diary.cancelled == [11]


@pytest.mark.parametrize("form", FORMS)
def test_a_mark_is_known_where_a_reference_was_changed(swept: Callable[..., Swept], diary: Diary, form: str) -> None:
    """A target may keep an external_ref with a prefix: its key tells whose it is."""
    reference, key = marker().references(form)
    diary.add(11, reference and f"api:{reference}", idempotency_key=key)
    diary.add(12, reference and f"api:{reference}", idempotency_key="mine")

    assert swept().is_clean
    assert diary.cancelled == [11]


def test_a_sweep_is_dry_by_default(make_bench: Callable[..., Bench], diary: Diary, tmp_path: Path) -> None:
    """Unless told otherwise, a sweep shows what it would cancel, and owns and cancels nothing."""
    diary.add(11, str(marker()))
    connection = _owning_nothing(make_bench())

    report = Sweep(connection, NOW).go(tmp_path)

    assert report == Swept(dry=True, found=(Found(11, marker()),))
    assert not report.is_clean
    assert diary.cancelled == []
    assert connection.ownership.appointments == frozenset()


def test_a_named_run_is_swept_at_once(swept: Callable[..., Swept], diary: Diary) -> None:
    """What a run made is cancelled whatever its age where the run is named, and no other run's."""
    diary.add(11, str(marker(YOUNG, "0000000b")))
    diary.add(12, str(marker(OLD, "0000000c")))

    report = swept("0000000b")

    assert diary.cancelled == [11]
    assert report.young == (Found(12, marker(OLD, "0000000c")),)


def test_journals_name_what_the_list_does_not_show(swept: Callable[..., Swept], diary: Diary, tmp_path: Path) -> None:
    """What a journal says was made is looked at by its id, and cancelled if it still bears that marker."""
    journal = Journal("0000000a", "http://127.0.0.1:9", 1, tmp_path)
    for number in range(11, 16):
        journal.made(str(marker(number=number)), number)
    diary.add(11, str(marker(number=11)))
    diary.add(12, "somebody else's by now")
    diary.add(13, str(marker(number=13)), account_id=2)
    diary.add(14, str(marker(number=14)), status="cancelled")
    diary.hidden = set(diary.rows)

    report = swept()

    assert diary.cancelled == [11]
    assert report.is_clean


def test_what_could_not_be_looked_at_is_told(swept: Callable[..., Swept], diary: Diary, tmp_path: Path) -> None:
    """A list or an appointment that does not answer leaves the sweep unclean, with the reason."""
    Journal("0000000a", "http://127.0.0.1:9", 1, tmp_path).made(str(marker()), 11)
    diary.lists.mock(return_value=httpx.Response(403, json={"payload": []}))
    diary.reads.mock(return_value=httpx.Response(500))
    (tmp_path / "journal-0000000b.jsonl").mkdir()

    report = swept()

    assert report.unread[0].endswith("journal-0000000b.jsonl: it cannot be read (Is a directory)")
    assert report.unread[1] == "the list from 2026-07-26 to 2026-08-09: status is 403"
    assert report.unread[-1] == "appointment 11: status is 500"
    assert not report.is_clean


def test_what_is_not_of_the_run_that_is_named_leaves_the_sweep_clean(
    swept: Callable[..., Swept], diary: Diary, tmp_path: Path
) -> None:
    """Only who asks whether nothing at all is left learns of it by the exit code."""
    Journal("0000000a", "http://127.0.0.1:9", 1, tmp_path).made(str(marker()), 11)
    (tmp_path / "journal-0000000c.jsonl").mkdir()
    diary.reads.mock(return_value=httpx.Response(500))

    report = swept("0000000b")
    assert (report.is_clean, report.is_empty) == (True, False)
    assert report.unread_of_others == (
        f"the journal {tmp_path}/journal-0000000c.jsonl: it cannot be read (Is a directory)",
        "appointment 11: status is 500",
    )
    assert [swept(run).is_clean for run in ("0000000a", "0000000c", None)] == [False, False, False]


def test_what_is_young_and_cannot_be_read_is_left_alone(
    swept: Callable[..., Swept], diary: Diary, tmp_path: Path
) -> None:
    """A young appointment that cannot be read is left alone, because its run may be under way."""
    Journal("0000000a", "http://127.0.0.1:9", 1, tmp_path).made(str(marker(YOUNG)), 11)
    diary.reads.mock(return_value=httpx.Response(500))

    report = swept()

    assert (report.is_clean, report.is_empty) == (True, False)
    assert swept("0000000a").unread == ("appointment 11: status is 500",)


def test_nothing_is_left_where_nothing_was_found(swept: Callable[..., Swept], diary: Diary) -> None:
    """What is young is something, and what was cancelled just now is nothing any more."""
    assert swept().is_empty
    diary.add(11, str(marker()))
    assert swept().is_empty
    diary.add(12, str(marker(YOUNG)))
    assert (swept().is_clean, swept().is_empty) == (True, False)


@pytest.mark.parametrize("answer", [httpx.Response(200, json=[]), httpx.Response(200, html="x"), httpx.Response(200)])
def test_a_list_that_is_none_is_told(swept: Callable[..., Swept], diary: Diary, answer: httpx.Response) -> None:
    """An answer that is no list shows nothing about what stands."""
    diary.lists.mock(return_value=answer)

    assert len(swept().unread) == 18


def test_what_could_not_be_cancelled_is_left(swept: Callable[..., Swept], diary: Diary) -> None:
    """A cancel that is refused is reported with its id and reason."""
    diary.add(11, str(marker()))
    diary.cancels.mock(return_value=httpx.Response(422))

    report = swept()

    assert report.left == (Found(11, marker(), "its cancel: status is 422; its read-back: status is 200"),)
    assert (report.found, report.is_clean) == ((), False)


def test_a_mark_that_only_the_list_shows_is_not_enough(swept: Callable[..., Swept], diary: Diary) -> None:
    """What the list says bears a marker, and its own read does not, is a stranger's."""
    diary.add(11, str(marker()))
    diary.reads.mock(return_value=httpx.Response(200, json={"payload": {"id": 11, "external_ref": None}}))

    assert swept().found == ()
    assert diary.cancelled == []


def test_the_guard_stands_before_a_sweep(make_bench: Callable[..., Bench], diary: Diary, tmp_path: Path) -> None:
    """What a sweep has not owned cannot be cancelled: it goes through the same guard as everything."""
    diary.add(11, str(marker()))
    bench = make_bench()
    sweeping = Sweep(replace(bench.connection, ownership=Ownership(frozenset({1}))), NOW)

    with pytest.raises(Refused, match="appointment '11' may be read as 11, which is neither owned nor harmless"):
        sweeping.go(tmp_path, dry=False)

    assert ACTION.path(1, 11) not in {call.request.url.path for call in diary.cancels.calls}


def test_a_sweep_stands_by_itself(make_bench: Callable[..., Bench], diary: Diary, tmp_path: Path) -> None:
    """Given a target, a sweep makes its own connections and looks at the clock."""
    long_ago = marker(1_790_000_000)
    diary.add(11, str(long_ago), datetime.now(UTC))

    assert sweep(make_bench().target, folder=tmp_path).found == (Found(11, long_ago),)
    assert sweep(make_bench().target, dry=False, folder=tmp_path).is_clean
    assert diary.cancelled == [11]
