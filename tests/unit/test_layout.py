"""The shape of the package: each arrow of the flow points one way, and no module does what its place forbids."""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "contracts"
FLOW = ("fragment", "case", "guard", "target", "exchange", "clauses", "ledger", "report")
"""The parts of the flow in its order, by the name of their module or package."""
MODULES = sorted(path.relative_to(ROOT) for path in PACKAGE.rglob("*.py"))
NETWORK = {"httpx", "httpcore", "socket", "requests", "urllib3", "aiohttp", "http.client", "ssl"}
IO = NETWORK | {"subprocess", "os", "logging", "time", "pathlib", "random", "threading", "asyncio", "tempfile"}


@cache
def _tree(module: Path) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


@cache
def _nodes(module: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(_tree(module)))


@pytest.fixture(scope="module", autouse=True)
def _forgotten() -> Iterator[None]:
    """Keep no tree for longer than it is looked at: whoever looks for garbage looks at each of its nodes."""
    yield
    for kept in (_tree, _nodes, _calls):
        kept.cache_clear()


@cache
def _imports(module: Path) -> frozenset[str]:
    """Give the dotted names that a module imports, and those of what it takes out of packages of ours."""
    return frozenset(
        name for node in _nodes(module) if isinstance(node, ast.Import | ast.ImportFrom) for name in _names(node)
    )


