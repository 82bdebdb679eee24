"""Where a token may go. Lives here: which base URLs, tokens and ids are taken. May not know: calls and answers."""

import ipaddress
import re
from typing import Final

import httpx
from pydantic import SecretStr

_HOST: Final = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_HEADER_SAFE: Final = re.compile(r"[!-~]+")
_LARGEST_ID: Final = 2**63 - 1


def safe_origin(base_url: str) -> httpx.URL:
    """Return the base URL of all calls; refuse one over which a token would travel in plain text (policy)."""
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        url = httpx.URL()
    # httpx escapes what no host may hold, such as a blank, and then looks it up.
    host = url.raw_host.decode("ascii")
    if url.scheme not in {"http", "https"} or _HOST.fullmatch(host) is None:
        raise ValueError("the base URL is no address of a server; give one such as https://one-link.kz")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("the base URL holds a user, a query or a fragment; give scheme, host, port and path only")
    if url.scheme == "http" and not is_loopback(host):
        raise ValueError(f"the base URL would carry the token to {host} in plain text; use https")
    return url.copy_with(path=url.path.rstrip("/") + "/")


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine; names other than `localhost` are not looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def safe_token(token: str | SecretStr) -> SecretStr:
    """Return the token, wrapped; refuse one that no header carries, without showing it."""
    secret = token if isinstance(token, SecretStr) else SecretStr(token)
    if _HEADER_SAFE.fullmatch(secret.get_secret_value()) is None:
        # h11 would refuse it too, and print it.
        raise ValueError("the token is empty or holds a character that no header carries; copy it again")
    return secret


def safe_id(name: str, value: int) -> int:
    """Return an id; refuse whatever is no id, because the provider reads a text such as `12abc` as 12 (observed)."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is of type {type(value).__name__}, not int; convert it where it comes from")
    if not 1 <= value <= _LARGEST_ID:
        raise ValueError(f"{name} is {value}, not a number from 1 to {_LARGEST_ID}; give an id that the server gave")
    return value
