"""Faults of repeated cancels whose bodies have other types than JSON, and are assigned."""

import json
import re
from contextlib import suppress
from typing import Any, Final

from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.behaviours import Fault
from cancel_contract.provider.faults.parts.assigned import bringing
from cancel_contract.provider.store.records import STATUSES

_NAME: Final = re.compile(rb'name="client_name"\r\n\r\n(.*?)\r\n')
_PATCHES: Final = frozenset({"application/merge-patch+json", "application/vnd.api+json"})


def _of_form(call: Call) -> dict[str, Any]:
    name = call.request.form.get("client_name")
    return {"client_name": name} if name else {}


def _of_parts(call: Call) -> dict[str, Any]:
    is_form = call.request.media_type == "multipart/form-data"
    found = _NAME.search(call.request.body) if is_form else None
    return {"client_name": found[1].decode()} if found else {}


def _of_patch(call: Call) -> dict[str, Any]:
    if call.request.media_type in _PATCHES:
        with suppress(ValueError):
            sent = json.loads(call.request.body)
            status = sent.get("status") if isinstance(sent, dict) else None
            return {"status": status} if status in STATUSES else {}
    return {}


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("merge-patch-assigned", "repeat/all-alike",
          "Another type of JSON is a patch to the framework, whatever the path.", bringing(_of_patch)),
    Fault("form-assigned", "repeat/all-alike",
          "JSON is filtered, and the fields of an old form are not.", bringing(_of_form)),
    Fault("form-parts-assigned", "repeat/all-alike",
          "Forms with files have a parser of their own, which fills the record.", bringing(_of_parts)),
)  # fmt: skip
"""What other types of bodies assign."""
