"""Clauses cope with whatever a server may send."""

import json
from dataclasses import astuple, replace
from typing import Any, Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from cancel_contract.clauses import CATALOGUE, Broken, NotApplicable, Terms
from cancel_contract.clauses.families import FAMILY_OF
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.credential import SHOWINGS, Credential, Holder
from cancel_contract.exchange.episode import Episode, Evidence, Kind, Role
from cancel_contract.exchange.exchange import Exchange, Trouble
from cancel_contract.fragment.document import load

FIELDS = load().documented_fields
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20),
    st.sampled_from(["cancelled", "unpaid", "2026-11-02T09:00:00Z", "0001-01-01T00:00:00+23:59", 10**3999, 7]),
)  # fmt: skip
KEYS = st.sampled_from(["id", "amount", "status", "payment_kind", "error", "errors", "code", "payload", "trace"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
CHANGES = st.dictionaries(st.sampled_from([*FIELDS, "updated_at", "source"]), VALUES, max_size=6)
BODIES = st.one_of(st.none(), st.binary(max_size=30), VALUES, VALUES.map(lambda value: {"payload": value}))
CASES = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["POST", "HEAD", "GET", "OPTIONS"]),
        "appointment": st.sampled_from([7, 8, None]),
        "abandoned": st.booleans(),
        "credential": st.builds(Credential, st.sampled_from(Holder), st.sampled_from(sorted(SHOWINGS))),
    }
)
CODES = st.sampled_from([200, 201, 401, 404, 409, 422]) | st.integers(100, 999)
TROUBLES = st.none() | st.sampled_from(Trouble)
TOPICS = st.sampled_from(["none", "wrong", "cancelled", "foreign appointment"])
ROLES = (*Role, Role.AGAIN, Role.AFTER, Role.BEFORE)
POLICIES: st.SearchStrategy[Literal["idempotent", "rejected", "either"]] = st.sampled_from(
    ["idempotent", "rejected", "either"]
)


@st.composite
def exchanges(draw: st.DrawFn, maker: Any) -> Exchange:  # noqa: ANN401  the fixture's own class
    """Any answer to any case."""
    parts = {"body": draw(BODIES), "trouble": draw(TROUBLES), "case": draw(CASES), "elapsed": draw(st.floats(0, 100))}
    parts |= {"kind": draw(st.sampled_from(["application/json", "text/html", None])), "without": draw(st.sets(KEYS))}
    made: Exchange = maker.cancel(draw(CODES), **parts, **draw(CHANGES))
    return made


@settings(max_examples=25)
@given(data=st.data())
def test_no_clause_raises_on_bad_data(maker: Any, data: st.DataObject) -> None:  # noqa: ANN401  the fixture's own class
    """Whatever JSON an answer holds, a clause finds nothing, or a message of one line that can be written down."""
    terms = Terms(load(), 3, data.draw(POLICIES))
    asked = data.draw(st.lists(exchanges(maker), min_size=2, max_size=2))
    chosen = data.draw(st.lists(st.sampled_from(asked), min_size=len(ROLES), max_size=len(ROLES)))
    topic, expected = data.draw(TOPICS), maker.payload(**data.draw(CHANGES))

    evidence: list[Evidence] = [
        *(replace(one, case=replace(one.case, intent=intent)) for one in asked for intent in Intent),
        *(Episode(kind, tuple(zip(ROLES, chosen, strict=True)), topic, expected) for kind in Kind),
    ]
    judged = [(clause, one, clause.judge(one, terms)) for clause in CATALOGUE for one in evidence]
    findings = [finding for _, _, found in judged for finding in found]

    others = [
        (clause.id, one.kind)
        for clause, one, found in judged
        if isinstance(one, Episode) and found and clause.family != FAMILY_OF[one.kind]
    ]
    # Where an episode holds a list is known by its role; only those of one kind do.
    assert {name for name, _ in others} <= {"effect/listed", "effect/listed-alike"}

    told = [finding.evidence for finding in findings if isinstance(finding, NotApplicable)]
    breaches = [finding for finding in findings if isinstance(finding, Broken)]
    told += [breach.message for breach in breaches]
    told += [text for breach in breaches for one in breach.differences for text in astuple(one)]
    assert all(isinstance(message, str) and message.isprintable() for message in told)
    assert all(one.where and one.got and one.wanted for breach in breaches for one in breach.differences)
    json.dumps(told).encode()
