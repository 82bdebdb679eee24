"""Which traits of what broke are told as its signs."""

from __future__ import annotations

from dataclasses import replace

from cancel_contract.ledger.signs import Signs


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
