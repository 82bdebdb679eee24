"""The steps of an episode, and what breaches have in common."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import execnet
import pytest

from cancel_contract.clauses import BY_ID, Terms
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.difference import Broken, Difference
from cancel_contract.exchange.episode import Episode, Kind, Role, episode_of
from cancel_contract.exchange.spoken import spoken
from cancel_contract.fragment.document import load
from cancel_contract.ledger.evidence import breach_of
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.memory import Memory
from cancel_contract.ledger.row import Row, compared, dumped, merged
from cancel_contract.ledger.signs import MOST_COMPARED, Compared, Signs
from cancel_contract.ledger.steps import MOST, NO_EFFECT, common, earlier, steps
from cancel_contract.report.breach_text import apart, times
from tests.unit.ledger.conftest import DEAR

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.exchange.exchange import Exchange

SECOND = Credential(Holder.SECOND)


def test_steps_say_who_asked_for_what_and_what_came(told: Callable[..., Exchange]) -> None:
    """In the order of sending: the words of the API, ids that no path names, and where each stands in the log."""
    booking = told(1, Intent.CREATE, {**DEAR, "id": 8, "client_name": "Anna"}, key="effect/rebook")
    cancel = told(2, Intent.FIRST, {**DEAR, "status": "cancelled"})
    read = told(3, Intent.READ, DEAR, credential=SECOND)
    episode = Episode(Kind.FIRST_CANCEL, ((Role.BEFORE, booking), (Role.AFTER, read), (Role.CANCEL, cancel)))

    assert steps(episode, read, Memory()) == (
        "a booking: 200, id 8, status scheduled, payment_status prepaid (…-1)",
        "a first cancel: 200, status cancelled, payment_status prepaid (…-2)",
        f"a read, {spoken(str(SECOND))}: 200, status scheduled, payment_status prepaid (…-3), shown below",
    )
    assert earlier(episode, read, Memory()) == ("cancel-contract-00000000-1", "cancel-contract-00000000-2")


def test_what_was_changed_before_is_a_step(told: Callable[..., Exchange]) -> None:
    """An update of the same appointment, with the names of its fields; not one of another, or of later."""
    update, cancel = told(1, Intent.UPDATE, DEAR), told(2, Intent.FIRST, {**DEAR, "status": "cancelled"})
    update = replace(update, case=replace(update.case, body=b'{"starts_at": "2026-12-01", "client_name": "Anna"}'))
    other = replace(update, case=replace(update.case, appointment=8))
    exchanges = (other, update, cancel, replace(update, number=3))

    episode = episode_of(Kind.FIRST_CANCEL, ((Role.CANCEL, cancel),), "", None, exchanges)

    assert steps(episode, cancel, Memory())[0].startswith("an update of starts_at, client_name: 200, status scheduled")
    assert len(steps(episode, cancel, Memory())) == 2


def test_many_steps_are_counted(told: Callable[..., Exchange]) -> None:
    """A run's cancels as a whole are no story, and one request has no steps."""
    many = tuple((Role.AGAIN, told(number, Intent.REPEAT, DEAR)) for number in range(MOST + 3))
    one, memory = many[0][1], Memory()

    assert steps(Episode(Kind.REPEAT, many), one, memory)[-1] == "and 4 more"
    assert len(steps(Episode(Kind.REPEAT, many), one, memory)) == MOST
    assert steps(Episode(Kind.WHOLE, many), one, memory) == steps(one, one, memory) == ()
    assert steps(Episode(Kind.REPEAT, many[:1]), one, memory) == ()


def test_what_is_read_back_is_shown_by_the_read(told: Callable[..., Exchange]) -> None:
    """A sentence about a read stands beside the read; the command plays the scenario that sent it."""
    cancel, read = told(2, Intent.FIRST, {**DEAR, "status": "cancelled"}), told(3, Intent.READ, DEAR, key="read")
    episode = Episode(Kind.FIRST_CANCEL, ((Role.CANCEL, cancel), (Role.AFTER, read)))
    about = (Difference("field", "/status", "a word", "'cancelled'"),)

    back, answer = (
        breach_of(episode, Broken(about, f"{where}, status is …")) for where in ("read back", "in the answer")
    )

    assert (back.request_id[-2:], answer.request_id[-2:]) == ("-3", "-2")
    assert back.case == answer.case == "effect/x#first"
    assert (back.asked, answer.asked) == ("a read", "a first cancel")


def test_whether_what_was_answered_is_stored_is_told(told: Callable[..., Exchange]) -> None:
    """The fields that differ, as the read after it shows them, masked; nothing where the read itself is shown."""
    cancel = told(2, Intent.FIRST, {**DEAR, "prepaid_amount": 0, "client_name": "Anna"})
    read = told(3, Intent.READ, {**DEAR, "client_name": "Anna Karenina"}, key="effect/x#read")
    episode = Episode(Kind.FIRST_CANCEL, ((Role.CANCEL, cancel), (Role.AFTER, read)))
    about = tuple(Difference("field", f"/{name}", "1", "2") for name in ("prepaid_amount", "client_name", "gone"))

    answer, back = (breach_of(episode, Broken(about, f"{where}, …")) for where in ("in the answer", "read back"))

    other = replace(read, number=3, case=replace(read.case, appointment=8), answer=cancel.answer)
    earlier_read = replace(read, number=1, answer=cancel.answer)
    again = replace(episode, steps=((Role.AFTER, earlier_read), (Role.AFTER, other), *episode.steps))

    assert answer.later == ("payload.prepaid_amount: 10", 'payload.client_name: "<string 13>" and other than answered')
    assert breach_of(again, Broken(about, "in the answer, …")).later == answer.later
    assert back.later == ()


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


