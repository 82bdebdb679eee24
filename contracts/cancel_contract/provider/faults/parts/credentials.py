"""Where a careless provider looks for a token, and how it compares one."""

from collections.abc import Callable
from typing import Final

from cancel_contract.provider.api.access import TOKEN_HEADER
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Around
from cancel_contract.provider.faults.parts.making import crash
from cancel_contract.provider.store.records import User

HEADER: Final = TOKEN_HEADER

SHORTEST: Final = 8
"""Characters below which even a careless comparison finds nobody."""

_NAMES: Final = (HEADER, "access_token", "token", "api_key")


def matching(call: Call, alike: Callable[[str, str], bool]) -> User | None:
    """Find the user whose token is alike to the one given."""
    given = call.token or ""
    users = call.store.directory.users
    return next((user for user in users if len(given) >= SHORTEST and alike(user.token, given)), None)


def owner_when(condition: Callable[[Call], User | bool | None]) -> Around[User]:
    """Let in the user that a condition finds, or, where it merely holds, the first one."""

    def hook(call: Call, proceed: Stage[User]) -> User:
        found = condition(call)
        if isinstance(found, User):
            return found
        return call.store.directory.users[0] if found else proceed(call)

    return hook


def from_query(call: Call, proceed: Stage[str | None]) -> str | None:
    """Take the token from the query too."""
    return proceed(call) or _first(call.request.parameters)


def renamed_in_query(call: Call, proceed: Stage[str | None]) -> str | None:
    """Take the token from the query too, under another library's name."""
    return proceed(call) or call.request.parameters.get("access_token")


def from_other_header(call: Call, proceed: Stage[str | None]) -> str | None:
    """Take the token from another library's header too."""
    return proceed(call) or call.request.header("access-token")


def bare_authorization(call: Call, proceed: Stage[str | None]) -> str | None:
    """Take the token from the header of other schemes, without any scheme."""
    return proceed(call) or call.request.header("authorization")


def from_body(call: Call, proceed: Stage[str | None]) -> str | None:
    """Take the token from a JSON body or a form too."""
    return proceed(call) or _first(call.body) or _first(call.request.form)


def as_bearer(call: Call, proceed: Stage[str | None]) -> str | None:
    """Take the token from the header of other schemes too."""
    scheme, _, given = (call.request.header("authorization") or "").partition(" ")
    return proceed(call) or (given.strip() if scheme.lower() in {"bearer", "token"} else None)


def from_cookie(call: Call, proceed: Stage[str | None]) -> str | None:
    """Take the token from a cookie too."""
    pairs = (pair.partition("=") for pair in (call.request.header("cookie") or "").split(";"))
    return proceed(call) or _first({name.strip(): given.strip() for name, _, given in pairs})


def has_two(call: Call) -> bool:
    """Hold where two tokens came, which the gateway joins with a comma."""
    return "," in (call.token or "")


def failing_on_two(call: Call, proceed: Stage[User]) -> User:
    """Raise where two tokens came."""
    if has_two(call):
        raise crash()
    return proceed(call)


def _first(fields: dict[str, str]) -> str | None:
    return next((str(fields[name]) for name in _NAMES if fields.get(name)), None)
