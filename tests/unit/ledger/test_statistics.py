"""The statistics of a run, counted and added up."""

import json
from datetime import UTC, datetime
from typing import Any

from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.exchange import Answer, Exchange, Trouble
from cancel_contract.guard.gateway import Incident
from cancel_contract.ledger.observed_schema import ErrorShape, ObservedSchema
from cancel_contract.ledger.provided import Change
from cancel_contract.ledger.statistics import Statistics

DOCUMENTED = ("id", "status", "service_id", "payment_status")


def _exchange(status: int | None = 200, body: Any = None, **parts: Any) -> Exchange:  # noqa: ANN401 - JSON, parts of an exchange
    case = Case("test", parts.pop("intent", Intent.FIRST), "/", abandoned=parts.pop("abandoned", False))
    answer = None if status is None else Answer(status, (), b"", body)
    return Exchange(1, case, "", (), b"", datetime.now(UTC), 0.12345, answer, **parts)


def _saw(*exchanges: Exchange) -> Statistics:
    statistics = Statistics()
    for exchange in exchanges:
        statistics.saw(exchange, DOCUMENTED)
    return statistics


def test_fields_nulls_and_values_are_counted() -> None:
    """Fields that the fragment does not name, documented nulls, and values of enumerated fields; no person's data."""
    payload = {"id": 1, "status": "cancelled", "service_id": None, "vip": None, "payment_status": 7, "name": "Ivan"}

    statistics = _saw(_exchange(body={"payload": payload}), _exchange(body={"payload": {"status": "cancelled"}}))

    assert statistics.observed_schema.unnamed == {"vip": 1, "name": 1}
    assert statistics.observed_schema.nulls == {"service_id": 1}
    assert statistics.observed_schema.values == {"status": {"cancelled": 2}}
    assert statistics.timings == [0.1235, 0.1235]


def test_answers_that_are_no_cancels_have_no_observed_schema() -> None:
    """What another intent's answer holds says nothing of a cancel."""
    assert _saw(_exchange(body={"payload": {"vip": 1}}, intent=Intent.OTHER_METHOD)).observed_schema.unnamed == {}


def test_shapes_of_errors_are_counted() -> None:
    """Status and keys tell a shape; answers that are no objects have none."""
    statistics = _saw(
        _exchange(404, {"error": "no", "code": "X"}, intent=Intent.UNKNOWN_ID),
        _exchange(404, {"code": "X", "error": "again"}, intent=Intent.UNKNOWN_ID),
        _exchange(500, ["oh"], intent=Intent.BODY),
        _exchange(200, {"ok": True}, intent=Intent.BODY),
    )

    assert statistics.observed_schema.errors == [ErrorShape(404, ("code", "error"), 2)]


def test_lost_answers_are_counted_unless_they_were_given_up() -> None:
    """A connection that broke, or an answer that stayed out, is lost; one that nobody waited for is not."""
    statistics = _saw(
        _exchange(None, trouble=Trouble.LOST),
        _exchange(None, trouble=Trouble.TIMEOUT),
        _exchange(None, trouble=Trouble.TIMEOUT, abandoned=True),
        _exchange(None, trouble=Trouble.BROKEN),
    )

    assert (statistics.lost, statistics.timings) == (2, [])


def test_statistics_add_up() -> None:
    """Numbers and counts are added, lists joined, and what travels is plain data."""
    one = _saw(_exchange(body={"payload": {"status": "cancelled", "vip": 1}}))
    one.requests, one.still_active, one.refused_variations = 3, [7], {"long": "422"}
    two = _saw(
        _exchange(body={"payload": {"status": "cancelled", "vip": 2}}),
        _exchange(404, {"error": "no"}, intent=Intent.UNKNOWN_ID),
    )
    two.requests, two.still_active, two.unanswered_creates = 4, [8], ["cancel-contract-a-1700000000-1"]
    two.incidents, two.changed = [Incident("a#b", 502, "began anew")], [Change(7, "ONELINK_X", "deleted")]

    one.merge(json.loads(json.dumps(two.dump())))

    assert (one.requests, one.still_active, one.refused_variations) == (7, [7, 8], {"long": "422"})
    assert one.observed_schema == ObservedSchema(
        {"vip": 2}, {}, {"status": {"cancelled": 2}}, [ErrorShape(404, ("error",), 1)]
    )
    assert (one.unanswered_creates, len(one.timings)) == (["cancel-contract-a-1700000000-1"], 3)
    assert (one.incidents, one.changed) == (two.incidents, two.changed)
