"""Breaches that share a difference are one cause."""

from dataclasses import replace
from typing import Any

from cancel_contract.clauses import BY_ID
from cancel_contract.ledger.breach import Breach
from cancel_contract.ledger.causes import by_request, causes, joined
from cancel_contract.ledger.row import Row


def _breach(what: str = "status", got: str = "201", *, size: int = 1, case: str = "effect/x#first") -> Breach:
    return Breach(f"status is {got}, not 200", case, "curl", "answer", size, what=what, got=got, wanted="200")


def test_equal_differences_are_one_cause_told_by_its_must_clause() -> None:
    """The clause that stands first in the catalogue names the cause; a SHOULD comes after every MUST."""
    found = [*causes({"answer/duration": _breach(), "repeat/answer": _breach(), "answer/status-200": _breach()})]

    assert [one.clauses for one in found] == [("answer/status-200", "repeat/answer", "answer/duration")]


def test_what_is_seen_when_the_run_ends_does_not_name_a_cause() -> None:
    """The look at the end sees what an earlier request has done: the clause about that request says more."""
    found = causes({"effect/lasting": _breach(), "repeat/same-payload": _breach()})

    assert [one.clauses for one in found] == [("repeat/same-payload", "effect/lasting")]


def test_what_the_appointment_was_before_is_told_if_one_clause_has_looked() -> None:
    """Of the very same request: another one's may have been about another appointment."""
    looked = replace(_breach(), before="confirmed")
    other = replace(_breach(), before="completed", curl="another")

    (found,) = causes({"answer/status-200": _breach(), "repeat/answer": other, "effect/every-status": looked})

    assert found.before == "confirmed"


def test_other_differences_are_other_causes() -> None:
    """A status of another kind is told by itself."""
    found = causes({"answer/status-200": _breach(), "repeat/answer": _breach(got="500")})

    assert [one.clauses for one in found] == [("answer/status-200",), ("repeat/answer",)]


def test_a_breach_without_a_difference_is_a_cause_of_its_own() -> None:
    """Nothing is known to be shared by two that do not say what differs."""
    found = causes({"answer/status-200": _breach(what=""), "repeat/answer": _breach(what="")})

    assert [one.clauses for one in found] == [("answer/status-200",), ("repeat/answer",)]


def test_of_two_breaches_of_one_clause_the_smaller_stays() -> None:
    """Whichever comes first; the request that is shown is the one that is quickest to read."""
    large, small = _breach(size=9), _breach(size=2)

    assert joined({"a/b": large}, {"a/b": small}) == joined({"a/b": small}, {"a/b": large}) == {"a/b": small}


def test_what_breaks_the_most_clauses_is_told_first() -> None:
    """The neighbours of a bug break one clause each; the bug itself breaks all that its difference concerns."""
    neighbour = replace(_breach(got="500"), curl="another")
    found = {"access/unprivileged": neighbour, "answer/status-200": _breach(), "repeat/answer": _breach()}

    assert [group[0].clauses[0] for group in by_request(causes(found))] == ["answer/status-200", "access/unprivileged"]


def test_one_failure_is_told_by_its_plainest_request() -> None:
    """Whatever was asked, an error 500 with the same answer is probably one bug; with another answer it may not be."""
    crash = _breach(got="500", size=90)
    found = {
        "access/beside-authorization": replace(crash, curl="with Authorization"),
        "input/reason": replace(crash, curl="with Authorization"),
        "repeat/answer": replace(crash, curl="plain", size=20, wanted="409"),
        "input/accept": replace(crash, curl="other", answer="another", wanted="406"),
    }

    together = [[cause.breach.curl for cause in group] for group in by_request(causes(found))]

    assert together == [["plain", "with Authorization"], ["other"]]


def test_the_one_part_of_a_request_that_fails_leads() -> None:
    """Whatever else is promised of such a request, the part by itself says where to look."""
    crash = _breach(got="500", size=90)
    found = {
        "effect/every-status": crash,
        "input/query-ignored": replace(crash, case="input/x#query, page in the query alone", curl="page"),
        "repeat/answer": replace(crash, size=20, wanted="409"),
    }

    ((cause, other),) = by_request(causes(found))

    assert (cause.clauses, cause.breach.curl) == (("input/query-ignored", "effect/every-status"), "page")
    assert other.clauses == ("repeat/answer",)


