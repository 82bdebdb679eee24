"""Checks that a success contains an appointment."""

from cancel_contract.clauses.error_bodies import no_json
from cancel_contract.exchange.difference import Broken, broken
from cancel_contract.exchange.exchange import Answer
from cancel_contract.redaction.personal_data import discreet_key


def no_payload(body: object) -> Broken | None:
    """The breach of JSON without an appointment in it; nothing where there is one."""
    if not isinstance(body, dict):
        told = f"the body is {named(body)}, not an object with a payload"
        return broken("body", "body", named(body), "an object with a payload", told)
    if isinstance(body.get("payload"), dict):
        return None
    if "payload" not in body:
        has = f"only {', '.join(map(discreet_key, body)) or 'nothing'}"
        return broken("body", "/payload", "missing", "an object", f"the body has no payload, {has}")
    return broken("body", "/payload", named(body["payload"]), "an object")


def unreadable(answer: Answer, told: str) -> Broken | None:
    """The breach of a success that does not show which appointment it is about; nothing where it does."""
    if answer.json is None:
        return no_json(answer, told)
    found = no_payload(answer.json)
    return Broken(found.differences, told) if found else None


def named(value: object) -> str:
    """The type of a JSON value."""
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
