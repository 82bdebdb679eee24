"""What the evidence that broke a clause has, and what held has not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import execnet
import pytest

from cancel_contract.clauses import BY_ID, Terms
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.fragment.document import load
from cancel_contract.ledger.comparison import common
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.memory import Memory
from cancel_contract.ledger.row import Row, compared, dumped, merged
from cancel_contract.ledger.signs import MOST_COMPARED, Compared, Signs
from cancel_contract.report.conditions import apart, times
from tests.unit.ledger.conftest import DEAR

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.exchange.exchange import Exchange


def test_what_evidence_has_in_common_is_of_the_appointment_before(told: Callable[..., Exchange]) -> None:
    """And of the requests under test; amounts are zero or more, as their size says nothing."""
    cancel = told(2, Intent.BODY, {**DEAR, "status": "cancelled"}, without=frozenset({"accept"}))
    episode = Episode(Kind.BODY, ((Role.BEFORE, told(1, Intent.READ, DEAR)), (Role.CANCEL, cancel)))

    assert common(episode, Memory()) >= {
        "status scheduled", "payment_status prepaid", "prepaid_amount above 0", "without a contact",
        "a cancel with a JSON body", "without a header accept", "service_amount below 100",
    }  # fmt: skip
    assert "the answer is a 200" in common(cancel, Memory())
    assert "a cancel with a JSON body" in common(cancel, Memory())
    assert not any("status" in one for one in common(cancel, Memory()))


def test_only_what_nothing_that_held_has_sets_breaches_apart() -> None:
    """Over workers, too; of a single one anything is in common."""
    broke, held = _with(broke=("abc", "ab")), _with(held=("bd", "b"))

    assert merged(broke, dumped(held)).signs.in_common == merged(held, dumped(broke)).signs.in_common == ("a",)
    assert broke.signs.in_common == merged(_with(broke=("ab",)), dumped(held)).signs.in_common == ()


def test_traits_that_only_together_set_breaches_apart_are_told_together() -> None:
    """Three different ones have to share them; what one that held has, too, is no sign."""
    held = _with(held=("ax", "by"))

    assert merged(_with(broke=("abc", "abd", "abe")), dumped(held)).signs.in_common == ("a", "b")
    assert merged(_with(broke=("abc", "abd")), dumped(held)).signs.in_common == ()
    assert merged(_with(broke=("abc", "abd", "abe")), dumped(_with(held=("abz", "by")))).signs.in_common == ()


def test_the_few_requests_of_a_scenario_that_held_are_named() -> None:
    """Reads beside them are not; nothing where it held elsewhere, too, or with several requests."""

    def named(*keys: str) -> tuple[tuple[str, ...], frozenset[str]]:
        return ("REFUSAL", *(f"access/foreign#{key}" for key in keys)), frozenset(keys)

    broke = frozenset({named("foreign", "read")})
    signs = Signs(broke, frozenset({named("absent", "read")}), shown="access/foreign#foreign")
    elsewhere = (("effect/slot#first",), frozenset[str]())

    assert signs.held_alone == ("absent",)
    assert replace(signs, held_with=signs.held_with | {elsewhere}).held_alone == ()
    assert replace(signs, held_with=frozenset({named("absent", "again")})).held_alone == ()


def test_signs_of_one_kind_of_appointment_are_not_told() -> None:
    """Four traits that nothing else has say only that one kind broke."""
    held = _with(held=("x", "y"))

    assert merged(_with(broke=("abcx", "abcy")), dumped(held)).signs.in_common == ("a", "b", "c")
    assert merged(_with(broke=("abcdx", "abcdy")), dumped(held)).signs.in_common == ()


def test_what_one_case_alone_has_is_told() -> None:
    """Where it broke each time that it was asked; nothing where it held once, or others broke, too."""
    one = frozenset({"90 minutes", "the answer is a 403", "paid"})
    held = {((f"effect/{name}#first",), frozenset({name})) for name in ("paid", "free")}
    here, elsewhere = ((f"effect/{name}#first",) for name in "xy")
    row = compared(Row(BY_ID["effect/status-cancelled"], again=True), {(here, one)}, held)

    assert (row.signs.cases, row.signs.alone) == ((1, 2), ("90 minutes",))
    assert replace(row, again=False).signs.alone == ()
    assert compared(row, held={(here, one)}).signs.alone == compared(row, broke={(elsewhere, one)}).signs.alone == ()


def test_what_all_that_held_has_in_common_is_told() -> None:
    """Where nothing else is known, what never broke has it; two traits that come together by chance say less."""
    row = _with(broke=("abx", "aby", "abz"), held=("acp", "bcq"))

    assert (row.signs.never, row.signs.in_common) == (("c",), ())
    assert _with(broke=("abx", "aby", "abz"), held=("ap", "bq")).signs.in_common == ("a", "b")


def test_of_a_long_recording_nothing_is_compared() -> None:
    """Past some number of cases none are kept."""
    many = frozenset(((str(number),), frozenset({str(number)})) for number in range(MOST_COMPARED))
    full = compared(_with(broke=("a", "ab")), held=many)

    assert compared(full, held={(("z",), frozenset("z"))}) == full
    assert full.signs.in_common == ()


def _with(broke: tuple[str, ...] = (), held: tuple[str, ...] = ()) -> Row:
    """Return a row with traits that are letters."""
    parts = ({((name,), frozenset(name)) for name in names} for names in (broke, held))
    return compared(Row(BY_ID["effect/status-cancelled"]), *parts)


def _refused(part: str) -> Compared:
    name = ("refusal", "none with x", f"access/showings#none with x, {part} alone", "access/showings#read")
    return name, frozenset()


def _first(scenario: str, key: str) -> Compared:
    return ("first cancel", "scheduled", f"effect/{scenario}#{key}", f"effect/{scenario}#read"), frozenset()


def test_what_was_sent_part_by_part_is_told() -> None:
    """As usual, and with one part of an odd request at a time: which of it broke, and which of the same did not."""
    broke = {_refused("a"), _refused("b"), _first("y", "first, as usual")}
    held = {_refused("c"), (("access/other#none with z, d alone",), frozenset[str]())}
    row = compared(Row(BY_ID["effect/status-cancelled"], again=True), broke, held)

    assert (row.signs.as_usual, row.signs.keys) == (True, ())
    assert compared(Row(row.clause), broke={_refused("a"), _refused("b")}).signs.keys == ()
    assert row.signs.parts == (("a", "b"), ("c",))
    assert tuple(apart(row)) == (
        "a plain cancel of another appointment with the same data broke it, too",
        "one part at a time: it broke with a, b; 1 other did not",
    )
    here, elsewhere = (replace(row, broke_with=frozenset({_first(name, "first")})) for name in "yz")
    assert tuple(apart(compared(here, held=broke))) == (
        "a plain cancel of another appointment with the same data held",
    )
    assert tuple(apart(compared(elsewhere, held=broke))) == ()
    assert tuple(apart(Row(BY_ID["effect/status-cancelled"]))) == ()


def test_only_what_is_shown_is_told_to_have_been_sent_as_usual() -> None:
    """Another scenario's cancel may have been odd in something that has nothing to do with it."""
    held, broke = frozenset({_first("y", "first, as usual")}), frozenset({_first("y", "first"), _first("z", "first")})
    signs = Signs(broke, held, again=True)

    assert [replace(signs, shown=f"effect/{name}#first").as_usual for name in "yz"] == [False, None]


