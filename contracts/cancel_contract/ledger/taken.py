"""Says which wrong field of an answer holds what its request says."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote_plus

from cancel_contract.clauses.places import leaves
from cancel_contract.exchange.difference import Broken
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.strict_json import parse_json

_TELLING: Final = 7
"""Characters of a text that is found in a request only where it was taken from there."""


def as_asked(shown: Exchange, broken: Broken, before: Mapping[str, Any]) -> str:
    """Return which of the wrong fields of an answer has become what its request holds, by a body or a query, or holds
    that among other things, as the beginning of a sentence; empty where none does.
    """
    sent = unquote_plus(f"{shown.request_body.decode(errors='replace')} {shown.case.query}")
    view = shown.payload or {}
    texts = {one.field: view.get(one.field) for one in broken.differences if "says" not in str(one)}
    long = {name: text for name, text in texts.items() if isinstance(text, str) and len(text) >= _TELLING}
    words = [leaf.text for leaf in leaves(parse_json(shown.request_body)[0]) if len(leaf.text) >= _TELLING]
    taken = (f"{name} is taken from the request: " for name, text in long.items() if text in sent)
    # What stood there before may have been sent back, too.
    new = {name: [word for word in words if word not in str(before.get(name))] for name in long}
    holding = (name for name, text in long.items() if any(word in text for word in new[name]))
    return next(taken, next((f"what the request says is written into {name}: " for name in holding), ""))
