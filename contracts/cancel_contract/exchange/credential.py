"""Ways a request carries, or mis-carries, the token."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import new
from typing import Final
from urllib.parse import quote

from cancel_contract.fragment.shipped import ENDPOINT
from cancel_contract.redaction.secrets import SHORTEST

HEADER: Final = ENDPOINT.token_header
"""The header that carries the token (documented)."""
NAMES: Final = (HEADER, "access_token", "token", "api_key")
"""Names of the token in the queries, cookies and bodies of other back ends."""
UNKNOWN: Final = "unknown"
"""What stands for a credential of which a recording does not tell enough."""
_HINT: Final = 12
"""Characters of a hint at a longer token (policy)."""
_TELLING: Final = re.compile(r".+(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{6}")
"""A hint that ends as what is drawn by chance does."""
_OF_EACH: Final = "eyJ"
"""What each signed token begins with."""
_DIGESTS: Final = ("md5", "sha1", "sha256", "sha512")
_DASHED: Final = HEADER.replace("_", "-")
_OTHER_HEADERS: Final = ("authorization", f"x-{_DASHED}", "access-token", "x-api-key", "x-auth-token")
"""Headers in which other back ends expect a token."""


class Holder(StrEnum):
    """The owner of a token; the value is the setting that holds it."""

    MEMBER = "api_token"
    FOREIGN = "foreign_api_token"
    UNPRIVILEGED = "unprivileged_api_token"
    SECOND = "second_api_token"


@dataclass(frozen=True, slots=True)
class Shown:
    """How a token is sent: in headers, a query, a body, or several of them."""

    headers: tuple[tuple[str, bytes], ...] = ()
    query: str = ""
    body: bytes | None = None


def _apart(shown: Shown) -> Iterator[tuple[str, Shown]]:
    """Yield each place that carries a token, and what is sent to carry it there alone."""
    for pair in filter(None, shown.query.split("&")):
        yield f"{pair.partition('=')[0]} in the query", Shown(query=pair)
    for name, value in shown.headers:
        if name == "cookie":
            for pair in value.decode().split("; "):
                yield f"{pair.partition('=')[0]} in a cookie", Shown(headers=((name, pair.encode()),))
        elif name != "content-type":
            yield f"the header {name}", Shown(headers=((name, value),))
    for name, value in json.loads(shown.body or b"{}").items():
        yield f"{name} in the body", replace(shown, body=json.dumps({name: value}).encode())


def _header(text: str) -> Shown:
    return Shown(headers=((HEADER, text.encode("utf-8")),))


def _word(text: str) -> Callable[[str], Shown]:
    return lambda _: _header(text)


def _pairs(token: str, separator: str) -> str:
    return separator.join(f"{name}={quote(token, safe='')}" for name in NAMES)


def _swap_case(token: str) -> str:
    swapped = token.swapcase()
    # A token of digits has no other case; an added letter makes it wrong all the same.
    return swapped if swapped != token else token + "x"


def _same_length(token: str) -> str:
    return "".join("b" if character == "a" else "a" for character in token)


SHOWINGS: Final[Mapping[str, Callable[[str], Shown]]] = {
    "right": _header,
    "dashes": lambda token: Shown(headers=((_DASHED, token.encode()),)),
    "none": lambda _: Shown(),
    "empty": lambda _: _header(""),
    "wrong": lambda token: _header(_same_length(token)),
    "long": lambda _: _header("x" * 5000),
    "non-ascii": lambda _: _header("tökén-ключ"),
    "prefix": lambda token: _header(token[:-1]),
    "suffix": lambda token: _header(token + "0"),
    "tail": lambda token: _header(token[1:]),
    "case": lambda token: _header(_swap_case(token)),
    "inner-blank": lambda token: _header(f"{token[: len(token) // 2]} {token[len(token) // 2 :]}"),
    "query": lambda token: Shown(query=_pairs(token, "&")),
    "bearer": lambda token: Shown(headers=(("authorization", f"Bearer {token}".encode()),)),
    "basic": lambda token: Shown(
        headers=(("authorization", b"Basic " + base64.b64encode(f"{token}:{token}".encode())),)
    ),
    "cookie": lambda token: Shown(headers=(("cookie", _pairs(token, "; ").encode()),)),
    "body": lambda token: Shown(
        headers=(("content-type", b"application/json"),), body=json.dumps(dict.fromkeys(NAMES, token)).encode()
    ),
    "other-header": lambda token: Shown(headers=tuple((name, token.encode()) for name in _OTHER_HEADERS)),
    "wildcard": lambda _: _header("%"),
    **{name: _word(name) for name in ("null", "undefined", "true")},
    "zero": _word("0"),
    "quote": _word("x' OR '1'='1"),
    "underscores": lambda token: _header("_" * len(token)),
    "star": _word("*"),
    "expression": _word(".*"),
    "half": lambda token: _header(token[: len(token) // 2]),
    "start": lambda token: _header(token[: len(token) // 2] + _same_length(token[len(token) // 2 :])),
    "other-half": lambda token: _header(token[len(token) // 2 :]),
    "cookie-and-query": lambda token: Shown(
        headers=(("cookie", _pairs(token, "; ").encode()),), query=_pairs(token, "&")
    ),
    "both-wrong": lambda token: Shown(
        headers=((HEADER, _same_length(token).encode()), (HEADER, _same_length(token)[::-1].encode() + b"c"))
    ),
    "right-first": lambda token: Shown(headers=((HEADER, token.encode()), (HEADER, _same_length(token).encode()))),
    "twice": lambda token: Shown(headers=((HEADER, _same_length(token).encode()), (HEADER, token.encode()))),
}
"""The ways to carry a token, by name; the API documents `right` alone."""


@dataclass(frozen=True, slots=True)
class Credential:
    """Whose token a case carries, and how; the token itself is not in it."""

    holder: Holder = Holder.MEMBER
    showing: str = "right"
    over: Holder | None = None
    """The owner of the token in the documented place, where another one is carried elsewhere."""
    part: str = ""
    """The one of `parts` that is sent alone; all where it is empty."""

    def __str__(self) -> str:
        whose = "" if self.holder is Holder.MEMBER else f"{self.holder.name.lower()}:"
        other = f" over {self.over.name.lower()}" if self.over else ""
        return f"{whose}{self.showing}{other}"

    @property
    def is_right(self) -> bool:
        """Whether it is the member's token in its documented place."""
        return self.holder is Holder.MEMBER and self.showing == "right"

    @property
    def parts(self) -> tuple[str, ...]:
        """Name the places that carry the token; nothing where it is one."""
        found = dict(_apart(SHOWINGS[self.showing]("x")))
        return tuple(found) if len(found) > 1 else ()

    def show(self, token: str, over: str | None = None) -> Shown:
        """Return what is added to a request to carry a token in this way, over another one in the documented place."""
        shown = SHOWINGS[self.showing](token)
        shown = dict(_apart(shown))[self.part] if self.part else shown
        return shown if over is None else replace(shown, headers=(*_header(over).headers, *shown.headers))