def test_of_many_traits_those_of_the_field_are_told() -> None:
    """Five kinds of traits that one kind of appointment has say nothing, but for what is wrong with the name."""
    traits = frozenset({"45 minutes", "with a contact", "status no_show", "2 payments", "client_name of one word"})
    signs = _of(traits | {"x"}, traits | {"y"}).signs

    assert signs.in_common == signs.likely == ()
    assert replace(signs, fields=("client_name",)).likely == ("client_name of one word",)
    assert replace(signs, fields=("payments", "")).likely == ("2 payments",)


def test_what_follows_from_other_traits_is_not_told() -> None:
    """Whoever takes 720 minutes takes more than 90, and that the answer fails is no condition."""
    traits = frozenset({"720 minutes", "more than 90 minutes", "the answer is a 500"})
    row = _of(traits, traits | {"z"})

    assert row.signs.in_common == ("720 minutes",)
    assert _of(traits - {"720 minutes"}, traits | {"z"}).signs.in_common == ("more than 90 minutes",)


@pytest.mark.parametrize(
    ("traits", "told"),
    [
        ({"the appointment was active", "status confirmed"}, ("status confirmed",)),
        ({"the appointment was active"}, ("the appointment was active",)),
        ({"0 payments", "without payments"}, ("without payments",)),
        ({"2 payments", "with payments"}, ("with payments",)),
        ({"1 payment"}, ("1 payment",)),
        (
            {"a payment by card", "a payment by card with payment_kind prepaid"},
            ("a payment by card with payment_kind prepaid",),
        ),
        (
            {"a payment by card", "a payment by cash with payment_kind prepaid"},
            ("a payment by card", "a payment by cash with payment_kind prepaid"),
        ),
    ],
)
def test_of_signs_that_say_the_same_the_plainest_is_told(traits: set[str], told: tuple[str, ...]) -> None:
    """An active one has a status; that there are payments says more than how many, and what for more than how."""
    assert _of(frozenset(traits), frozenset(traits | {"z"})).signs.in_common == told


def _of(*broke: frozenset[str]) -> Row:
    """Return a row that these traits broke, and others held."""
    held = {((name,), frozenset({name})) for name in ("a", "b")}
    return compared(Row(BY_ID["effect/status-cancelled"]), {((str(n),), one) for n, one in enumerate(broke)}, held)


