"""The shape of the code that import-linter does not check: I/O, sizes, words."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "contracts" / "cancel_contract"
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
MOST_LINES = 300
LEFT = frozenset(
    (
        "accepted",
        "around",
        "ask_again",
        "asker",
        "booking",
        "census",
        "chosen",
        "clear_away",
        "commons",
        "companions",
        "conduct",
        "days",
        "dealing",
        "discretion",
        "drawing",
        "drawn",
        "drifting",
        "fitting",
        "gallery",
        "gather",
        "given",
        "guesses",
        "handed_over",
        "handle",
        "harness",
        "held",
        "judging",
        "lost",
        "mark",
        "met",
        "narrow",
        "nodes",
        "opening",
        "otherwise",
        "outcome",
        "overdue",
        "recognition",
        "road",
        "served",
        "situation",
        "situations",
        "sometimes",
        "spent",
        "stale",
        "stands",
        "stateful",
        "tally",
        "tell",
        "telling",
        "tells",
        "told",
        "track",
        "watch",
        "written",
    )
)
"""House words for which the field has names of its own."""


@cache
def _nodes(module: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(_tree(module)))


@cache
def _tree(module: Path) -> ast.Module:
    return ast.parse((PACKAGE / module).read_text(encoding="utf-8"))


@pytest.fixture(scope="module", autouse=True)
def _forgotten() -> Iterator[None]:
    """Keep no tree for longer than it is looked at: whoever looks for garbage looks at each of its nodes."""
    yield
    for kept in (_tree, _nodes, _calls):
        kept.cache_clear()


@cache
def _calls(module: Path) -> tuple[ast.Call, ...]:
    return tuple(node for node in _nodes(module) if isinstance(node, ast.Call))


def _at_import(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield what runs when a module is loaded: all but the insides of functions."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        waiting += ast.iter_child_nodes(node)


def _dotted(node: ast.AST) -> str:
    """Return a name with its dots; of what else an expression holds, three dots."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "..."


def _offenders(found: Callable[[Path], object]) -> dict[str, object]:
    """Return what is found in each module in which something is."""
    return {str(module): some for module in MODULES if (some := found(module))}


def test_cases_know_no_host() -> None:
    """A case is a path: no scheme, host or token stands in it."""
    text = (PACKAGE / "exchange" / "case.py").read_text(encoding="utf-8")

    assert "http://" not in text
    assert "https://" not in text
    assert "one-link" not in text


def test_nothing_is_read_from_the_environment_at_import() -> None:
    """The environment, files and the network are looked at when a run asks for it."""
    touched = {"os.environ", "os.environ.get", "os.getenv", "open", "socket.socket", "httpx.Client"}

    def found(module: Path) -> list[str]:
        nodes = [node for node in _at_import(_tree(module)) if isinstance(node, ast.Call | ast.Subscript)]
        names = [_dotted(node.func if isinstance(node, ast.Call) else node.value) for node in nodes]
        return [name for name in names if name in touched or name.endswith((".read_text", ".read_bytes"))]

    assert _offenders(found) == {}


def test_the_environment_is_read_in_one_place() -> None:
    """Only the settings look at it, what a pipeline says of its own summary page, and a gate that forgets pytest's."""

    def found(module: Path) -> bool:
        return "os.environ" in {_dotted(node) for node in _nodes(module) if isinstance(node, ast.Attribute)}

    assert _offenders(found).keys() <= {"target/loading.py", "report/reports.py", "tools/commands/gate.py"}
    assert any(name.startswith("target/") for name in _offenders(found))


def test_no_library_sends_around_the_guard() -> None:
    """`case.call()` and schemathesis' checks would go past it."""
    methods = {"call", "call_and_validate", "validate_response", "call_wsgi", "call_asgi", "urlopen"}

    def found(module: Path) -> set[str]:
        return methods & {call.func.attr for call in _calls(module) if isinstance(call.func, ast.Attribute)}

    assert _offenders(found) == {}


def test_only_the_wire_and_the_consumers_fixture_open_connections() -> None:
    """Whatever HTTP library comes next, one module of the suite changes; a consumer's fixture is no part of a run."""
    opening = {"httpx.Client", "httpx.HTTPTransport", "httpx.post", "httpx.get", "httpx.request",
               "httpcore.ConnectionPool", "socket.create_connection"}  # fmt: skip

    opened = _offenders(lambda module: {_dotted(call.func) for call in _calls(module)} & opening)

    assert opened.keys() == {"guard/wire.py", "provider/consumer.py"}


def test_modules_are_small_and_say_what_they_are() -> None:
    """Fewer than 300 lines, a docstring first, and no function longer than a screen."""

    def long(module: Path) -> list[str]:
        functions = [node for node in _nodes(module) if isinstance(node, ast.FunctionDef)]
        return [node.name for node in functions if (node.end_lineno or 0) - node.lineno > 45]

    def has_many_lines(module: Path) -> bool:
        return (PACKAGE / module).read_text(encoding="utf-8").count("\n") >= MOST_LINES

    assert _offenders(has_many_lines) == {}
    assert _offenders(lambda module: not ast.get_docstring(_tree(module))) == {}
    assert _offenders(long) == {}


def test_no_name_is_a_house_word() -> None:
    """Modules, classes and functions bear the field's own names; the provider's call has stages of its own."""

    def found(module: Path) -> list[str]:
        defined = [
            node for node in _nodes(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        ]
        names = [module.stem, *(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", node.name).lower() for node in defined)]
        return [name for name in names if name.strip("_") in LEFT]

    assert _offenders(found) == {}


def test_docstrings_say_what_is_and_not_what_is_unknown() -> None:
    """import-linter holds what a module may not know, so that its docstring says what it is for."""
    left = ("Lives here", "May not know")

    def found(module: Path) -> list[str]:
        text = (PACKAGE / module).read_text(encoding="utf-8")
        return [words for words in left if words in text]

    assert _offenders(found) == {}


def test_the_unit_tests_mirror_the_packages() -> None:
    """The folders of the unit tests are the package's."""
    packages = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    folders = {path.name for path in (ROOT / "tests" / "unit").iterdir() if any(path.glob("test_*.py"))}

    assert folders == packages


def test_every_test_states_a_fact() -> None:
    """Each test has a docstring of whole sentences, without should."""
    told = {
        f"{path.relative_to(ROOT)}::{node.name}": ast.get_docstring(node) or ""
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for node in _at_import(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }

    assert len(told) > 100
    assert [name for name, text in told.items() if not text.endswith(".") or " should " in text] == []
