"""Masks personal data in what is shown of an answer."""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any, Final

from cancel_contract.clauses.money import AMOUNTS
from cancel_contract.exchange.episode import Evidence
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.marker import Marker
from cancel_contract.exchange.snapshot import IMPORTED, MODE
from cancel_contract.redaction.personal_data import discreet, discreet_key, may_be_a_persons
from cancel_contract.redaction.request_ids import is_own

_PLAIN_WORDS: Final = frozenset(
    {
        "status",
        "payment_status",
        "appointment_type",
        "payment_method",
        "prepaid_payment_method",
        "settlement_payment_method",
        "payment_kind",
        "starts_at",
        "ends_at",
        "created_at",
        "updated_at",
        "error",
        "errors",
        "code",
        MODE,
    }
)
"""Fields whose texts are words of the API or timestamps; all others print as type and length, except run markers."""
_MOMENTS: Final = frozenset({"starts_at", "ends_at", "created_at", "updated_at"})
_LONGEST_MOMENT: Final = 40
_MONEY: Final = frozenset({*AMOUNTS, "amount"})
_NUMBER: Final = re.compile(r"-?\d{1,10}([.,]\d{1,4})?", re.ASCII)
"""What a price looks like as a text: it names nobody."""
SHORTEST: Final = 3
"""A shorter personal text could be part of any word."""
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[\dT:.Z+ -]*")
_OURS: Final = frozenset({"contract", "test", "very", "long"})
"""Words in the names of test appointments."""


def shortened(text: str, most: int) -> str:
    """Return the beginning of a text, with dots if it is longer."""
    return text if len(text) <= most else f"{text[:most]}..."


def known(evidence: Evidence) -> frozenset[str]:
    """Return the personal data in the evidence, because an error's text may repeat it."""
    exchanges = [evidence] if isinstance(evidence, Exchange) else [exchange for _, exchange in evidence.steps]
    payloads = [exchange.payload or {} for exchange in exchanges]
    texts = {
        (name, text)
        for payload in payloads
        for name, text in payload.items()
        if name.startswith("client_") and isinstance(text, str)
    }
    found = {text for _, text in texts} | {
        word for name, text in texts if name == "client_name" for word in _names(text)
    }
    return frozenset(text for text in found if len(text) >= SHORTEST)


def _names(text: str) -> Iterator[str]:
    """Yield the words of a person's name, because a text may contain one of them alone, in lower case."""
    yield from (word for word in re.findall(r"\w+", text) if word.lower() not in _OURS)


def masked(
    value: Any,  # noqa: ANN401  JSON's boundary
    name: str = "",
    known: AbstractSet[str] = frozenset(),
    own: AbstractSet[str] = frozenset(),
) -> Any:  # noqa: ANN401  likewise
    """Return a JSON value in which all but the API's own words, numbers and timestamps is masked."""
    if isinstance(value, Mapping):
        return {discreet_key(str(key)): masked(inner, str(key), known, own) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner, name, known, own) for inner in value]
    if isinstance(value, str):
        return _masked_text(value, name, known, own)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "<number>" if may_be_a_persons(value, name) and str(value) not in own else value
    return value


def _masked_text(text: str, name: str, known: AbstractSet[str], own: AbstractSet[str]) -> str:
    # A recording has to tell what the clinic's own system may change at any time.
    if Marker.read(text) or is_own(text) or text in own or (name, text) == ("source", IMPORTED):
        return text
    if name in _MONEY and _NUMBER.fullmatch(text):
        return text
    if name not in _PLAIN_WORDS:
        return f"<string {len(text)}>"
    if name in _MOMENTS:
        short = shortened(text, _LONGEST_MOMENT)
        return short if _MOMENT.fullmatch(text) else discreet(short)
    return discreet(unnamed(text, known), own)


def unnamed(text: str, known: AbstractSet[str]) -> str:
    """Return a text without data of persons that were seen."""
    return _any_of(frozenset(known)).sub(lambda found: f"<string {len(found[0])}>", text) if known else text


@lru_cache(maxsize=16)
def _any_of(known: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(known, key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
