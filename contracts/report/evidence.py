"""A breach's evidence as text. Lives here: the curl line, the masked and shortened answer. May not know: the ledger's
verdicts.
"""

import json
import shlex
from collections.abc import Mapping
from typing import Any, Final

from contracts.episode import Episode, Evidence, Role
from contracts.exchange import Exchange
from contracts.ledger import Breach

LONGEST: Final = 600
"""Characters of an answer that are shown."""
LONGEST_BODY: Final = 400
"""Bytes of a request's body that a curl line holds."""

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
        "external_ref",
        "idempotency_key",
    }
)
"""Fields whose texts are words of the API, moments or the run's own marks; all others print as type and length."""


def tell(evidence: Evidence, message: str) -> Breach:
    """A breach with the request that showed it."""
    shown = _shown(evidence)
    return Breach(message, shown.case.key, curl(shown), answered(shown), len(curl(shown)))


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


def curl(exchange: Exchange) -> str:
    """The request as a line for a shell in which ONELINK_API_TOKEN is set."""
    parts = ["curl", "-sS", "-i", "-X", exchange.case.method]
    if any(dots in exchange.url for dots in ("/./", "/../", "/.")):
        parts.append("--path-as-is")
    words = [shlex.quote(part) for part in (*parts, exchange.url)]
    skipped = {"host", "content-length", "user-agent", "accept-encoding"}
    for name, value in exchange.request_headers:
        if name.lower() not in skipped:
            words += ["-H", _quoted(f"{name}: {value}")]
    if exchange.request_body:
        body = exchange.request_body[:LONGEST_BODY].decode("utf-8", "replace")
        words += ["--data-binary", _quoted(body if len(exchange.request_body) <= LONGEST_BODY else f"{body}...")]
    return " ".join(words)


def _quoted(text: str) -> str:
    # A secret stands as $NAME, which the shell puts in only between double quotes.
    if "$ONELINK_" in text:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\`")
        return f'"{escaped}"'
    return shlex.quote(text)


def answered(exchange: Exchange) -> str:
    """The answer, shortened, with persons' data as type and length."""
    answer = exchange.answer
    if answer is None:
        return exchange.fact
    kind = answer.header("content-type") or "no content type"
    if answer.json is not None and answer.json_fault is None:
        body = json.dumps(masked(answer.json), ensure_ascii=False)
    else:
        body = f"<{len(answer.body)} bytes>"
    body = body if len(body) <= LONGEST else f"{body[:LONGEST]}..."
    return f"{answer.status} {kind} {body}"


def masked(value: Any, name: str = "") -> Any:  # noqa: ANN401  JSON's boundary
    """A JSON value in which only the API's own words, numbers and moments are left as they are."""
    if isinstance(value, Mapping):
        return {key: masked(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner, name) for inner in value]
    if isinstance(value, str) and name not in _PLAIN_WORDS:
        return f"<string {len(value)}>"
    if isinstance(value, int | float) and not isinstance(value, bool) and name.startswith("client_"):
        return "<number>"
    return value
