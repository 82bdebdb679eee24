"""Which traits of what broke are told as its signs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.exchange.spoken import OTHER_MEMBER
from cancel_contract.ledger.comparison import common
from cancel_contract.ledger.memory import Memory
from cancel_contract.ledger.signs import Signs
from cancel_contract.ledger.traits import plainly
from tests.unit.ledger.conftest import DEAR

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.exchange.exchange import Exchange


def test_of_two_that_belong_together_those_about_the_wrong_field_come_first() -> None:
    """Any other pair may do so by chance."""
    names = ("1 payment", "a card", "prepaid_amount above 0", "settlement_amount 0")
    broke = frozenset({((name,), frozenset({*names, name})) for name in "abc"})
    held = frozenset({("d", frozenset({names[0], names[2]})), ("e", frozenset({names[1], names[3]}))})
    signs = Signs(broke, frozenset({((name,), traits) for name, traits in held}))

    assert signs.in_common == ("1 payment", "a card")
    assert replace(signs, fields=("prepaid_amount",)).in_common == ("prepaid_amount above 0", "a card")


def test_how_long_a_reference_is_may_not_be_the_cause() -> None:
    """The run has chosen it by itself."""
    broke = frozenset({(("effect/x#first",), frozenset({"external_ref of 37 characters", "service_amount 0"}))})
    held = frozenset({(("effect/y#first",), frozenset({"external_ref of 38 characters"}))})

    assert Signs(broke, held, again=True).alone == ("service_amount 0",)


def test_that_another_member_had_cancelled_it_is_a_trait(told: Callable[..., Exchange]) -> None:
    """A rule may hang on who was the first."""
    first, second = told(1, Intent.FIRST, DEAR), told(2, Intent.REPEAT, DEAR)
    theirs = replace(second, case=replace(second.case, credential=Credential(Holder.SECOND)))

    def said(again: Exchange) -> bool:
        return OTHER_MEMBER in common(Episode(Kind.REPEAT, ((Role.CANCEL, first), (Role.AGAIN, again))), Memory())

    memory = Memory()
    memory.remember(first)
    memory.remember(theirs)

    assert (said(theirs), said(second)) == (True, False)
    assert OTHER_MEMBER in common(theirs, memory)


def test_of_much_that_differs_who_asked_is_told() -> None:
    """Appointments of different kinds differ in more than anybody can look at."""
    much = {f"field {number}" for number in range(12)}
    broke = frozenset({(("effect/x#cancel 2",), frozenset({OTHER_MEMBER, *much}))})
    held = frozenset({(("effect/y#cancel 2",), frozenset({"a"}))})

    assert Signs(broke, held, again=True).alone == (OTHER_MEMBER,)
    assert Signs(broke, held).unlike == ((OTHER_MEMBER,), ())


def test_whose_appointment_a_refused_cancel_asks_for_is_told(told: Callable[..., Exchange]) -> None:
    """Two requests for one of another account are as telling as any number, whatever that one is."""

    def refused(number: int, topic: str) -> frozenset[str]:
        return common(Episode(Kind.REFUSAL, ((Role.CANCEL, told(number, Intent.REFUSED, DEAR)),), topic), Memory())

    theirs, own = refused(1, "foreign appointment"), refused(2, "wrong")
    much = {f"field {number}" for number in range(12)}
    signs = Signs(frozenset({(("a#b",), theirs | much), (("a#c",), theirs | much)}), frozenset({(("d#e",), own)}))

    assert theirs - own == {"for an appointment of another account"}
    assert signs.unlike == (("for an appointment of another account",), ())


def test_of_how_often_it_was_cancelled_the_plainest_is_told() -> None:
    """The number itself says more than how often at least; of several such the smallest is where it begins."""
    twice, thrice = (f"it had been cancelled {times} times or more" for times in (2, 3))

    assert plainly((twice, thrice)) == (twice,)
    assert plainly(("it had been cancelled 3 times", twice, thrice)) == ("it had been cancelled 3 times",)
