"""A refusal of a foreign appointment is held against several for nothing, as one may look otherwise by chance."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING

import httpx
import pytest

from cancel_contract.provider import SEED

if TYPE_CHECKING:
    from collections.abc import Callable

    from cancel_contract.provider.api.requests import Request
    from tests.unit.run.conftest import Memory, Named, Opened

_PLAIN = re.compile(r".*/\d+/cancel")
ALIKE, NAME = "access/refusal-alike", "access/foreign-appointment"


def _served_by(server: Callable[[int, Request], str]) -> Callable[[Request, httpx.Response], httpx.Response]:
    """Name a server in each 404 to a cancel, by its number among them."""
    numbers = count()

    def after(request: Request, response: httpx.Response) -> httpx.Response:
        if response.status_code != 404 or not _PLAIN.fullmatch(request.path):
            return response
        told = {**json.loads(response.content), "server": server(next(numbers), request)}
        return httpx.Response(404, json=told)

    return after


@pytest.mark.parametrize("shown", [("a", "b", "a", "b"), ("a", "a", "a"), ("a", "b", "a", "a", "a", "b")])
def test_what_differs_from_answer_to_answer_is_no_difference(
    make_run: Opened, memory: Memory, named: Named, shown: tuple[str, ...]
) -> None:
    """The second one is the foreign appointment's; more answers for nothing are asked for until one has its server."""
    memory.after = _served_by(lambda number, _: shown[number])
    with make_run() as run:
        assert run.play(named(NAME)[0]).broken == ()
        assert run.ledger.rows[ALIKE].held == 1

    plain = [one for one in run.exchanges if one.status == 404 and _PLAIN.fullmatch(one.case.path)]
    assert len(plain) == len(shown)


def test_what_is_made_from_an_id_is_no_difference(make_run: Opened, memory: Memory, named: Named) -> None:
    """Digests of two absent ids differ as much; that each of them is what it is costs two requests more."""
    memory.after = _served_by(lambda _, request: sha256(request.path.encode()).hexdigest())
    with make_run() as run:
        assert run.play(named(NAME)[0]).broken == ()
        assert run.ledger.rows[ALIKE].held == 1

    paths = [one.case.path for one in run.exchanges if one.status == 404 and _PLAIN.fullmatch(one.case.path)]
    assert (len(paths), len(set(paths))) == (4, 3)


def test_what_always_differs_is_one(make_run: Opened, memory: Memory, named: Named) -> None:
    """However many answers for nothing are compared; the foreign appointment is asked for once."""
    foreign = f"/{SEED.foreign_appointment_id}/cancel"
    memory.after = _served_by(lambda _, request: "b" if request.path.endswith(foreign) else "a")
    with make_run() as run:
        assert ALIKE in run.play(named(NAME)[0]).broken

    assert sum(one.path.endswith(foreign) for one in memory.asked) == 1
