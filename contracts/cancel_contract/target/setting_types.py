"""Validators for each kind of setting, with their error messages."""

import ipaddress
import re
import ssl
from pathlib import Path
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import httpx
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_core import PydanticCustomError

from cancel_contract.exchange.request_headers import is_reserved
from cancel_contract.redaction.secrets import SHORTEST

LARGEST_ID: Final = 2**63 - 1
"""Ids are 64-bit (observed)."""

NONE: Final = "none"
"""The value by which the target's owner says that the target lacks something."""
LONGEST_VERSION: Final = 200
"""Characters of what names a build (policy)."""
LARGEST_PORT: Final = 2**16 - 1
_HOST: Final = re.compile(r"[0-9A-Za-z._:-]+")
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def problem(fact: str) -> PydanticCustomError:
    """Return the error that says what is wrong with a value."""
    # Braces are the template's own syntax.
    return PydanticCustomError("settings", "{fact}", {"fact": fact})


def _origin(text: str) -> str:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise problem("not a URL such as https://staging.example") from error
    # httpx takes ports that do not exist, which the system maps to others, and hosts with blanks.
    is_there = _HOST.fullmatch(url.raw_host.decode()) and url.port != 0 and (url.port or 1) <= LARGEST_PORT
    if url.scheme not in {"http", "https"} or not is_there:
        raise problem("not a URL such as https://staging.example")
    if url.userinfo or url.query or url.fragment or url.path not in {"", "/"}:
        raise problem("not scheme, host and port alone; leave out path, query, user and password")
    return str(url).rstrip("/")


def _token(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not (text.isascii() and text.isprintable()):
        raise problem(f"a text of {len(text)} with a line break or another character that no header can carry")
    if " " in text:
        raise problem(f"a text of {len(text)} with a blank in it, which no token has")
    if text[:1] in {'"', "'"}:
        raise problem(f"a text of {len(text)} with quotation marks, which are no part of a token")
    if len(text) < SHORTEST:
        raise problem(f"a text of {len(text)}, too short to be told from an ordinary word in an answer")
    return secret


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    # A folder of zones (`Asia`) is not a zone either.
    except (KeyError, ValueError, OSError) as error:
        raise problem("not the name of a time zone such as Asia/Almaty") from error
    return name


def _authorities(path: Path) -> Path:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except OSError as error:
        raise problem(_unread(path, error) or "not a file of certificates in PEM form") from error
    return path


def _certificate(path: Path) -> Path:
    try:
        # A key with a password would ask for it on the terminal; there is none to give.
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(path, password="")
    except OSError as error:
        told = _unread(path, error) or "not a PEM file with a certificate and a key that no password locks"
        raise problem(told) from error
    return path


def _unread(path: Path, error: OSError) -> str:
    """Return why a file cannot be read, or nothing if it can be read and is not a certificate."""
    return "" if isinstance(error, ssl.SSLError) and path.is_file() else f"which cannot be read ({error.strerror})"


def _id(value: Any) -> Any:  # noqa: ANN401  pydantic hands over whatever was given
    # pydantic takes `1_2` and `12.0` for 12.
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise problem("not a whole number")
    return value


def _version(text: str) -> str:
    if text == NONE:
        raise problem("not the name of a build")
    if not text.isprintable() or len(text) > LONGEST_VERSION:
        raise problem(f"not one printable line of at most {LONGEST_VERSION} characters")
    return text


def _split(value: Any) -> Any:  # noqa: ANN401  pydantic hands over whatever was given
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _headers(value: Any) -> Any:  # noqa: ANN401  pydantic hands over whatever was given
    if not isinstance(value, str):
        return value
    lines = (line.partition(":") for line in value.splitlines() if line.strip())
    pairs = tuple((name.strip(), colon, text.strip()) for name, colon, text in lines)
    for name, colon, text in pairs:
        if not colon or not _HEADER_NAME.fullmatch(name) or not (text.isascii() and text.isprintable()):
            raise problem("not lines of the form Name: value")
        if is_reserved(name):
            raise problem(f"with {name}, which the suite itself decides")
    return tuple((name, text) for name, _, text in pairs)


Version = Annotated[str, AfterValidator(_version)]
Origin = Annotated[str, AfterValidator(_origin)]
Id = Annotated[int, BeforeValidator(_id), Field(ge=1, le=LARGEST_ID)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(_split)]
Token = Annotated[SecretStr, AfterValidator(_token)]
Zone = Annotated[str, AfterValidator(_zone)]
Authorities = Annotated[Path, AfterValidator(_authorities)]
Certificate = Annotated[Path, AfterValidator(_certificate)]
Headers = Annotated[tuple[tuple[str, SecretStr], ...], BeforeValidator(_headers)]
