"""What under a key for a trace is one, and what is an id in a log or a name for a kind of error."""

from typing import Any

import pytest

from tests.unit.clauses.conftest import Judge, Told


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("exception", "NotFoundException"), ("exception", "record_not_found"), ("exception", {"type": "NotFound"}),
        ("exception", True), ("stack", "production"), ("stack", ["edge", "app"]), ("stack", "kz-ala-1/prod"),
        ("trace", "Root=1-67a-5759e988bd862e3fe1be46a9"), ("trace", "projects/p/traces/105445aa7843bc8b"),
        ("trace", {"trace_id": "a1", "sampled": True}), ("trace", 7), ("trace", "2026.11.30-7f3a"), ("trace", [7]),
        ("trace", "https://traces.example/4/5"),
    ],
)  # fmt: skip
def test_an_id_or_a_name_is_no_trace(judge: Judge, key: str, value: object) -> None:
    """Whoever asks support names it."""
    assert _judged(judge, {key: value}) == (None,)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("exception", "Symfony\\HttpKernel\\NotFound"), ("exception", "#<E>"), ("trace", ["main.go:42"]),
        ("trace", {"file": "x", "line": 7}), ("trace", [{"lineno": 7}]), ("stack", ["cancel in app", "line 7"]),
        ("backtrace", "/app/services/cancel"), ("stack", "App.Cancel.call(1)"), ("stacktrace", "Not found\nin cancel"),
        ("traces", {"main": ["App::Cancel"]}), ("exception", "app.errors.NotFound"), ("stack", "Cancel#call"),
    ],
)  # fmt: skip
def test_a_place_in_the_code_is_a_trace(judge: Judge, key: str, value: object) -> None:
    """A file, a line, a call, or a class in its module."""
    (found,) = _judged(judge, {key: value})

    assert found == f"the answer has the key '{key}', which leaks server internals"


def _judged(judge: Judge, body: dict[str, Any]) -> tuple[Told, ...]:
    return judge("answer/no-internals", lambda m: m.cancel(404, body={"error": "No", **body}))