def test_a_cancel_without_an_effect_is_told(told: Callable[..., Exchange]) -> None:
    """The sentence says that it was accepted; not where the answer itself is wrong, or where something has changed."""
    active, done = {**DEAR, "payment_status": "prepaid"}, {**DEAR, "status": "cancelled", "payment_status": "cancelled"}
    before, cancel, same = told(1, Intent.READ, active), told(2, Intent.FIRST, done), told(3, Intent.READ, active)
    about = (Difference("field", "/status", "a word", "'cancelled'"),)

    def sentence(where: str, after: Exchange) -> str:
        steps_ = ((Role.BEFORE, before), (Role.CANCEL, cancel), (Role.AFTER, after))
        return breach_of(Episode(Kind.FIRST_CANCEL, steps_), Broken(about, f"{where}, status is …")).message

    assert sentence("read back", same) == f"read back, status is …{NO_EFFECT}"
    assert sentence("in the answer", same) == "in the answer, status is …; the read after it shows what was before"
    assert (
        sentence("in the answer", replace(cancel, number=3))
        == "in the answer, status is …; the read after it shows the same"
    )
    assert sentence("read back", replace(cancel, number=3)) == "read back, status is …"


def test_an_odd_cancel_is_named_where_what_it_did_is_no_plain_cancels_doing(told: Callable[..., Exchange]) -> None:
    """What is promised of any first cancel is seen after one whose id is not a number."""
    before, odd = told(1, Intent.READ, DEAR), told(2, Intent.MALFORMED_ID, DEAR)
    about = Broken((Difference("field", "/status", "a word", "'cancelled'"),), "read back, status is …")
    steps_ = ((Role.BEFORE, before), (Role.CANCEL, odd), (Role.AFTER, told(3, Intent.READ, {**DEAR, "id": 8})))

    message = breach_of(Episode(Kind.FIRST_CANCEL, steps_), about).message
    assert message.startswith("after a cancel whose id is not a number, read back, status is …")


def test_of_a_whole_run_the_appointment_that_is_shown_is_told(told: Callable[..., Exchange]) -> None:
    """It has looked at many; another one's price says nothing of this one."""
    cancel = told(3, Intent.FIRST, DEAR)
    other = told(1, Intent.READ, {**DEAR, "id": 8, "service_amount": 5000})
    mine = told(2, Intent.READ, DEAR)
    about = Broken((Difference("leak", "/notice", "a client", "nobody"),), "the answer shows a client")

    def before(*views: Exchange) -> str:
        steps_ = (*((Role.BEFORE, view) for view in views), (Role.CANCEL, cancel))
        return breach_of(Episode(Kind.SEEN, steps_), about).before

    assert before(other, mine).startswith("status scheduled, payment_status prepaid, service_amount 90")
    assert before(other) == ""


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
        "sent with one part at a time, it broke with a, b; 1 other did not",
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
        ({"a payment by card", "a payment by card, prepaid"}, ("a payment by card, prepaid",)),
        ({"a payment by card", "a payment by cash, prepaid"}, ("a payment by card", "a payment by cash, prepaid")),
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

    assert times(row) == "each time; another part of the same promise held 2 times"


def test_the_cases_of_one_scenario_that_broke_it_are_named() -> None:
    """Where they are few; of several scenarios the name of each would say little."""
    none = frozenset[str]()
    broke = {(("method", key, f"input/m#{key}", "input/m#read"), none) for key in ("PUT", "GET")}
    held = {((f"input/m#{key}",), none) for key in ("HEAD", "TRACE")}
    row = compared(Row(BY_ID["input/other-methods"], held=2, broken=3, again=True), broke, held)

    assert times(row) == "3 of 5 times: 2 cases (GET, PUT) each time, 2 others (HEAD, TRACE) never"
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


def test_a_late_look_is_told_with_the_life_of_what_it_looks_at(told: Callable[..., Exchange]) -> None:
    """From its booking on, and of many cancels the first and the last."""
    done = {**DEAR, "status": "cancelled"}
    booking = told(1, Intent.CREATE, DEAR, key="supply/plain")
    cancels = [told(number, Intent.FIRST if number == 2 else Intent.REPEAT, done) for number in range(2, 8)]
    late = told(8, Intent.READ, DEAR)
    memory = Memory()
    memory.remember(booking, *cancels, late)

    lines = steps(Episode(Kind.LATE, ((Role.AFTER, late),)), late, memory)

    assert [line.partition(" (")[2] for line in lines] == ["…-1)", "…-2)", "…-7)", "…-8), shown below"]
