"""The catalogue is complete: ids, words, pointers, sources, and every promise of the fragment."""

import re
from collections import Counter
from pathlib import Path

import cancel_contract.clauses
from cancel_contract.clauses import BY_ID, CATALOGUE, FAMILIES, Level
from cancel_contract.clauses.clause import FIELDS, OPERATION
from cancel_contract.clauses.effect import CLIENT, REFERENCES, TIMES
from cancel_contract.clauses.families import FAMILY_OF
from cancel_contract.clauses.money import AMOUNTS
from cancel_contract.exchange.compare import EXPENSE_FIELDS, PAYMENT_FIELDS
from cancel_contract.exchange.episode import Kind
from cancel_contract.fragment.document import load
from cancel_contract.run.play_order import in_order
from cancel_contract.run.scenarios import SCENARIOS
from cancel_contract.target.settings import Settings
from cancel_contract.tools.catalogue import markdown

FRAGMENT = load()
NAMES = [family.name for family in FAMILIES]
RFC = re.compile(r"RFC \d{4,5}, \d+(\.\d+)*")


def test_there_are_fifty_clauses_or_more() -> None:
    """The catalogue covers its families with fifty clauses at least."""
    assert len(CATALOGUE) >= 50


def test_ids_are_unique() -> None:
    """No two clauses share an id."""
    assert [name for name, count in Counter(clause.id for clause in CATALOGUE).items() if count > 1] == []
    assert tuple(BY_ID.values()) == CATALOGUE


def test_the_families_are_those_of_the_design_in_its_order() -> None:
    """The six families appear in the design's order, each in one piece."""
    assert list(dict.fromkeys(clause.family for clause in CATALOGUE)) == NAMES
    assert sorted(CATALOGUE, key=lambda clause: NAMES.index(clause.family)) == list(CATALOGUE)


def test_a_familys_clauses_stand_in_its_module() -> None:
    """A family of the tuple is a module; each of its clauses bears its name."""
    here = Path(cancel_contract.clauses.__file__).parent

    assert [name for name in NAMES if not (here / f"{name}.py").is_file()] == []
    assert {clause.family for clause in CATALOGUE} == set(NAMES)


def test_every_kind_of_episode_has_its_family() -> None:
    """Each is judged by the clauses of one."""
    assert set(FAMILY_OF) == set(Kind)
    assert sum(len(family.kinds) for family in FAMILIES) == len(Kind)


def test_every_family_is_played() -> None:
    """Each family but that of answers, which all give, has scenarios of its own, and a place in the order of play."""
    played = {scenario.family for scenario in SCENARIOS}

    assert played == set(NAMES) - {"answer"}
    assert len(in_order(SCENARIOS)) == len(SCENARIOS)


def test_every_family_has_its_tests() -> None:
    """Each family's clauses are shown held, broken and aside in a module of its own."""
    here = Path(__file__).parent

    assert {path.stem for path in here.glob("test_*.py")} >= {f"test_{family}" for family in NAMES}


def test_an_id_is_a_slug() -> None:
    """An id is family/words-in-lower-case, fit for a shell and for -k."""
    assert [one.id for one in CATALOGUE if not re.fullmatch(r"[a-z]+/[a-z0-9]+(-[a-z0-9]+)*", one.id)] == []


def test_a_statement_is_one_short_sentence_in_the_present_tense() -> None:
    """A statement begins with a capital, ends without a full stop, and neither demands nor predicts."""
    demands = {"should", "must", "will", "shall", "ought", "tests", "checks", "ensure", "verify"}

    statements = [clause.statement for clause in CATALOGUE]

    assert [text for text in statements if len(text) > 100 or not text[0].isupper() or text[-1] in ".!;:"] == []
    assert [text for text in statements if demands & set(re.findall(r"[a-z']+", text.lower()))] == []


def test_statements_are_unique() -> None:
    """No two clauses have the same statement."""
    assert [text for text, count in Counter(clause.statement for clause in CATALOGUE).items() if count > 1] == []


def test_a_pointer_leads_somewhere() -> None:
    """A clause's pointer is a section of an RFC, or resolves in the fragment."""
    pointers = {clause.pointer for clause in CATALOGUE if not RFC.fullmatch(clause.pointer)}

    assert [pointer for pointer in sorted(pointers) if FRAGMENT.resolve(pointer) is None] == []


def test_a_promise_of_others_stands_in_the_fragment_as_such() -> None:
    """What is called documented, or sibling, is called so by the fragment where its pointer leads."""
    others = [clause for clause in CATALOGUE if clause.source in {"documented", "sibling"}]
    pointed = [clause for clause in others if not RFC.fullmatch(clause.pointer)]

    assert [clause.id for clause in pointed if FRAGMENT.source(clause.pointer) != clause.source] == []


def test_a_clause_needs_settings_that_exist() -> None:
    """Each setting without which it stays untested is one of Settings."""
    assert {name for clause in CATALOGUE for name in clause.needs} <= Settings.model_fields.keys()


def test_must_is_the_rule() -> None:
    """Most promises weigh: a SHOULD is the exception."""
    levels = Counter(clause.level for clause in CATALOGUE)

    assert levels[Level.MUST] > 4 * levels[Level.SHOULD] > 0


def test_the_page_is_current() -> None:
    """What is checked in is what the command prints."""
    page = Path(cancel_contract.clauses.__file__).with_name("README.md")

    assert page.read_text(encoding="utf-8") == markdown(CATALOGUE)


def test_the_page_has_a_row_for_each_clause() -> None:
    """A reader finds each clause once, with its level and its statement."""
    page = markdown(CATALOGUE)

    rows = re.findall(r"^\| `([a-z/0-9-]+)` \| (MUST|SHOULD) \| \w+ \| (.+?) \| `", page, re.MULTILINE)
    assert rows == [(clause.id, clause.level.value, clause.statement) for clause in CATALOGUE]


def test_every_documented_field_is_claimed() -> None:
    """Each documented field is changed or kept by a clause of effect, and so are those of payments and expense."""
    changed = {clause.pointer.removeprefix(f"{FIELDS}/") for clause in CATALOGUE if clause.pointer.startswith(FIELDS)}
    kept = {*AMOUNTS, *TIMES, *CLIENT, *REFERENCES}
    schemas = FRAGMENT.resolve("/components/schemas")

    assert set(FRAGMENT.documented_fields) == kept | ({"status", "payment_status", "payments", "expense"} & changed)
    assert set(PAYMENT_FIELDS) == set(schemas["Payment"]["properties"])
    assert set(EXPENSE_FIELDS) == set(schemas["Expense"]["properties"])


ANSWERS = {
    200: "answer/status-200",
    400: "input/body-broken",
    401: "access/no-token",
    403: "access/foreign-token",
    404: "input/unknown-id",
    409: "repeat/answer",
    422: "readonly/refused",
    429: None,
}
"""A clause for each answer that the fragment names; a 429 is waited for, and is never judged."""


def test_every_answer_of_the_fragment_is_claimed() -> None:
    """Each status that the fragment names is one that a clause asks for or allows."""
    assert set(ANSWERS) == FRAGMENT.statuses
    assert {name for name in ANSWERS.values() if name} <= BY_ID.keys()


def test_every_answer_that_a_clause_points_at_is_named() -> None:
    """A clause about a status points at that answer of the fragment."""
    pointed = {clause.pointer for clause in CATALOGUE if clause.pointer.startswith(f"{OPERATION}/responses/")}

    assert {f"{OPERATION}/responses/{status}" for status in (200, 400, 401, 404, 422)} <= pointed
