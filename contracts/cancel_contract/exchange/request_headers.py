"""Headers that decide what a request is: which one a server sees, where its body ends, and whose it is."""

import re
from typing import Final

from cancel_contract.fragment.shipped import ENDPOINT

USER_AGENT: Final = "cancel-contract"
"""By this name the target's operators find the suite's requests."""
USER_HEADER: Final = "x-user-id"
"""The header by which gateways name a user, whose id is no appointment's."""
NAME_HEADERS: Final = ("remote-user", "x-remote-user", "x-forwarded-user", "x-authenticated-user", "x-auth-user")
"""Headers by which web servers and gateways say who has signed in."""
ROLE_HEADERS: Final = ("x-role", "x-user-role", "x-roles", "x-permissions", "x-scope")
"""Headers by which gateways say what a caller may do."""
TENANT_HEADERS: Final = ("x-account-id", "x-tenant-id", "x-organization-id", "x-workspace-id")
"""Headers by which gateways name an account, in the words of several frameworks."""
IDENTITY_HEADERS: Final = (USER_HEADER, "x-user", "x-account-id", *NAME_HEADERS)
"""Headers that name a user or an account, which only the house itself should send."""
ADDRESS_HEADERS: Final = (
    "x-forwarded-for", "x-real-ip", "x-client-ip", "client-ip", "true-client-ip", "cf-connecting-ip",
    "x-cluster-client-ip", "x-originating-ip", "x-remote-ip", "x-remote-addr", "forwarded",
)  # fmt: skip
"""Headers in which proxies say from where a request comes."""
LOOPBACK: Final = "127.0.0.1"
METHOD_OVERRIDES: Final = ("x-http-method-override", "x-http-method", "x-method-override")
"""Headers by which frameworks take a request for one of another method."""
_OVERRIDING: Final = re.compile(
    r".*method-override|x-(http-)?method|x-(original|rewrite)-.*|x-forwarded-(host|method|path|prefix|ur[il])|x-host"
)
_REFRAMING: Final = frozenset({"transfer-encoding", "upgrade", "http2-settings", "te", "trailer", "content-encoding"})
_RESERVED: Final = re.compile(rf"host|connection|content-.*|expect|{ENDPOINT.token_header.replace('_', '-')}")


def overrides(name: str) -> bool:
    """Whether a header may put another method, path or host in the place of the request's own."""
    return _OVERRIDING.fullmatch(_one_spelling(name)) is not None


def reframes(name: str) -> bool:
    """Whether a server may find by a header another message than the one that was looked at."""
    return _one_spelling(name) in _REFRAMING


def is_reserved(name: str) -> bool:
    """Whether a header says what a request is and where it goes, which the suite alone decides."""
    return overrides(name) or reframes(name) or _RESERVED.fullmatch(_one_spelling(name)) is not None


def _one_spelling(name: str) -> str:
    # Dash and underscore are one to a gateway (observed).
    return name.lower().replace("_", "-")
