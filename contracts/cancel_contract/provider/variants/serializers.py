"""Variants in which each operation has a serializer of its own, so that their answers have different fields."""

from collections.abc import Awaitable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import EVERY, Hooks, Variant
from cancel_contract.provider.store.records import Payload
from cancel_contract.provider.variants.renderings import documented_only, extended

_CREATED: Final = 201
_FEW: Final = ("id", "status", "starts_at", "ends_at")


def _few(_: Call, payload: Payload) -> Payload:
    return {name: payload[name] for name in _FEW}


def _referenced(_: Call, payload: Payload) -> Payload:
    return {name: payload[name] for name in ("id", "external_ref")}


def _named(_: Call, payload: Payload) -> Payload:
    return {"id": payload["id"]}


def _in_memory(_: Call, payload: Payload) -> Payload:
    blanks = str(payload["client_phone"] or "").replace(" ", "")
    return {**payload, "client_phone": blanks or None}


def _without_rows(_: Call, payload: Payload) -> Payload:
    return {name: value for name, value in payload.items() if name not in {"payments", "expense"}}


def _of_two_builds(call: Call, payload: Payload) -> Payload:
    return extended(call, payload) if call.number % 2 else documented_only(call, payload)


async def _unshown(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    answer = await proceed(call)
    return replace(answer, body=b"").without_header("content-type") if answer.status == _CREATED else answer


SERIALIZERS: Final = (
    Variant("create-short", "The answer to a create shows the id alone.", Hooks(frozenset({"create"}), render=_named)),
    Variant("create-unshown", "A create is answered 201 without a body.",
            Hooks(frozenset({"create"}), handle=_unshown)),
    Variant("create-of-memory",
            "The answer to a create shows what the application has in memory, and not what the database makes of it.",
            Hooks(frozenset({"create"}), render=_in_memory)),
    Variant("create-enveloped", "The answer to a create has an envelope of its own.",
            Hooks(frozenset({"create"}), render=lambda _, payload: {"appointment": payload})),
    Variant("create-full", "The answer to a create shows more than any other.",
            Hooks(EVERY - {"create"}, render=documented_only)),
    Variant("update-short", "The answer to an update shows id, status and times.",
            Hooks(frozenset({"update"}), render=_few)),
    Variant("update-without-rows", "The answer to an update shows amounts, and neither payments nor expense.",
            Hooks(frozenset({"update"}), render=_without_rows)),
    Variant("fields-by-two-builds", "Of two builds that take turns one shows what is documented, and one far more.",
            Hooks(EVERY, render=_of_two_builds)),
    Variant("list-short", "The list shows ids and references.", Hooks(frozenset({"list"}), render=_referenced)),
)  # fmt: skip
"""Other serializers."""
