"""Bodies of other types than JSON, with fields that a careless back end would assign."""

import json
from collections.abc import Mapping
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
_FILE: Final = (
    '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\na\r\n'
)


def _in_parts(fields: Mapping[str, object]) -> str:
    named = (f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{it}\r\n' for name, it in fields.items())
    return "".join((*named, _FILE, "--b--\r\n"))


def _typed(kind: bytes, text: str) -> Body:
    return (("content-type", kind),), text.encode()


MERGE_PATCH: Final = _typed(b"application/merge-patch+json", json.dumps(_FIELDS))
FORM: Final = _typed(b"application/x-www-form-urlencoded", urlencode(_FIELDS))
"""The same fields as a patch of JSON and as a form."""


def multipart(other: int | None = None) -> Body:
    """Return the same fields as the parts of a form, with a file; or the id of another appointment with words alone,
    since the guard lets no number stand beside an id.
    """
    words = {name: text for name, text in _FIELDS.items() if not any(map(str.isdigit, text))}
    fields = _FIELDS if other is None else {**words, "id": other, "appointment_id": other}
    return _typed(b"multipart/form-data; boundary=b", _in_parts(fields))


def parts_with(body: Body) -> dict[str, Any]:
    """Return the parts of a case that sends a body."""
    headers, text = body
    return {"headers": headers, "body": text}
