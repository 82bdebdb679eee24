"""Makes evidence for clauses: exchanges over appointment 7 of account 3, and episodes of them. No socket is opened."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from typing import Any, ClassVar, Final

import pytest

from cancel_contract.clauses import (
    BY_ID,
    CATALOGUE,
    Broken,
    Clause,
    Finding,
    NotApplicable,
    Terms,
    clause,
)
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.credential import Credential
from cancel_contract.exchange.episode import (
    Episode,
    Evidence,
    Kind,
    Role,
)
from cancel_contract.exchange.exchange import Answer, Exchange, Trouble
from cancel_contract.exchange.spoken import ASKED, CARRIED, HELD, spoken
from cancel_contract.exchange.strict_json import parse_json
from cancel_contract.fragment.document import load

ACCOUNT, APPOINTMENT = 3, 7
JSON = "application/json; charset=utf-8"
STARTED = datetime(2026, 11, 2, tzinfo=UTC)
NO_TOKEN = Credential(showing="none")

Step = tuple[Role, Exchange]
Make = Callable[["Maker"], Evidence]
Told = str | NotApplicable | None
"""A finding as a table writes it: a breach by its sentence."""
Judge = Callable[..., tuple[Told, ...]]
JudgeGaps = Callable[[str, Make], set[Finding]]


_TOPICS: Final = (
    *CARRIED,
    *(f"{name} over unprivileged" for name in CARRIED),
    *(f"{name}:right" for name in HELD),
    "foreign appointment", "foreign account", "feature off", "no Accept", "no User-Agent",
)  # fmt: skip
_SHORT: Final = sorted(((spoken(topic), f"with {topic}") for topic in _TOPICS), key=lambda pair: -len(pair[0]))


def _in_short(message: str) -> str:
    """A message with the short names that the rows of these tests have, in place of the words for them."""
    message = re.sub(r"a request with the method [A-Z]+", ASKED[Intent.OTHER_METHOD], message)
    override = r"a [A-Z]+ that names another method in its (headers|query)"
    message = re.sub(override, ASKED[Intent.METHOD_OVERRIDE], message)
    for asked in sorted(ASKED.values(), key=len, reverse=True):
        message = re.sub(rf"(^|for |after |answer to ){asked}(?=,| was |$)", r"\1effect/plain#first", message)
    message = re.sub(r"(?<=effect/plain#first), which answered \d+", "", message)
    for words, short in _SHORT:
        message = re.sub(rf"{re.escape(words)}(?= on /|, |$)", short, message)
    return re.sub("to a cancel with ", "to ", re.sub(", with (?=internal|identity)", " with ", message))


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes exchanges and episodes in which every promise is kept, but for what a test asks."""

    example: Mapping[str, Any]

    def payload(self, without: Iterable[str] = (), **fields: object) -> dict[str, Any]:
        """Return the fragment's full example, cancelled, as appointment 7 of account 3."""
        whole = {**self.example, "id": APPOINTMENT, "account_id": ACCOUNT, **fields}
        return {name: value for name, value in whole.items() if name not in set(without)}

    def cancel(  # noqa: PLR0913  every part of an exchange has its default
        self,
        code: int = 200,
        intent: Intent = Intent.FIRST,
        /,
        *,
        body: object = None,
        kind: str | None = JSON,
        headers: tuple[tuple[str, str], ...] = (),
        sent: tuple[tuple[str, str], ...] = (),
        framing: str | None = None,
        echoes: tuple[str, ...] = (),
        trouble: Trouble | None = None,
        elapsed: float = 0.1,
        case: Mapping[str, Any] | None = None,
        without: Iterable[str] = (),
        **fields: object,
    ) -> Exchange:
        """Return a cancel and its answer: by default an envelope with some fields set, or an error."""
        if body is None:
            body = {"payload": self.payload(without, **fields)} if code == 200 else {"error": "No", "code": "NO"}
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        value, fault = parse_json(raw)
        stated = () if kind is None else (("Content-Type", kind),)
        answer = None if trouble else Answer(code, (*stated, *headers), raw, value, fault, framing, echoes)
        usual = {"key": "effect/plain#first", "path": ACTION.path(ACCOUNT, APPOINTMENT), "appointment": APPOINTMENT}
        asked = Case(intent=intent, **{**usual, **(case or {})})
        url, text = f"https://one-link.test{asked.path}", "peer closed" if trouble else ""
        return Exchange(1, asked, url, sent, b"", STARTED, elapsed, answer, trouble, text)

    def read(self, code: int = 200, /, **parts: Any) -> Exchange:  # noqa: ANN401  parts of an exchange
        """Return a read of the appointment, cancelled."""
        return self.cancel(code, Intent.READ, **parts)

    def before(self, **parts: Any) -> Step:  # noqa: ANN401  parts of an exchange
        """Return the step that shows the appointment as it was: completed and paid."""
        return Role.BEFORE, self.read(**{"status": "completed", "payment_status": "paid", **parts})

    def done(self, code: int = 200, intent: Intent = Intent.FIRST, /, **parts: Any) -> Step:  # noqa: ANN401  likewise
        """Return the step that cancels."""
        return Role.CANCEL, self.cancel(code, intent, **parts)

    def again(self, code: int = 200, /, **parts: Any) -> Step:  # noqa: ANN401  likewise
        """Return the step that cancels once more."""
        return Role.AGAIN, self.cancel(code, Intent.REPEAT, **parts)

    def after(self, code: int = 200, /, **parts: Any) -> Step:  # noqa: ANN401  likewise
        """Return the step that shows the appointment afterwards: cancelled."""
        return Role.AFTER, self.read(code, **parts)

    def untouched(self, role: Role = Role.AFTER, **parts: Any) -> Step:  # noqa: ANN401  likewise
        """Return the step that shows the appointment to be still what it was."""
        return role, self.before(**parts)[1]

    def refusal(self, code: int = 401, topic: str = "wrong", *steps: Step, **parts: Any) -> Episode:  # noqa: ANN401
        """Return a cancel by somebody who may not, between two looks at the appointment."""
        asked = self.cancel(code, Intent.REFUSED, **{"case": {"credential": NO_TOKEN}, **parts})
        around = steps or (self.untouched(),)
        return Episode(Kind.REFUSAL, (self.before(), (Role.CANCEL, asked), *around), topic)


