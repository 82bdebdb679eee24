"""What is told of when a clause broke, and when it held."""

from collections.abc import Callable
from dataclasses import replace

from cancel_contract.clauses import BY_ID
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.difference import broken
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.spoken import ASKED
from cancel_contract.ledger.evidence import breach_of
from cancel_contract.ledger.row import Row, compared
from cancel_contract.report.conditions import condition, nearest, shared, signs_of, times
from tests.unit.report.conftest import judged


def test_the_most_similar_case_that_held_is_told_where_no_sign_is_known() -> None:
    """What it lacks, or else what it has; nothing of answers, of what was only looked at, nor where much differs."""
    paid = frozenset({"status confirmed", "with payments", "the answer is a 200", "read before"})
    free = frozenset({"status completed", "with payments", "the answer is a 401", "not read before"})
    far = frozenset("abcdefg")

    assert nearest(judged({paid}, {free, far})) == ("the most similar case that held has not this: status confirmed")
    assert nearest(judged({paid}, {paid - {"status confirmed"}})) == (
        "the most similar case that held has not this: status confirmed"
    )
    assert nearest(judged({paid}, {paid | {"x"}})) == "the most similar case that held has besides: x"
    assert nearest(judged({paid}, {far})) == nearest(replace(judged({paid}, {free}), again=None)) == ""


def test_of_two_alone_any_difference_may_be_the_cause() -> None:
    """It is told as what sets the two apart, and as no rule."""
    row = replace(judged({frozenset({"90 minutes"})}, {frozenset({"60 minutes"})}), again=None)

    assert [*signs_of(row)] == [
        "  when     the one that broke has this, and the other one has not: 90 minutes",
        "           the one that held has this, and the other one has not: 60 minutes",
    ]
    more = replace(judged({frozenset({"90 minutes"})}, {frozenset({"90 minutes", "with a contact"})}), again=None)
    assert [*signs_of(more)] == []


def test_how_a_create_was_spelled_is_the_least_likely_cause() -> None:
    """Of several traits that set a case apart, what says something of the visit comes first."""
    mine = frozenset({"external_ref of 64 characters", "made with an offset in starts_at", "without a deposit"})
    row = replace(judged({mine, mine | {"x"}}, {frozenset({"a"}), frozenset({"b"})}), again=None)

    assert next(signs_of(row)).startswith("  when     without a deposit, external_ref of 64 characters, made with")


def test_that_nothing_was_found_is_told() -> None:
    """Where several broke and several held alike; of what nothing is known, nothing is said."""
    several = {frozenset("ab"), frozenset("bc")}
    row = replace(judged(several, {frozenset("abc"), frozenset("b")}), again=None)

    assert [line[:22] for line in signs_of(row)] == ["  when     nothing set"]
    assert [*signs_of(replace(judged({frozenset()}, {frozenset("a"), frozenset("b")}), again=None))] == []


def test_time_may_be_what_was_not_found(exchange: Callable[..., Exchange]) -> None:
    """What is seen long after, or beside another writer, is no matter of chance."""
    several = {frozenset("ab"), frozenset("bc")}, {frozenset("abc"), frozenset("b")}
    late = replace(breach_of(exchange(409, {}), broken("status", "status", "409", "200")), late=1)
    raced = {traits | {ASKED[Intent.RACED]} for traits in several[0]}

    assert [*signs_of(replace(judged(*several, late), again=None))] == []
    assert [*signs_of(replace(judged(raced, several[1]), again=None))] == []


def test_what_asks_for_something_else_is_not_similar() -> None:
    """A refused cancel and one of what is not there differ in that, which says nothing of why one broke."""
    absent, refused = frozenset({ASKED[Intent.UNKNOWN_ID], "a"}), frozenset({ASKED[Intent.REFUSED], "a"})

    assert nearest(judged({absent}, {refused})) == ""
    assert nearest(judged({absent}, {refused, absent | {"b"}})) == "the most similar case that held has besides: b"


def test_it_is_told_in_what_the_shown_case_differs(exchange: Callable[..., Exchange]) -> None:
    """Another one that broke it may be more like one that held."""
    shown = breach_of(exchange(500, {}), broken("json", "body", "a", "b"))
    row = compared(
        Row(BY_ID["repeat/answer"], broken=2, held=1, again=True, breach=shown),
        {((shown.case,), frozenset("ab")), (("effect/other#first",), frozenset("c"))},
        {(("effect/held#first",), frozenset("d"))},
    )

    assert nearest(row) == "the most similar case that held has none of these: a, b"


def test_that_the_answer_is_a_failure_is_no_sign_beside_a_status(exchange: Callable[..., Exchange]) -> None:
    """The sentence says it already; of other facts it is one."""
    broke = {frozenset({"the answer is a 500", name}) for name in "ab"}
    held = {frozenset({"the answer is a 200", name}) for name in "ab"}
    about_it = breach_of(exchange(500, {}), broken("status", "status", "500", "200"))
    about_json = replace(about_it, what="json")

    assert shared(judged(broke, held, about_it)) == ""
    assert shared(judged(broke, held, about_json)).startswith("the answer is a 500")


def test_the_steps_of_one_case_are_not_named_as_cases() -> None:
    """It is one case, however many requests it takes."""
    row = compared(
        Row(BY_ID["repeat/many"], broken=4, held=3, again=True),
        {(("effect/x#first", "effect/x#cancel 2"), frozenset("a"))},
        {(("effect/y#first",), frozenset("b"))},
    )

    assert times(row) == "all 4 times in this case; never in 1 other case (effect/y)"