def _names(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif node.module:
        yield node.module
        if node.module == "contracts":
            yield from (f"contracts.{alias.name}" for alias in node.names)


def _of(part: str) -> list[Path]:
    return [module for module in MODULES if module.parts[1].removesuffix(".py") == part]


def _parts(module: Path) -> set[str]:
    """Give the parts of the package that a module imports."""
    return {name.split(".")[1] for name in _imports(module) if name.startswith("contracts.")}


@cache
def _calls(module: Path) -> tuple[ast.Call, ...]:
    return tuple(node for node in _nodes(module) if isinstance(node, ast.Call))


def _at_import(module: Path) -> Iterator[ast.AST]:
    """Give what runs when a module is loaded: all but the insides of functions."""
    waiting: list[ast.AST] = list(_tree(module).body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        waiting += ast.iter_child_nodes(node)


def _dotted(node: ast.AST) -> str:
    """Give a name with its dots; of what else an expression holds, three dots."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "..."


def test_there_is_a_module_for_each_part_of_the_flow() -> None:
    """Every word of the flow is a module or a package."""
    assert [part for part in FLOW if not _of(part)] == []


@pytest.mark.parametrize("part", FLOW)
def test_no_part_imports_a_later_one(part: str) -> None:
    """Each part of the flow knows those before it, and none after it."""
    later = set(FLOW[FLOW.index(part) + 1 :])
    # The guard holds a request against the target's origin and redacts with its secrets.
    allowed = {"guard": {"target"}}.get(part, set())
    found = {str(module): sorted(_parts(module) & (later - allowed)) for module in _of(part)}

    assert {module: parts for module, parts in found.items() if parts} == {}


@pytest.mark.parametrize(
    ("part", "forbidden"),
    [
        ("fragment", {"case", "settings", "credential", "exchange", "provider"}),
        ("case", {"target", "settings", "guard", "sender", "wire", "provider"}),
        ("exchange", {"target", "settings", "guard", "sender", "wire", "provider", "clauses"}),
        ("episode", {"target", "settings", "guard", "sender", "wire", "provider", "clauses"}),
        ("guard", {"clauses", "ledger", "report", "situations", "provider", "stage"}),
        ("wire", {"clauses", "ledger", "report", "situations", "provider", "stage"}),
        ("target", {"clauses", "ledger", "report", "guard", "sender", "provider"}),
        ("clauses", {"target", "settings", "guard", "sender", "stage", "ledger", "report", "provider", "situations"}),
        ("situations", {"guard", "wire", "report", "provider", "embedded", "plugin"}),
        ("ledger", {"guard", "sender", "wire", "stage", "situations", "report", "provider"}),
        ("provider", {"clauses", "ledger", "report", "guard", "target", "exchange", "situations"}),
        ("run", {"plugin", "provider", "embedded"}),
    ],
)
def test_a_part_does_not_know(part: str, forbidden: set[str]) -> None:
    """What a module says that it may not know, it does not import."""
    found = {str(module): sorted(_parts(module) & forbidden) for module in _of(part)}

    assert found
    assert {module: parts for module, parts in found.items() if parts} == {}


@pytest.mark.parametrize(
    "part", ["clauses", "case", "exchange", "episode", "deviation", "mark", "moment", "readings", "naming"]
)
def test_a_pure_part_does_no_io(part: str) -> None:
    """No socket, file, clock, process or thread is within reach of what only judges or records."""
    found = {str(module): sorted(_imports(module) & IO) for module in _of(part)}
    opened = [str(module) for module in _of(part) for call in _calls(module) if _dotted(call.func) in {"open", "print"}]

    assert {module: names for module, names in found.items() if names} == {}
    assert opened == []


def test_cases_know_no_host() -> None:
    """A case is a path: no scheme, host or token stands in it."""
    text = (PACKAGE / "case.py").read_text(encoding="utf-8")

    assert "http://" not in text
    assert "https://" not in text
    assert "one-link" not in text


def _offenders(found: Callable[[Path], object]) -> dict[str, object]:
    """Give what is found in each module in which something is."""
    return {str(module): some for module in MODULES if (some := found(module))}


def test_nothing_is_read_from_the_environment_at_import() -> None:
    """The environment, files and the network are looked at when a run asks for it."""
    touched = {"os.environ", "os.environ.get", "os.getenv", "open", "socket.socket", "httpx.Client"}

    def found(module: Path) -> list[str]:
        nodes = [node for node in _at_import(module) if isinstance(node, ast.Call | ast.Subscript)]
        names = [_dotted(node.func if isinstance(node, ast.Call) else node.value) for node in nodes]
        return [name for name in names if name in touched or name.endswith((".read_text", ".read_bytes"))]

    assert _offenders(found) == {}


def test_the_environment_is_read_in_one_place() -> None:
    """Only the settings look at the environment, and what a pipeline says of its own summary page."""

    def found(module: Path) -> bool:
        return "os.environ" in {_dotted(node) for node in _nodes(module) if isinstance(node, ast.Attribute)}

    assert _offenders(found).keys() <= {"contracts/loading.py", "contracts/report/reports.py"}
    assert "contracts/loading.py" in _offenders(found)


def test_the_provider_has_one_clock() -> None:
    """What depends on the time asks the provider's clock, which a test can set; how long an answer took is no time."""
    looks = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "time.monotonic"}

    def found(module: Path) -> bool:
        return bool(looks & {_dotted(node) for node in _nodes(module) if isinstance(node, ast.Attribute)})

    provider = {module for module in _offenders(found) if module.startswith("contracts/provider/")}
    assert provider == {"contracts/provider/store.py"}


def test_no_library_sends_around_the_guard() -> None:
    """`case.call()`, schemathesis' checks and other HTTP clients would go past it."""
    methods = {"call", "call_and_validate", "validate_response", "call_wsgi", "call_asgi", "urlopen"}

    def found(module: Path) -> set[str]:
        called = {call.func.attr for call in _calls(module) if isinstance(call.func, ast.Attribute)}
        return called & methods | {name.split(".")[0] for name in _imports(module)} & {"requests", "urllib3", "aiohttp"}

    assert _offenders(found) == {}


def test_only_the_wire_and_the_consumers_fixture_open_connections() -> None:
    """Whatever HTTP library comes next, one module of the suite changes; a consumer's handle is no part of a run."""
    opening = {"httpx.Client", "httpx.HTTPTransport", "httpx.post", "httpx.get", "httpx.request",
               "httpcore.ConnectionPool", "socket.create_connection"}  # fmt: skip
    consumers = {"contracts/provider/handle.py"}

    opened = _offenders(lambda module: {_dotted(call.func) for call in _calls(module)} & opening)

    assert opened.keys() - consumers == {"contracts/wire.py"}


def test_modules_are_small_and_say_what_lives_in_them() -> None:
    """Fewer than 300 lines, a docstring first, and no function longer than a screen."""

    def long(module: Path) -> list[str]:
        functions = [node for node in _nodes(module) if isinstance(node, ast.FunctionDef)]
        return [node.name for node in functions if (node.end_lineno or 0) - node.lineno > 45]

    assert _offenders(lambda module: (ROOT / module).read_text(encoding="utf-8").count("\n") >= 300) == {}
    assert _offenders(lambda module: not ast.get_docstring(_tree(module))) == {}
    assert _offenders(long) == {}


def test_every_test_states_a_fact() -> None:
    """Each test has a docstring of whole sentences, without should."""
    paths = sorted(path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py"))
    told = {
        f"{path}::{node.name}": ast.get_docstring(node) or ""
        for path in paths
        for node in _at_import(path)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }

    assert len(told) > 100
    assert [name for name, text in told.items() if not text.endswith(".") or " should " in text] == []