def test_what_breaks_whatever_is_asked_hangs_on_no_part_of_a_request() -> None:
    """A part by itself breaks what any request does."""
    found = {"effect/read-back": _breach(), "input/query-ignored": _breach(case="input/x#query, page alone")}

    def led(broken: int, held: int = 0) -> str:
        rows = {name: Row(BY_ID[name], *((0, 3) if "/query" in name else (held, broken))) for name in found}
        return next(causes(found, rows)).clauses[0]

    assert led(broken=10) == "effect/read-back"
    assert led(broken=9) == led(broken=10, held=1) == led(broken=12, held=1) == "input/query-ignored"
    assert led(broken=13, held=1) == "effect/read-back"


def test_of_what_one_request_showed_that_leads_which_explains_the_rest() -> None:
    """An answer about another account is compared with a read as well, and with much else."""
    told = replace(_breach(what="field", got="another id"), where="/account_id")
    compared_with = {"effect/read-back": replace(told, wanted="3"), "effect/references-kept": replace(told, wanted="3")}

    (group,) = by_request(causes({"answer/account-echo": told, **compared_with}))

    assert [cause.clauses[0] for cause in group] == ["answer/account-echo", "effect/read-back"]


def test_causes_that_one_request_showed_belong_together() -> None:
    """Who may cancel and what it does come before the answer, a SHOULD last, and how an answer is delivered first."""
    found = {
        "answer/account-echo": _breach(what="field", got="4"),
        "access/foreign-appointment": _breach(),
        "effect/touched": replace(_breach(got="late"), curl="another"),
        "answer/length": replace(_breach(got="cut"), curl="a fourth"),
        "effect/read-back": replace(_breach(got="early"), curl="a third"),
    }

    together = [[cause.clauses[0] for cause in group] for group in by_request(causes(found))]

    assert together == [
        ["answer/length"],
        ["access/foreign-appointment", "answer/account-echo"],
        ["effect/read-back"],
        ["effect/touched"],
    ]


def test_what_follows_from_an_earlier_request_is_told_with_it() -> None:
    """A slot stays taken because its cancel did nothing: one bug, although another request has shown it."""
    cancel = replace(_breach(got="'confirmed'"), request_id="run-1")
    slot = replace(_breach(got="409"), curl="book", request_id="run-3", earlier=("run-1", "run-2"))
    other = replace(_breach(got="404"), curl="other", request_id="run-9", earlier=("run-8",))
    found = {"answer/status-200": cancel, "effect/slot-free": slot, "effect/calendar": other}

    together = [[cause.clauses[0] for cause in group] for group in by_request(causes(found))]

    assert sorted(map(len, together)) == [1, 2]
    assert {"answer/status-200", "effect/slot-free"} in map(set, together)


def test_one_failure_before_and_after_another_cause_goes_round_in_no_circle() -> None:
    """The first of them in order leads; each cause is told once."""
    crash = replace(_breach(got="500"), request_id="run-1", earlier=())
    late = replace(crash, curl="another", request_id="run-5", earlier=("run-3",))
    slot = replace(_breach(got="409"), curl="book", request_id="run-3", earlier=("run-1",))
    found = {"answer/status-200": crash, "repeat/answer": replace(late, wanted="409"), "effect/slot-free": slot}

    together = [cause.clauses[0] for group in by_request(causes(found)) for cause in group]

    assert sorted(together) == ["answer/status-200", "effect/slot-free", "repeat/answer"]


def test_what_few_requests_show_leads() -> None:
    """A race and a look at the end say less than a plain clause that breaks by the same difference."""
    names = ("effect/other-writer", "effect/settled", "repeat/no-side-effect")

    (found,) = causes(dict.fromkeys(names, _breach()))

    assert found.clauses == ("repeat/no-side-effect", "effect/settled", "effect/other-writer")


def test_what_broke_each_time_leads() -> None:
    """What a clause breaks always says more than what another one breaks in one case."""
    found = {"effect/listed": _breach(got="none"), "answer/formats": replace(_breach(), curl="another")}

    def first(always: frozenset[str]) -> str:
        return by_request(causes(found), always)[0][0].clauses[0]

    assert (first(frozenset()), first(frozenset({"answer/formats"}))) == (
        "effect/listed",
        "answer/formats",
    )


def test_accepted_cancels_without_an_effect_are_one_bug() -> None:
    """Whichever field shows it, and whichever request."""
    found = {
        name: replace(_breach(got=name), curl=name, is_without_effect=True)
        for name in ("effect/status-cancelled", "effect/unpaid-expense-gone")
    }

    assert len(by_request(causes(found))) == 1


def test_a_failure_and_what_the_same_request_showed_are_one_bug() -> None:
    """Its answer is told with other failures, and what else it did stands beneath."""
    failed = replace(_breach(got="500"), request_id="cancel-contract-1-7")
    state = replace(_breach(what="field", got="a word"), request_id="cancel-contract-1-7")
    found = causes({"repeat/parallel-answers": failed, "repeat/parallel-final-state": state})

    assert [[cause.clauses[0] for cause in group] for group in by_request(found)] == [
        ["repeat/parallel-answers", "repeat/parallel-final-state"]
    ]


