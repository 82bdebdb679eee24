"""Clauses access/... at their edges: heads of refusals, redirects, and what a refusal tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cancel_contract.clauses import BY_ID
from cancel_contract.clauses.clause import STATUS
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import NO_TOKEN
from tests.unit.clauses.raw_findings import line, only_breach
from tests.unit.clauses.test_access import _CACHED, _TAGGED, TOPICS, _headed

if TYPE_CHECKING:
    from tests.unit.clauses.conftest import Judge, Maker

_HEADER = "the 404 for an appointment of another account has {} header {}{} that for the id of no appointment{}"
_PUBLIC = (("Cache-Control", "public"),)


@pytest.mark.parametrize(
    ("here", "there", "found"),
    [
        ((), _TAGGED, ("no", "etag", ", and", " has one")),
        ((), _CACHED, ("no", "cache-control", ", and", " has one")),
        (_PUBLIC, _CACHED, ("another", "cache-control", " than", "")),
        (_CACHED, (), ("the", "cache-control", ", and", " has none")),
    ],
)
def test_a_head_that_differs_is_told(judge: Judge, here: Any, there: Any, found: tuple[str, ...]) -> None:  # noqa: ANN401  headers
    """A header that is missing, another one or there, where nothing has it otherwise, is told as that."""
    findings = judge("access/refusal-headers", lambda m: _headed(m, here, there, there))

    assert [one for one in findings if one] == [_HEADER.format(*found)]


@pytest.mark.parametrize(("status", "is_legal"), [(299, False), (300, True), (498, True), (500, False)])
def test_what_stands_before_the_application_may_refuse_an_odd_request(
    judge: Judge, status: int, *, is_legal: bool
) -> None:
    """An odd request may be refused, or sent elsewhere, before anybody looks who asks."""
    found = judge(
        "access/token-in-query",
        lambda m: Episode(Kind.REFUSAL, (m.done(status, Intent.ODDLY_REFUSED),), "query"),
    )

    assert (found == (None,)) is is_legal


@pytest.mark.parametrize(("others", "is_legal"), [(7, True), (0, False)])
def test_a_crowd_may_be_told_to_come_again(judge: Judge, others: int, *, is_legal: bool) -> None:
    """What stands before the application may let one in at a time; who comes alone meets nobody."""
    waits = (("Retry-After", "1"),)

    found = judge("access/no-token", lambda m: m.refusal(409, "none", headers=waits, case={"at_once": others}))

    assert (found == (None,)) is is_legal


@pytest.mark.parametrize(("status", "found"), [(299, ()), (300, ("the refusal holds a payload",))])
def test_a_redirect_is_a_refusal_that_tells_nothing(judge: Judge, status: int, found: tuple[str, ...]) -> None:
    """From 300 on an answer to somebody who may not ask holds no payload."""
    assert judge("access/refusal-tells-nothing", lambda m: m.refusal(status, body={"payload": {"id": 7}})) == found


def test_an_appointment_in_a_refusal_is_told_by_a_field(maker: Maker) -> None:
    """The cause of a payload with an appointment in it is the first field that shows whose it is."""
    refusal = maker.refusal(403, body={"payload": maker.payload()})

    found = only_breach("access/refusal-tells-nothing", refusal)

    assert line(found.cause) == "leak /client_name: told in a refusal, not told to nobody"


@pytest.mark.parametrize("holder", [Holder.FOREIGN, Holder.UNPRIVILEGED, Holder.MEMBER])
def test_a_good_token_may_be_refused_with_403(judge: Judge, holder: Holder) -> None:
    """Of a member who shows a good token, and may not do this, 401 is not wanted."""
    asked = {"credential": Credential(holder)}

    assert judge("access/status-401", lambda m: m.cancel(403, Intent.REFUSED, case=asked)) == ()


@pytest.mark.parametrize("clause", [*TOPICS, "access/token-words", "access/scheme-wins", "access/identity-headers"])
def test_a_status_is_enough_to_judge_who_may_cancel(clause: str) -> None:
    """A recording without bodies and headers shows whether a cancel was refused."""
    assert BY_ID[clause].evidence == STATUS


@pytest.mark.parametrize(
    ("identifier", "text", "is_told"),
    [
        ("000000000000", "00000000-0000-0000-0000-000000000000", False),
        ("000000000000", "00-00000000000000004bf92f3577b34da6-00f067aa0ba902b7-01", False),
        ("test 7", "latest 7.12", False),
        ("test 7", "canary-test 7", False),
        ("test 7", "of test 7, cancelled", True),
        ("000000000000", "IIN:000000000000", True),
        ("000000000000", "MDAwMDAwMDAwMDAw", True),
    ],
)
def test_a_part_of_an_id_is_no_identifier(judge: Judge, identifier: str, text: str, *, is_told: bool) -> None:
    """It has to stand by itself, as it is; encoded, nobody knows what stands beside it."""

    def refused(m: Maker) -> Episode:
        asked = m.cancel(401, Intent.REFUSED, body={"error": "No", "trace": text}, case={"credential": NO_TOKEN})
        steps = (m.before(client_identifier=identifier), (Role.CANCEL, asked), m.untouched())
        return Episode(Kind.REFUSAL, steps, "wrong")

    told = ("the refusal tells the appointment's client_identifier",) if is_told else (None,)
    assert judge("access/refusal-tells-nothing", refused) == told
