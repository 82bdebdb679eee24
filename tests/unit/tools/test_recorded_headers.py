"""Recorded cancels with headers that have a meaning for reads alone."""

from collections.abc import Callable

import pytest

from tests.unit.tools.conftest import Entry, Judged


@pytest.mark.parametrize(("status", "wrong"), [(200, False), (412, False), (406, False), (500, True)])
@pytest.mark.parametrize("header", ["If-None-Match", "Range"])
def test_conditions_may_be_heeded(
    judged: Callable[..., Judged], recorded: Callable[..., Entry], header: str, status: int, *, wrong: bool
) -> None:
    """A recorded cancel with a condition or a range is judged as one of the run's own is."""
    entry = recorded()
    entry["request"]["headers"].append({"name": header, "value": "*"})
    entry["response"]["status"] = status
    if status != 200:
        entry["response"]["content"] = {"size": 2, "mimeType": "application/json", "text": '{"error": "No"}'}

    assert ("input/unused-headers" in judged(entry).wrong) is wrong


def test_a_404_to_a_cancel_with_another_method_is_the_routers(
    judged: Callable[..., Judged], recorded: Callable[..., Entry]
) -> None:
    """Whoever heeds the header looks for another route, and has no more to say than that there is none."""
    entry = recorded(status=404, headers={"X-HTTP-Method-Override": "PUT"})
    entry["response"]["content"] = {"size": 4, "mimeType": "text/html", "text": "gone"}
    plain = recorded(status=404)
    plain["response"]["content"] = entry["response"]["content"]

    assert judged(entry).wrong == {}
    assert "input/unknown-id" in judged(plain).wrong
