"""Ids by which a request is found in logs: the run's own, and those that servers and gateways give an answer."""

import re
from collections.abc import Iterable
from typing import Final

HEADER: Final = "X-Request-Id"
"""The header that most frameworks write into their log."""
NAME: Final = "cancel-contract"
"""What everything that the suite marks as its own begins with."""
OWN_FORM: Final = rf"{NAME}-[0-9a-z]{{1,32}}(?:-[0-9]{{1,11}}){{1,2}}"
"""The form of an own request id, and of a run marker: neither holds anything of a person or a secret."""

_OWN: Final = re.compile(OWN_FORM)
_UUID: Final = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_ID: Final = re.compile(rf"(req[_-])?({_UUID}|[0-9a-f]{{16}}|[0-9a-f]{{32}}|[0-9A-HJKMNP-TV-Z]{{26}})|{OWN_FORM}")
"""A UUID, a number of 64 or 128 bits in hexadecimal, a ULID: made to be shown, unlike a token or a name."""
ANSWERED: Final = {
    "x-request-id": _ID,
    "x-correlation-id": _ID,
    "request-id": _ID,
    "x-amzn-requestid": _ID,
    "x-amzn-trace-id": re.compile(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}(;(Parent|Self)=[0-9a-f-]{16,35}|;Sampled=[01?])*"),
    "cf-ray": re.compile(r"[0-9a-f]{16}(-[A-Z]{3})?"),
    "traceparent": re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"),
}
"""Headers in which an answer names itself, each with the form of what may be shown, as specific ones come first."""


def is_own(text: str) -> bool:
    """Whether a text is a request id of ours."""
    return _OWN.fullmatch(text) is not None


def answered(pairs: Iterable[tuple[str, str]], own: str = "") -> str:
    """Return the ids that an answer bears, as `id (Header)`; none that echoes `own`, and none of another form."""
    found: dict[str, str] = {}
    for name, value in pairs:
        form = ANSWERED.get(name.lower())
        if form and form.fullmatch(value) and value != own:
            found.setdefault(value, name)
    return ", ".join(f"{value} ({name})" for value, name in found.items())