def test_a_promise_of_several_parts_is_told_to_break_each_time() -> None:
    """Where what was asked broke it, and kept another part of it, nothing is said of times that held."""
    row = compared(Row(BY_ID["access/feature-off"], held=2, broken=2, again=True), {(("x",), frozenset({"a"}))})

    assert times(row) == "each of 2 times; 2 other checks of the same promise held"


def test_the_cases_of_one_scenario_that_broke_it_are_named() -> None:
    """Where they are few; of several scenarios the name of each would say little."""
    none = frozenset[str]()
    broke = {(("method", key, f"input/m#{key}", "input/m#read"), none) for key in ("PUT", "GET")}
    held = {((f"input/m#{key}",), none) for key in ("HEAD", "TRACE")}
    row = compared(Row(BY_ID["input/other-methods"], held=2, broken=3, again=True), broke, held)

    assert times(row) == "all 3 times in 2 cases (GET; PUT); never in 2 other cases (HEAD; TRACE)"
    assert compared(row, broke={(("effect/y#first",), none)}).signs.keys == ()
    assert compared(row, broke={((f"input/m#{n}",), none) for n in range(9)}).signs.keys == ()


def test_what_was_judged_travels_as_plain_data(told: Callable[..., Exchange]) -> None:
    """A worker sends it in a form that takes built-in types alone."""
    read, cancel = told(1, Intent.READ, DEAR, key="x/y#read"), told(2, Intent.FIRST, DEAR, key="x/y#first")
    ledger = Ledger(Terms(load(), 3))
    ledger.judge(Episode(Kind.FIRST_CANCEL, ((Role.BEFORE, read), (Role.CANCEL, cancel))))

    rows = {name: dumped(row) for name, row in ledger.rows.items() if row.broke_with or row.held_with}

    assert rows
    assert execnet.loads(execnet.dumps(rows)) == rows


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        ({"starts_at": "2027-01-01T10:00:00.500Z"}, {"made with a fraction of a second in starts_at"}),
        ({"starts_at": "2027-01-01T15:00:00+05:00"}, {"made with an offset in starts_at"}),
        (
            {"starts_at": "2027-01-01T10:00:00Z", "ends_at": "2027-01-01T10:30:00Z", "duration_min": 60},
            {"made with a duration_min that differs from its times"},
        ),
        ({"starts_at": "2027-01-01T10:00:00Z", "ends_at": "2027-01-01T10:30:00Z", "duration_min": 30}, set()),
        ([], set()),
    ],
)
def test_how_it_was_asked_for_is_a_sign(told: Callable[..., Exchange], asked: object, made: set[str]) -> None:
    """Where the answer shows it otherwise, only the create tells."""
    create = told(1, Intent.CREATE, DEAR, key="supply/plain")
    create = replace(create, case=replace(create.case, appointment=None, body=json.dumps(asked).encode()))
    memory = Memory()
    memory.remember(create)
    cancel = told(2, Intent.FIRST, {**DEAR, "status": "cancelled"})
    memory.remember(cancel)

    assert {trait for trait in common(cancel, memory) if trait.startswith("made with")} == made


@pytest.mark.parametrize(
    ("start", "end", "sign"),
    [
        (timedelta(hours=-1), timedelta(hours=1), "it is under way"),
        (timedelta(hours=-2), timedelta(hours=-1), "it is over"),
        (timedelta(hours=1), timedelta(hours=2), "it begins within 24 hours"),
        (timedelta(hours=25), timedelta(hours=26), None),
    ],
)
def test_when_it_begins_is_a_sign(
    told: Callable[..., Exchange], start: timedelta, end: timedelta, sign: str | None
) -> None:
    """Seen from the cancel."""
    cancel = told(2, Intent.FIRST, {**DEAR, "status": "cancelled"})
    times = {"starts_at": (cancel.started + start).isoformat(), "ends_at": (cancel.started + end).isoformat()}
    memory = Memory()
    memory.remember(told(1, Intent.READ, {**DEAR, **times}), cancel)
    episode = Episode(Kind.FIRST_CANCEL, ((Role.CANCEL, cancel),))

    for evidence in (cancel, episode):
        assert {trait for trait in common(evidence, memory) if trait.startswith("it ")} == ({sign} if sign else set())


def test_what_is_no_longer_under_way_was_not_asked_again() -> None:
    """The one that was under way has kept its place, so that the second one begins later."""
    broke, held = ("effect/running#first",), ("effect/running#read",)
    row = compared(Row(BY_ID["repeat/many"]), {(broke, frozenset({"it is under way"}))}, {(held, frozenset())})
    other = compared(Row(BY_ID["repeat/many"]), {(broke, frozenset())}, {(held, frozenset())})

    assert row.signs.is_asked_otherwise
    assert not other.signs.is_asked_otherwise
    elsewhere = {(("effect/other#first",), frozenset[str]())}
    row = compared(Row(BY_ID["repeat/many"]), {(broke, frozenset({"it is under way"}))}, elsewhere)
    assert not row.signs.is_asked_otherwise
