"""Callers who may not cancel, and who ask in ways that what stands before the application may refuse."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final
from urllib.parse import urlencode

from cancel_contract.clauses.access_callers import IDENTITY, INTERNAL
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import ALONE, Case, Intent
from cancel_contract.exchange.credential import Credential, Holder
from cancel_contract.exchange.request_headers import (
    ADDRESS_HEADERS,
    LOOPBACK,
    NAME_HEADERS,
    ROLE_HEADERS,
    TENANT_HEADERS,
    USER_HEADER,
)
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context
from cancel_contract.run.untouched import Topic

Headers = tuple[tuple[str, bytes], ...]

ODD: Final = (
    "null", "undefined", "true", "zero", "quote", "underscores", "star", "expression", "half", "start",
    "other-half",
)  # fmt: skip
"""Ways of showing a token that is none."""
_INTERNAL: Final[Headers] = (
    *((name, (f"for={LOOPBACK}" if name == "forwarded" else LOOPBACK).encode()) for name in ADDRESS_HEADERS),
    ("x-internal", b"true"),
    ("x-internal-request", b"true"),
    ("x-requested-with", b"XMLHttpRequest"),
    ("x-ssl-client-verify", b"SUCCESS"),
    ("x-client-verify", b"SUCCESS"),
    ("x-hub-signature-256", b"sha256=0"),
    ("x-middleware-subrequest", b":".join([b"middleware"] * 5)),
    ("user-agent", b"kube-probe/1.29"),
)
"""What proxies and services of a house add, and a caller may add as well."""
_ROLE: Final = "administrator"
"""A role that may do anything, as headers, queries and bodies may name it."""
_ROLES: Final[Headers] = tuple((name, _ROLE.encode()) for name in ROLE_HEADERS)
_JSON: Final[Headers] = (("content-type", b"application/json"),)


class Body(Enum):
    """A body, since a check of permissions may stand in one parser's way alone: its type and its text."""

    NONE = ("", None)
    FORM = ("application/x-www-form-urlencoded", b"reason=contract+test")
    JSON = ("application/json", b'{"reason": "contract test"}')

    @property
    def headers(self) -> Headers:
        """What names its type."""
        name = self.value[0]
        return (("content-type", name.encode()),) if name else ()


@dataclass(frozen=True, slots=True)
class Oddly:
    """A credential, with headers besides: those of INTERNAL, of IDENTITY, or none."""

    credential: Credential
    besides: str = ""
    body: Body = Body.NONE

    @property
    def name(self) -> str:
        """The topic, and the key of the case."""
        return f"{self.credential} with {self.besides}" if self.besides else str(self.credential)

    def apart(self, context: Context, snapshot: Snapshot) -> Iterator[Topic]:
        """Yield the same case with one of its headers, or its query, or the token in one place, at a time."""
        topic, case = self.topic(context, snapshot)
        for part in self.credential.parts if not self.besides else ():
            yield topic, replace(case, key=f"{topic}, {part}{ALONE}", credential=replace(self.credential, part=part))
        if not self.besides:
            return
        bare = replace(case, query="", headers=(), body=None)
        for header in (one for one in case.headers if case.body is None or one not in _JSON):
            yield topic, replace(bare, key=f"{topic}, {header[0]}{ALONE}", headers=(header,))
        for pair in filter(None, case.query.split("&")):
            yield topic, replace(bare, key=f"{topic}, {pair}{ALONE}", query=pair)
        if case.body:
            yield topic, replace(bare, key=f"{topic}, the body{ALONE}", headers=_JSON, body=case.body)

    def topic(self, context: Context, snapshot: Snapshot) -> Topic:
        """Return the topic and the case of a cancel of an appointment that nobody may cancel so."""
        topic, path = self.name, ACTION.path(context.target.account, snapshot.id)
        case = Case(topic, Intent.ODDLY_REFUSED, path, credential=self.credential, appointment=snapshot.id)
        if self.besides == INTERNAL:
            own = (("origin", str(context.target.url).rstrip("/").encode()),)
            return topic, replace(case, headers=(*_INTERNAL, *own))
        if self.besides == IDENTITY:
            named = {"account_id": self._foreign(context)} if self._foreign(context) else {}
            query = urlencode({"role": _ROLE, **named})
            body = json.dumps({"role": _ROLE, "admin": True, "on_behalf_of": "admin", **named}).encode()
            return topic, replace(case, query=query, headers=(*self._identity(context, snapshot), *_JSON), body=body)
        return topic, replace(case, headers=self.body.headers, body=self.body.value[1])

    def _foreign(self, context: Context) -> int | None:
        """The account of which the caller is a member, if it is another one."""
        return context.target.settings.foreign_account_id if self.credential.holder is Holder.FOREIGN else None

    def _identity(self, context: Context, snapshot: Snapshot) -> Headers:
        """Name who made the appointment, a role that may cancel, and the account of which the caller is a member."""
        if foreign := self._foreign(context):
            return (*((name, str(foreign).encode()) for name in TENANT_HEADERS), *_ROLES)
        names = tuple((name, b"admin") for name in NAME_HEADERS) if self.credential.showing == "none" else ()
        names += _ROLES
        maker = snapshot.payload.get("created_by_id")
        if not isinstance(maker, int) or isinstance(maker, bool):
            return names
        context.ownership.know_user(maker)
        number = str(maker).encode()
        return ((USER_HEADER, number), ("x-user", number), ("cookie", b"user_id=" + number), *names)