def told(finding: Finding) -> Told:
    """Return the sentence of a breach, and any other finding as it is."""
    return finding.message if isinstance(finding, Broken) else finding


TABLES = ("held", "broken", "aside")
"""The tables of a family's module, by the name under which a test takes a row of one."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of each row of the table that a test takes a row of; a clause's second row has the number 2."""
    for name in set(TABLES) & set(metafunc.fixturenames):
        rows = getattr(metafunc.module, name.upper())
        seen: Counter[str] = Counter()
        ids = []
        for slug, *_ in rows:
            seen[slug] += 1
            ids.append(slug if seen[slug] == 1 else f"{slug} {seen[slug]}")
        metafunc.parametrize(name, rows, ids=ids)


class Family:
    """What the tables of a family have to show. The family's module holds them, and a class made of this one."""

    name: ClassVar[str]
    clauses: ClassVar[tuple[Clause, ...]] = CATALOGUE
    """Those of the module, where a family has several."""

    def test_a_kept_promise_is_held(self, judge: Judge, held: tuple[str, Make]) -> None:
        """Evidence of a kept promise counts, and breaks nothing."""
        assert set(judge(*held)) == {None}

    def test_a_broken_promise_is_told(self, judge: Judge, broken: tuple[str, Make, str]) -> None:
        """Evidence of a broken promise is reported as fact, not wish."""
        clause, make, message = broken

        assert [_in_short(str(finding)) for finding in judge(clause, make) if finding] == [_in_short(message)]

    def test_other_evidence_says_nothing(self, judge: Judge, aside: tuple[str, Make]) -> None:
        """Evidence that does not bear on a promise puts it to no test."""
        assert judge(*aside) == ()

    @pytest.mark.parametrize("table", TABLES)
    def test_every_clause_of_the_family_is_shown(self, request: pytest.FixtureRequest, table: str) -> None:
        """Each clause of the family is seen held, broken and aside."""
        rows = getattr(request.module, table.upper())

        assert {row[0] for row in rows} == {clause.id for clause in self.clauses if clause.family == self.name}


class FamilyWithGaps(Family):
    """A family whose evidence may have gaps: none of its clauses says that there is an answer."""

    def test_what_was_not_seen_breaks_nothing(self, judge_gaps: JudgeGaps, held: tuple[str, Make]) -> None:
        """Of evidence with answers lost, or steps never asked, no breach is reported."""
        assert judge_gaps(*held) <= {None}


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    """Forget what the fragment said of payloads in an earlier test."""
    clause._errors.cache_clear()


@pytest.fixture(scope="session")
def maker() -> Maker:
    """Return the maker of evidence."""
    return Maker(load().resolve("/components/examples/FullAppointment/value")["payload"])


@pytest.fixture(scope="session")
def judge(maker: Maker) -> Judge:
    """Return what a clause finds in the evidence that a function makes."""

    def judged(clause: str, make: Make, **terms: Any) -> tuple[Told, ...]:  # noqa: ANN401  fields of Terms
        return tuple(map(told, BY_ID[clause].judge(make(maker), Terms(load(), ACCOUNT, **terms))))

    return judged


def _lost(exchange: Exchange) -> Exchange:
    return replace(exchange, answer=None, trouble=Trouble.LOST, trouble_text="peer closed")


def _gaps(evidence: Evidence) -> Iterator[Evidence]:
    if isinstance(evidence, Exchange):
        yield _lost(evidence)
        return
    for fates in product(("seen", "lost", "unasked"), repeat=len(evidence.steps)):
        steps = [
            (role, exchange if fate == "seen" else _lost(exchange))
            for (role, exchange), fate in zip(evidence.steps, fates, strict=True)
            if fate != "unasked"
        ]
        yield replace(evidence, steps=tuple(steps))


@pytest.fixture(scope="session")
def judge_gaps(maker: Maker) -> JudgeGaps:
    """Return what a clause finds in the same evidence with any answer lost, and with any step left out."""

    def judged(clause: str, make: Make) -> set[Finding]:
        terms = Terms(load(), ACCOUNT)
        return {finding for gap in _gaps(make(maker)) for finding in BY_ID[clause].judge(gap, terms)}

    return judged
