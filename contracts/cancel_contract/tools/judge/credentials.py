"""Finds out who sent a recorded request.

A recorder may mask a token or leave it out; what is not certain is UNKNOWN, and no clause of access is judged by it.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from cancel_contract.exchange.credential import HEADER, NAMES, UNKNOWN
from cancel_contract.redaction.headers import is_harmless
from cancel_contract.redaction.secrets import SHORTEST
from cancel_contract.tools.judge.har_entry import Request

RIGHT: Final = "right"

_MOST_RIGHT: Final = 8
_TOKEN_NAMES: Final = frozenset({HEADER, f"http_{HEADER}"})
"""Names of the API's own header; dashes are the same to the provider (observed)."""
_OURS: Final = re.compile(r"\$ONELINK_(FOREIGN_|UNPRIVILEGED_)?API_TOKEN(?:_([A-Z]+))?(0)?")
_OUR_FORMS: Final = {None: RIGHT, "PREFIX": "prefix", "TAIL": "tail", "CASE": "case"}
_MASK: Final = re.compile(
    r"[\W_xX]*|.*(redact|mask|hidden|remov|filter|secret|sanitiz|omit|api-key|your).*|[<{$\[].*|.*(\*\*|••|…|xxx).*",
    re.IGNORECASE | re.DOTALL,
)
_PIECE: Final = re.compile(rf"[^\s;,=:&\"]{{{SHORTEST},}}")
_USER: Final = "uid"
"""The header that names the user beside a token that changes with each answer (devise_token_auth)."""
_SESSION: Final = re.compile(r"sess|auth|token|sid\b|jwt|user|login", re.IGNORECASE)
"""Names of cookies by which a user is signed in; those that count visits differ from request to request."""
_SECRETIVE: Final = re.compile(r"(?=.*\d)(?=.*[A-SU-Ya-z])")
"""Digits among letters; a timestamp has no letter but T and Z."""


def is_token(name: str) -> bool:
    """Whether a header, cookie or query field of this name is the API's own place for a token, however spelled."""
    return name.lower().replace("-", "_") in _TOKEN_NAMES


@dataclass(frozen=True, slots=True)
class Shown:
    """What one recorded request shows of its sender."""

    tokens: tuple[str, ...]
    """The values of the API's own header."""
    elsewhere: tuple[tuple[str, str], ...]
    """Tokens in places where the API does not look: the place, the value."""
    session: bool
    """Whether it carries anything else that may sign it in."""
    complete: bool
    """Whether all its headers are there: no HTTP client omits `Host` (RFC 9110, 7.2)."""
    hidden: tuple[str, ...] = ()
    """What else looks like a secret: no report shows it, and an answer may repeat it."""
    signed_in: str = ""
    """What tells one signed-in user from another, where there is no token."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return every value that must be masked."""
        return (*self.tokens, *(value for _, value in self.elsewhere), *self.hidden)

    @property
    def caller(self) -> str:
        """Return the one token that it shows, or else who is signed in; an empty text where neither is known."""
        tokens = self.tokens or tuple(value for _, value in self.elsewhere)
        return tokens[0] if len(tokens) == 1 else self.signed_in


def shown(request: Request) -> Shown:
    """Read a request's credentials."""
    headers = [(pair.name.lower(), pair.value) for pair in request.headers]
    names = {name for name, _ in headers}
    tokens = tuple(value for name, value in headers if is_token(name))
    elsewhere = tuple(_elsewhere(request, headers))
    # What is not known to be harmless may sign somebody in.
    foreign = any(_may_sign_in(name) and not _bears(value, elsewhere) for name, value in headers)
    cookies = any(not is_token(pair.name) for pair in request.cookies)
    complete = request.headers_whole and bool({"host", ":authority"} & names)
    userinfo = urlsplit(request.url).netloc.rpartition("@")[0]
    hidden = tuple(_hidden(request, [userinfo, *(value for name, value in headers if _may_sign_in(name))]))
    session = foreign or cookies or bool(userinfo)
    return Shown(tokens, elsewhere, session, complete, hidden, "\n".join(_signed_in(request, headers)))


def _signed_in(request: Request, headers: list[tuple[str, str]]) -> Iterator[str]:
    """Yield what stays the same while one user is signed in: a user's name is not renewed as a session may be."""
    named = [value for name, value in headers if name == _USER]
    if named:
        yield from named
        return
    yield from (value for name, value in headers if name == "authorization")
    sent = (part.strip().partition("=") for name, value in headers if name == "cookie" for part in value.split(";"))
    pairs = {(name, value) for name, _, value in sent} | {(pair.name, pair.value) for pair in request.cookies}
    yield from (f"{name}={value}" for name, value in sorted(pairs) if _SESSION.search(name))


