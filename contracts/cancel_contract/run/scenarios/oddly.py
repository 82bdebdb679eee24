"""Callers who may not cancel, and who ask in ways that what stands before the application may refuse."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

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
)
"""What proxies and services of a house add, and a caller may add as well."""
_ROLES: Final[Headers] = tuple((name, b"administrator") for name in ROLE_HEADERS)
_ROLE_ASKED: Final = "role=administrator"
"""The query of whoever names a role, too."""


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
        for header in case.headers[: len(case.headers) - len(self.body.headers)]:
            one = replace(case, key=f"{topic}, {header[0]}{ALONE}", query="", headers=(header, *self.body.headers))
            yield topic, one
        for pair in filter(None, case.query.split("&")):
            yield topic, replace(case, key=f"{topic}, {pair}{ALONE}", query=pair, headers=self.body.headers)

    def topic(self, context: Context, snapshot: Snapshot) -> Topic:
        """Return the topic and the case of a cancel of an appointment that nobody may cancel so."""
        topic, path = self.name, ACTION.path(context.target.account, snapshot.id)
        headers = {INTERNAL: _INTERNAL, IDENTITY: self._identity(context, snapshot)}.get(self.besides, ())
        case = Case(
            topic,
            Intent.ODDLY_REFUSED,
            path,
            credential=self.credential,
            query=self._asked(context) if self.besides == IDENTITY else "",
            headers=(*headers, *self.body.headers),
            body=self.body.value[1],
            appointment=snapshot.id,
        )
        return topic, case

    def _asked(self, context: Context) -> str:
        """Name the same in a query."""
        foreign = context.target.settings.foreign_account_id
        is_foreigner = self.credential.holder is Holder.FOREIGN and foreign
        return f"{_ROLE_ASKED}&account_id={foreign}" if is_foreigner else _ROLE_ASKED

    def _identity(self, context: Context, snapshot: Snapshot) -> Headers:
        """Name who made the appointment, a role that may cancel, and the account of which the caller is a member."""
        foreign = context.target.settings.foreign_account_id
        if self.credential.holder is Holder.FOREIGN and foreign:
            return (*((name, str(foreign).encode()) for name in TENANT_HEADERS), *_ROLES)
        names = tuple((name, b"admin") for name in NAME_HEADERS) if self.credential.showing == "none" else ()
        names += _ROLES
        maker = snapshot.payload.get("created_by_id")
        if not isinstance(maker, int) or isinstance(maker, bool):
            return names
        context.ownership.know_user(maker)
        return ((USER_HEADER, str(maker).encode()), ("x-user", str(maker).encode()), *names)