def _told(found: dict[str, Breach]) -> list[list[str]]:
    """Return the clauses of the causes that are told together."""
    return [[cause.clauses[0] for cause in group] for group in by_request(causes(found))]


def test_what_a_cancel_does_to_others_is_told_wherever_it_was_found() -> None:
    """Another appointment is found cancelled after a refusal as well, which did nothing to it."""
    others = replace(_breach(what="field", got="'cancelled'"), where="/status", curl="read")
    refused = replace(others, wanted="another", curl="refused")
    found = {"effect/neighbour-untouched": others, "access/refused-untouched": refused}

    assert len(_told(found)) == 1
    assert len(_told({"effect/status-cancelled": others, "access/refused-untouched": refused})) == 2


def test_whoever_needs_no_token_needs_none_at_another_path() -> None:
    """Unless one of the two is answered otherwise."""
    let_in = replace(_breach(got="200"), curl="none")
    elsewhere = replace(let_in, wanted="a refusal", curl="none, at another path")

    assert _told({"access/no-token": let_in, "input/path-access": elsewhere}) == [
        ["access/no-token", "input/path-access"]
    ]
    assert len(_told({"access/no-token": let_in, "input/path-access": replace(elsewhere, got="302")})) == 2


def test_what_leaks_in_one_place_is_one_bug() -> None:
    """A clause names the member, another one what is in it, or deep in it."""
    shallow, deep, other = (
        replace(_breach(what="leak", got=where), where=where, curl=where)
        for where in ("/payload/resource/next", "/payload/resource/next/contact/mobile", "/payload/resource/notes")
    )

    assert sorted(map(len, _told({"answer/nobody-else": shallow, "answer/nobody-seen": deep}))) == [2]
    assert sorted(map(len, _told({"answer/nobody-else": shallow, "answer/nobody-seen": other}))) == [1, 1]
    above = replace(shallow, where="/payload/resource", curl="above")
    assert sorted(map(len, _told({"answer/nobody-else": above, "answer/nobody-seen": other}))) == [2]


def test_what_a_failure_has_left_behind_is_told_with_it() -> None:
    """Whatever was found then, the answer that is shown is the failure's."""
    crash = replace(_breach(got="500"), answer="500 application/json {}")
    left = replace(_breach(what="field", got="'scheduled'"), where="/status", curl="other", answer=crash.answer)

    assert _told({"repeat/parallel-final-state": left, "answer/status-200": crash}) == [
        ["answer/status-200", "repeat/parallel-final-state"]
    ]


def test_that_an_answer_is_about_another_appointment_leads() -> None:
    """All else that is wrong in it follows."""
    name = replace(_breach(what="field", got="a name"), where="/client_name")

    assert _told({"effect/client-kept": name, "answer/id-echo": _breach(what="field", got="8")}) == [
        ["answer/id-echo", "effect/client-kept"]
    ]


def test_one_field_is_one_bug_unless_a_cancel_changes_it() -> None:
    """An amount that comes out as a text is wrong in each comparison; a status may be wrong for many reasons."""

    def together(name: str) -> list[list[str]]:
        wrong, compared = (
            replace(_breach(what="field", got=got), where=f"/{name}", curl=got) for got in ("a text", "17777780")
        )
        return _told({"answer/whole-money": wrong, "effect/listed-alike": compared})

    assert together("service_amount") == [["answer/whole-money", "effect/listed-alike"]]
    assert together("status") == [["answer/whole-money"], ["effect/listed-alike"]]


def test_what_broke_each_time_says_when() -> None:
    """A promise about any cancel breaks now and then; that of one kind of request breaks whenever it is judged."""
    names = ("effect/every-status", "input/query-ignored")

    def led(often: int = 2, **parts: Any) -> str:  # noqa: ANN401  parts of a row
        rows = {
            names[0]: Row(BY_ID[names[0]], held=22, broken=often),
            names[1]: Row(BY_ID[names[1]], **{"broken": 3, **parts}),
        }
        return next(causes(dict.fromkeys(names, _breach()), rows)).clauses[0]

    as_usual = frozenset({(("input/x#query, as usual",), frozenset[str]())})
    assert led() == led(often=6) == names[1]
    assert led(held=1) == led(broken=1) == names[0]
    # So many more cannot all be of that kind.
    assert led(often=7) == names[0]
    # A plain cancel of the same appointment broke it as well.
    assert led(broke_with=as_usual, breach=_breach(case="input/x#query")) == names[0]