MEMBER: Final = Credential()


def secrets(tokens: Mapping[Holder, str]) -> dict[str, str]:
    """Return everything that must be masked, by name: the tokens, and the near misses made of them."""
    whole = {f"ONELINK_{holder.value.upper()}": token for holder, token in tokens.items()}
    near = {f"{name}_{form}": text for name, token in whole.items() for form, text in _near(token)}
    # Shorter parts would mask ordinary words.
    return whole | {name: text for name, text in near.items() if len(text) >= SHORTEST}


def digests(tokens: Mapping[Holder, str]) -> dict[str, str]:
    """Return the digests of tokens, by name: whoever has a list of tokens finds the one of which a digest was made."""
    found: dict[str, str] = {}
    for holder, token in tokens.items():
        for kind in _DIGESTS:
            digest, name = new(kind, token.encode(), usedforsecurity=False), f"ONELINK_{holder.value}_{kind}".upper()
            found |= {name: digest.hexdigest(), f"{name}_UPPER": digest.hexdigest().upper()}
    return found


def _near(token: str) -> Iterator[tuple[str, str]]:
    half = len(token) // 2
    yield from (("PREFIX", token[:-1]), ("TAIL", token[1:]), ("CASE", _swap_case(token)))
    yield from (("UPPER", token.upper()), ("LOWER", token.lower()))
    # Half a token still makes the rest easier to guess.
    yield from (("HALF", token[:half]), ("OTHER_HALF", token[half:]))
    # A hint, as long as it tells one token from others: what all of a house begin with is no secret.
    is_telling = len(token) >= 2 * _HINT and not token.startswith(_OF_EACH) and _TELLING.fullmatch(token[:_HINT])
    yield from [("BEGINNING", token[:_HINT])] if is_telling else []
