"""Clause repeat/two-members: cancels by two members at once."""

from dataclasses import replace
from typing import Any

from cancel_contract.clauses import Terms, repeat_members
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.difference import Broken
from cancel_contract.exchange.episode import Episode, Kind, Role
from cancel_contract.fragment.document import load
from tests.unit.clauses.conftest import FamilyWithGaps, Make, Maker

SLUG = "repeat/two-members"
UNPAID = {"id": 9, "amount": 2000, "status": "unpaid"}
BEFORE = {"status": "confirmed", "payment_status": "paid", "expense": UNPAID}
GONE = {"expense": None}


def _members(
    m: Any,  # noqa: ANN401  the fixture's own class
    codes: tuple[int, int] = (200, 200),
    second: dict[str, Any] | None = None,
    kind: Kind = Kind.MEMBERS,
    **after: Any,  # noqa: ANN401  fields
) -> Episode:
    other = {"credential": Credential(Holder.SECOND)}
    return Episode(kind, (
        (Role.BEFORE, m.read(**BEFORE)),
        (Role.CANCEL, m.cancel(codes[0], Intent.RACED, **GONE)),
        (Role.AGAIN, m.cancel(codes[1], Intent.RACED, case=other, **{**GONE, **(second or {})})),
        (Role.AFTER, m.read(**{**GONE, **after})),
    ))  # fmt: skip


HELD: list[tuple[str, Make]] = [
    (SLUG, _members),
    (SLUG, lambda m: _members(m, (200, 409))),
    (SLUG, lambda m: _members(m, (422, 200))),
]
_BOTH = "cancels by two members (200 and 200) at the same moment: "
BROKEN: list[tuple[str, Make, str]] = [
    (SLUG, lambda m: _members(m, expense=UNPAID), f"{_BOTH}read back, expense is an object of 3 fields, not null"),
    (SLUG, lambda m: _members(m, payments=[]), f"{_BOTH}read back, there are 0 payments, not 2"),
    (SLUG, lambda m: _members(m, (200, 500)),
     "cancels by two members (200 and 500) at the same moment: the status of the cancel is 500, not 200"),
    (SLUG, lambda m: _members(m, (404, 200)),
     "cancels by two members (404 and 200) at the same moment: the status of the cancel is 404, not 200"),
    (SLUG, lambda m: _members(m, second={"status": "confirmed"}),
     f"{_BOTH}in the answer to the cancel, status is 'confirmed', not 'cancelled'"),
    (SLUG, lambda m: _members(m, status="confirmed"),
     f"{_BOTH}read back, status is 'confirmed', not 'cancelled'"),
    (SLUG, lambda m: replace(_members(m, (200, 401)), topic=repeat_members.LET_IN_ALONE),
     "status is 401, not 200, for a second member's cancel at the moment of the first one's; alone it is 200"),
]  # fmt: skip
ASIDE: list[tuple[str, Make]] = [
    (SLUG, lambda m: _members(m, (200, 401))),
    (SLUG, lambda m: _members(m, (200, 404))),
    (SLUG, lambda m: _members(m, (409, 409), status="confirmed")),
    (SLUG, lambda m: _members(m, kind=Kind.BURST)),
]


class TestMembers(FamilyWithGaps):
    """The tables above."""

    name = "repeat"
    clauses = repeat_members.CLAUSES


def test_the_cancel_that_failed_is_shown(maker: Maker) -> None:
    """Either may be; a conflict is legal, so that what is read back says more."""
    first, second, conflict = (
        next(
            found for found in repeat_members.CLAUSES[0].judge(_members(maker, codes, status=status), Terms(load(), 3))
        )
        for codes, status in (((500, 200), "cancelled"), ((200, 500), "cancelled"), ((200, 409), "confirmed"))
    )

    shown = [found.shown_by for found in (first, second, conflict) if isinstance(found, Broken)]
    assert [one.case.credential.holder if one else None for one in shown] == [Holder.MEMBER, Holder.SECOND, None]