def _may_sign_in(name: str) -> bool:
    return not (is_token(name) or is_harmless(name) or name.startswith(":"))


def _hidden(request: Request, values: Iterable[str]) -> Iterator[str]:
    url = urlsplit(request.url)
    own = f"{url.hostname}{url.path}"
    queried = (value for _, value in parse_qsl(url.query))
    for value in (*values, *queried, *(pair.value for pair in request.cookies)):
        pieces = (unquote(piece) for piece in _PIECE.findall(value))
        yield from (piece for piece in pieces if _SECRETIVE.search(piece) and piece not in own)


def _bears(value: str, elsewhere: tuple[tuple[str, str], ...]) -> bool:
    return any(place in {"bearer", "basic", "cookie"} and token in _readable(value) for place, token in elsewhere)


def _elsewhere(request: Request, headers: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    yield from (("query", value) for name, value in query if is_token(name) or name.lower() in NAMES)
    for name, value in headers:
        scheme, _, rest = value.partition(" ")
        if name == "authorization" and scheme.lower() == "bearer":
            yield "bearer", rest.strip()
        elif name == "authorization" and scheme.lower() == "basic":
            yield from (("basic", part) for part in dict.fromkeys(_readable(value).removeprefix("Basic ").split(":")))
        elif name == "cookie":
            pairs = (part.strip().partition("=") for part in value.split(";"))
            yield from (("cookie", unquote(token)) for key, _, token in pairs if is_token(key))


def _readable(value: str) -> str:
    scheme, _, rest = value.partition(" ")
    if scheme.lower() != "basic":
        return unquote(value)
    try:
        return f"Basic {base64.b64decode(rest, validate=True).decode()}"
    except (binascii.Error, ValueError):
        return value


def is_mask(value: str) -> bool:
    """Whether a value stands for a token that the recorder removed; an empty one may."""
    return _MASK.fullmatch(value) is not None


@dataclass(slots=True)
class RecordedCredentials:
    """What a recording has shown so far of the tokens of one account."""

    right: list[str] = field(default_factory=list)
    """Tokens that were accepted."""

    def topic(self, asked: Shown, status: int, *, is_page: bool = False) -> str:
        """Return the credential of a request, if it is certain: RIGHT, a near miss, or UNKNOWN.

        `is_page` says that the answer is a page, of what stands before the application: it may have refused the token.
        """
        if len(asked.tokens) > 1:
            return UNKNOWN
        if asked.tokens:
            return self._of_header(asked.tokens[0], status, is_page=is_page)
        return self._without(asked, status)

    def _of_header(self, token: str, status: int, *, is_page: bool) -> str:
        if ours := _OURS.fullmatch(token):
            form = "suffix" if ours[3] else _OUR_FORMS.get(ours[2], UNKNOWN)
            holder = f"{ours[1].rstrip('_').lower()}:" if ours[1] else ""
            return f"{holder}{form}"
        near = (form for right in self.right for form in _near(token, right)) if not is_mask(token) else ()
        if form := next(iter(near), ""):
            return form
        is_refused = not let_in(status) or (is_page and token not in self.right)
        return UNKNOWN if is_refused else RIGHT

    def _without(self, asked: Shown, status: int) -> str:
        if asked.session or not asked.complete:
            return RIGHT if let_in(status) else UNKNOWN
        places = [place for place, value in asked.elsewhere if value in self.right]
        if places:
            return places[0]
        # Only a recorder that has shown a token before is known to keep them.
        if self.right and not asked.elsewhere:
            return "none"
        return RIGHT if let_in(status) else UNKNOWN

    def learn(self, asked: Shown, status: int) -> None:
        """Remember a token that was accepted."""
        if len(asked.tokens) == 1 and 200 <= status < 300:
            token = asked.tokens[0]
            if not is_mask(token) and token not in self.right and not any(_near(token, known) for known in self.right):
                self.right = [*self.right, token][-_MOST_RIGHT:]


def let_in(status: int) -> bool:
    """Whether an answer shows that the token was accepted."""
    return status not in {401, 403}


def _near(token: str, right: str) -> tuple[str, ...]:
    if token == right:
        return ()
    forms = {
        right[:-1]: "prefix",
        right[1:]: "tail",
        right.swapcase(): "case",
        right.lower(): "case",
        right.upper(): "case",
    }
    if form := forms.get(token):
        return (form,)
    if token[:-1] == right:
        return ("suffix",)
    return ("inner-blank",) if " " in token and token.replace(" ", "") == right else ()
