"""Bodies of other types than JSON, with fields that a careless back end would assign."""

import json
from typing import Any, Final
from urllib.parse import urlencode

from cancel_contract.run.scenarios.asking import ASSIGNED

Body = tuple[tuple[tuple[str, bytes], ...], bytes]
"""The headers that name its type, and the body."""

_FIELDS: Final = {
    "status": "scheduled",
    "prepaid_amount": "1",
    **{name: ASSIGNED[name] for name in ("client_name", "client_phone", "client_comment", "starts_at", "ends_at")},
}
_PARTS: Final = (
    "".join(f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in _FIELDS.items())
    + "--b--\r\n"
)


def _typed(kind: bytes, text: str) -> Body:
    return (("content-type", kind),), text.encode()


MERGE_PATCH: Final = _typed(b"application/merge-patch+json", json.dumps(_FIELDS))
FORM: Final = _typed(b"application/x-www-form-urlencoded", urlencode(_FIELDS))
MULTIPART: Final = _typed(b"multipart/form-data; boundary=b", _PARTS)
"""The same fields as a patch of JSON, as a form, and as the parts of one."""


def parts_with(body: Body) -> dict[str, Any]:
    """Return the parts of a case that sends a body."""
    headers, text = body
    return {"headers": headers, "body": text}