def test_what_all_that_held_share_is_told_but_for_the_status(exchange: Callable[..., Exchange]) -> None:
    """That all that held were answered 200 says no more than that the others were not."""
    broke = {frozenset({"the answer is a 415", name}) for name in "ab"}
    held = {frozenset({"the answer is a 200", "with payments", name}) for name in "cd"}
    about_it = breach_of(exchange(415, {}), broken("status", "status", "415", "200"))

    assert [line for line in signs_of(judged(broke, held, about_it)) if "all that" in line][:1] == [
        "  when     all that held have this, and nothing else has: with payments"
    ]


def test_where_little_was_compared_both_sides_are_told() -> None:
    """In what all that broke differ from all that held; not where they differ in too much, or one side is empty."""
    long = frozenset({"90 minutes", "with a contact", "the answer is a 409"})
    row = replace(
        judged({long, long | {"x"}}, {frozenset({"60 minutes", "with a contact", "read before"})}), again=None
    )

    assert [line for line in signs_of(row) if "all that" in line][:1] == [
        "  when     all that broke have this, and nothing else has: 90 minutes"
    ]
    assert list(signs_of(row))[1:] == ["           all that held have this, and nothing else has: 60 minutes"]
    both = frozenset({"90 minutes", "status no_show"})
    two = replace(judged({both, both | {"x"}}, {frozenset({"60 minutes"})}), again=None)
    assert next(signs_of(two)) == (
        "  when     all that broke have these, always together, and nothing else has: status no_show, 90 minutes"
    )
    assert list(signs_of(replace(judged({frozenset(map(str, range(20)))}, {frozenset("a")}), again=None))) == []
    assert list(signs_of(replace(judged({frozenset("ab")}, set()), again=None))) == []


def test_that_it_takes_two_cancels_is_no_condition() -> None:
    """Each case of that kind cancels twice."""
    both = {"a first cancel", "a repeated cancel"}
    held = {frozenset("c"), frozenset("d")}

    assert [*signs_of(judged({frozenset({*both, "status no_show", one}) for one in "ab"}, held))] == [
        "  when     status no_show: each time that it broke, and never when it held"
    ]
    told = "".join(signs_of(judged({frozenset({*both, one}) for one in "ab"}, held)))
    assert "a first cancel" not in told


def test_that_a_slot_was_freed_first_is_no_condition_of_its_booking(exchange: Callable[..., Exchange]) -> None:
    """Whoever books it has seen a first cancel."""
    found = breach_of(exchange(201, {}), broken("slot", "booking", "2 payments", "0"))
    held = {frozenset("c"), frozenset("d")}
    row = judged({frozenset({"a first cancel", one}) for one in "ab"}, held, replace(found, asked="a booking"))
    row = replace(row, again=None, clause=BY_ID["effect/new-booking"])

    assert condition(row) == ""
    assert condition(replace(row, breach=replace(found, asked="a cancel"))) == "; only in this case: a first cancel"


def test_an_odd_cancel_is_told_where_each_was_as_odd(exchange: Callable[..., Exchange]) -> None:
    """Where others broke it, too, it is none of the conditions."""
    told = "after a cancel whose id is not a number, the unpaid expense is still there"
    breach = breach_of(exchange(200, {}), broken("field", "/expense", "an object", "null", told))
    odd, others = frozenset({ASKED[Intent.MALFORMED_ID], "a"}), frozenset("b")
    both, alone = (judged(some, {frozenset("c")}, breach).plainly_told.breach for some in ({odd, others}, {odd}))

    assert [one and one.message for one in (both, alone)] == ["the unpaid expense is still there", told]


def test_how_long_a_number_is_is_told_where_nothing_else_is() -> None:
    """Few rules hang on that."""
    long, held = "client_phone of 16 characters", {frozenset("ab"), frozenset("b")}
    pair = [frozenset({long, "prepaid_amount 0", "status scheduled", name}) for name in "xy"]
    single = [frozenset({long, name}) for name in "xy"]

    assert shared(judged({*pair}, held)) == (
        "status scheduled, prepaid_amount 0: each time that it broke, and never when it held; "
        "one of these may be it, or all"
    )
    assert shared(judged({*single}, held)).startswith(long)


def test_what_is_about_the_field_itself_comes_first(exchange: Callable[..., Exchange]) -> None:
    """Kinds of appointments differ in much at once: 45 minutes are no reason to squeeze a name."""
    breach = breach_of(exchange(200, {}), broken("field", "/client_name", "another", "the same"))
    signs = frozenset({"45 minutes", "client_name of one word"})
    row = replace(judged({signs | {"x"}, signs | {"y"}}, {frozenset("x"), frozenset("y")}), breach=breach)

    (only,) = signs_of(row)
    assert only.startswith("  when     most likely client_name of one word: each time")
    assert only.endswith(" (the same is true of: 45 minutes)")

    unlike, *_ = signs_of(replace(judged({signs}, {frozenset("x")}), breach=breach, again=None))
    assert unlike.endswith(": client_name of one word, and 1 other")


def test_who_takes_part_in_a_race_is_no_condition() -> None:
    """One of two members may be meant, or the writer beside them."""
    raced = {
        frozenset({ASKED[Intent.RACED], "with the token of a second member of the same account", one}) for one in "ab"
    }

    assert [*signs_of(judged(raced, {frozenset("c"), frozenset("d")}))] == []
