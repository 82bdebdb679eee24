"""A breach's evidence as text. Lives here: the masked and shortened answer. May not know: the ledger's verdicts."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from contracts.episode import Episode, Evidence, Role
from contracts.exchange import Exchange
from contracts.ledger import Breach
from contracts.mark import PREFIX
from contracts.report.curl import curl

LONGEST: Final = 600
"""Characters of an answer that are shown."""
LONGEST_FACT: Final = 300
"""Characters of a breach's message, and of a content type, that are shown."""

_PLAIN_WORDS: Final = frozenset(
    {
        "status",
        "payment_status",
        "appointment_type",
        "payment_method",
        "payment_kind",
        "starts_at",
        "ends_at",
        "created_at",
        "updated_at",
        "error",
        "errors",
        "code",
    }
)
"""Fields whose texts are words of the API or moments; all others print as type and length, but for the run's marks."""
_MOMENTS: Final = frozenset({"starts_at", "ends_at", "created_at", "updated_at"})
_LONGEST_MOMENT: Final = 40
SHORTEST: Final = 3
"""A shorter text of a person's cannot be told from a part of any word."""
_NUMBERS: Final = re.compile(r"id|\w+_id|\w*amount|status|duration_min")
_SMALL: Final = 10**6
"""A number below this is nobody's telephone or identity number."""
_DIGITS: Final = re.compile(r"\+?\d[\d ()-]{5,}\d")
"""What may be a telephone or identity number in a sentence."""


def tell(evidence: Evidence, message: str) -> Breach:
    """A breach with the request that showed it."""
    shown = _shown(evidence)
    line = curl(shown)
    return Breach(_shortened(message, LONGEST_FACT), shown.case.key, line, answered(shown, _known(evidence)), len(line))


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}..."


def _known(evidence: Evidence) -> frozenset[str]:
    """Give the person's data that the evidence shows anywhere: an error's sentence may repeat it."""
    exchanges = [evidence] if isinstance(evidence, Exchange) else [exchange for _, exchange in evidence.steps]
    payloads = [exchange.payload or {} for exchange in exchanges]
    texts = {
        text
        for payload in payloads
        for name, text in payload.items()
        if name.startswith("client_") and isinstance(text, str)
    }
    return frozenset(text for text in texts if isinstance(text, str) and len(text) >= SHORTEST)


def _shown(evidence: Evidence) -> Exchange:
    """The exchange of an episode that is worth repeating: the cancel that was asked."""
    if isinstance(evidence, Exchange):
        return evidence
    for role in (Role.CANCEL, Role.AGAIN, Role.REBOOK, Role.OTHER_AFTER, Role.AFTER):
        if exchange := evidence.one(role):
            return exchange
    return _first(evidence)


def _first(episode: Episode) -> Exchange:
    return episode.steps[0][1]


def answered(exchange: Exchange, known: frozenset[str] = frozenset()) -> str:
    """The answer, shortened, with persons' data as type and length; `known` is such data to look for in sentences."""
    answer = exchange.answer
    if answer is None:
        return exchange.fact
    kind = _shortened(answer.header("content-type") or "no content type", LONGEST_FACT)
    if answer.json is not None and answer.json_fault is None:
        body = json.dumps(masked(answer.json, known=known), ensure_ascii=False)
    else:
        body = f"<{len(answer.body)} bytes>"
    return f"{answer.status} {kind} {_shortened(body, LONGEST)}"


def masked(value: Any, name: str = "", known: frozenset[str] = frozenset()) -> Any:  # noqa: ANN401  JSON's boundary
    """A JSON value in which only the API's own words, numbers and moments are left as they are."""
    if isinstance(value, Mapping):
        return {key: masked(inner, str(key), known) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner, name, known) for inner in value]
    if isinstance(value, str):
        return _masked_text(value, name, known)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "<number>" if _may_be_a_persons(value, name) else value
    return value


def _masked_text(text: str, name: str, known: frozenset[str]) -> str:
    if text.startswith(f"{PREFIX}-") and " " not in text:
        return text
    if name not in _PLAIN_WORDS:
        return f"<string {len(text)}>"
    if name in _MOMENTS:
        return _shortened(text, _LONGEST_MOMENT)
    for person in sorted(known, key=len, reverse=True):
        text = text.replace(person, f"<string {len(person)}>")
    return _DIGITS.sub(lambda found: f"<string {len(found.group())}>", text)


def _may_be_a_persons(number: float, name: str) -> bool:
    return name.startswith("client_") or (abs(number) >= _SMALL and not _NUMBERS.fullmatch(name))
