"""Contacts and conversations that cancels have found: each client has its own."""

import json
from dataclasses import replace
from typing import Any, Final

import pytest

from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.episode import Episode, Kind, Role
from tests.unit.clauses.conftest import Judge, Maker

_ONE: Final = {"client_name": "A", "client_phone": "+7 000 111 22 33"}
_OTHER: Final = {"client_name": "B", "client_phone": "+7 000 111 22 44"}


def _made(
    m: Maker, *clients: dict[str, Any], found: tuple[int | None, ...] = (71, 71), was: int | None = None
) -> Episode:
    creates, cancels = [], []
    for number, (client, shown) in enumerate(zip(clients, found, strict=True), 7):
        made = m.cancel(201, Intent.CREATE, body={"payload": m.payload(id=number, conversation_id=was)})
        creates.append((Role.BEFORE, replace(made, request_body=json.dumps(client).encode())))
        cancel = m.cancel(body={"payload": m.payload(id=number, conversation_id=shown)})
        cancels.append((Role.CANCEL, replace(cancel, case=replace(cancel.case, appointment=number))))
    return Episode(Kind.MADE, (*creates, *cancels))


@pytest.mark.parametrize("other", [_OTHER, {"client_name": "B"}])
def test_two_clients_have_no_conversation_in_common(judge: Judge, other: dict[str, Any]) -> None:
    """A message to the one would be the other's to read."""
    told = "after their cancels, appointments 7 and 8, of two clients, have one conversation_id in common"

    assert told in judge("effect/references-kept", lambda m: _made(m, _ONE, other))


@pytest.mark.parametrize(
    ("clients", "parts"),
    [
        ((_ONE, {**_OTHER, "client_phone": "8 (000) 111-22-33"}), {}),
        ((_ONE, {**_OTHER, "client_name": "A"}), {}),
        (({**_ONE, "client_identifier": "7"}, {**_OTHER, "client_identifier": "7"}), {}),
        (({"client_name": "A", "client_identifier": "7"}, {"client_name": "B"}), {}),
        ((_ONE, _OTHER), {"found": (71, 72)}),
        ((_ONE, _OTHER), {"found": (None, 71)}),
        ((_ONE, _OTHER), {"was": 71}),
        (({**_ONE, "conversation_id": 71}, _OTHER), {}),
    ],
)
def test_what_two_may_have_in_common_is_no_breach(judge: Judge, clients: Any, parts: dict[str, Any]) -> None:  # noqa: ANN401  bodies of creates
    """One client's, a house's own for all who leave no number, and what was there, or sent, before the cancel."""
    found = judge("effect/references-kept", lambda m: _made(m, *clients, **parts))

    assert all(one is None for one in found)
