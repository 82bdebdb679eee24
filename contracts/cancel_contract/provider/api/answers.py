"""The answers of the provider as plain values, spelled as the real server spells them (observations 7 to 10)."""

import json
import re
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final, TypeAlias

from cancel_contract.provider.store.records import Payload

Headers: TypeAlias = tuple[tuple[str, str], ...]

JSON_TYPE: Final = "application/json; charset=utf-8"
HTML_TYPE: Final = "text/html; charset=utf-8"
NOT_FOUND_TEXT: Final = "Resource could not be found"

# Rails escapes what could end a script element in a page.
_ESCAPED: Final = re.compile("[<>&\u2028\u2029]")
# `json.dumps` with options makes an encoder at each call.
_COMPACT: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_PAGE: Final = "<!DOCTYPE html>\n<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the message, and how its bytes travel.

    `raw` replaces the whole message on the socket, after which the connection is closed;
    in process, where no socket is, the message itself is sent instead.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    chunked: bool = False
    pieces: int = 1
    delay: float = 0.0
    raw: bytes | None = None

    def header(self, name: str) -> str | None:
        """Return the first value of a header."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def with_header(self, name: str, value: str) -> "Answer":
        """Return the answer with one header set or replaced."""
        return replace(self, headers=(*self.without_header(name).headers, (name, value)))

    def without_header(self, name: str) -> "Answer":
        """Return the answer without a header."""
        return replace(self, headers=tuple(pair for pair in self.headers if pair[0].lower() != name.lower()))


class Refused(Exception):
    """A request that ends here, with its answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def encode(value: object) -> bytes:
    """Spell JSON as the real provider does: compact, raw UTF-8, with HTML's signs escaped."""
    text = _COMPACT.encode(value)
    return _ESCAPED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text).encode("utf-8", "replace")


def success(status: int, value: Payload) -> Answer:
    """Answer with a payload, an entity tag and the framework's cache policy."""
    body = encode(value)
    tag = blake2b(body, digest_size=16).hexdigest()
    cache = "max-age=0, private, must-revalidate"
    return Answer(status, (("Content-Type", JSON_TYPE), ("ETag", f'W/"{tag}"'), ("Cache-Control", cache)), body)


def failure(status: int, value: Payload) -> Answer:
    """Answer with an error of the app."""
    return Answer(status, (("Content-Type", JSON_TYPE), ("Cache-Control", "no-cache")), encode(value))


def refusal(status: int, error: str, code: str | None = None, details: object = None) -> Refused:
    """Make the refusal `{error, code?, details?}`."""
    value: Payload = {"error": error}
    if code is not None:
        value["code"] = code
    if details is not None:
        value["details"] = details
    return Refused(failure(status, value))


def not_found() -> Refused:
    """Make the one refusal for whatever does not exist for the caller (observed: without a code)."""
    return refusal(404, NOT_FOUND_TEXT)


def invalid(error: str, code: str = "VALIDATION_ERROR", details: object = None) -> Refused:
    """Make the refusal of values that cannot be taken."""
    return refusal(422, error, code, details)


def signed_out() -> Refused:
    """Make the refusal without any token, which has another shape than all others (observed)."""
    return Refused(failure(401, {"errors": ["You need to sign in or sign up before continuing."]}))


def framework_error(status: int, error: str, *, accepts_json: bool, page: bool = True) -> Refused:
    """Make an answer of the framework below the app: JSON only where asked for, else a page or nothing."""
    if accepts_json:
        headers = (("Content-Type", "application/json; charset=UTF-8"),)
        return Refused(Answer(status, headers, encode({"status": status, "error": error})))
    body = _PAGE.format(error).encode() if page else b""
    return Refused(Answer(status, (("Content-Type", HTML_TYPE),), body))
