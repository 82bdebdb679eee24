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
