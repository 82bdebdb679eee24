"""Cancels with unusual ids, bodies, methods and paths."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent, appointment_path
from cancel_contract.exchange.credential import MEMBER, Credential, Holder
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.request_headers import METHOD_OVERRIDES
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.context import Context
from cancel_contract.run.probes import absent, knows, probe, probe_account
from cancel_contract.run.scenarios.access import ABSENT
from cancel_contract.run.scenarios.asking import ASKED, assigned
from cancel_contract.run.scenarios.bundles import bisect_assigned
from cancel_contract.run.scenarios.odd_bodies import GROUP
from cancel_contract.run.scenarios.scenario import Scenario
from cancel_contract.run.untouched import over, untouched

_JSON: Final = (("content-type", b"application/json"),)
_NO_TOKEN: Final = Credential(showing="none")
_NOUN: Final = f"/{ACTION.endpoint.nouns[1]}/"

_HIGH_IDS: Final = {"2^63-1": 2**63 - 1, "2^63": 2**63}
_TEXT_IDS: Final = (
    "%20{}", "{}%00", "{}'%20AND%20''='", "%00", "%FF", "%F0%9F%98%80", "x" * 2000,
)  # fmt: skip
"""Others are drawn (`null`, `AAA`), and a number with letters behind it is a first cancel of the effect family.

However any of them is read, by a query that it breaks into as well, it names no other appointment.
"""
_TEXT_ACCOUNTS: Final = ("{}abc",)

METHODS: Final = ("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
"""Every other method of HTTP, except CONNECT, which is for proxies."""
_VERB: Final = ACTION.endpoint.verb
_SPELLINGS: Final = (f"{{1}}/{_VERB.capitalize()}", f"{{1}}/./{_VERB}", "{0}/", "{0}.xml")
"""One of each kind: letter case, dots, a slash and a suffix."""
_SPELLINGS_WITHOUT_TOKEN: Final = (
    *_SPELLINGS, "{0}.json", "{0}.", "{0}%20", "{0}%0A", "{0}/{2}",
    f"{{1}}//{_VERB}", f"{{1}};x=y/{_VERB}", f"{{1}}%5C{_VERB}", f"{{1}}/%{ord(_VERB[0]):x}{_VERB[1:]}",
    f"{{1}}/%25{ord(_VERB[0]):x}{_VERB[1:]}", "{3}", "{4}",
)  # fmt: skip
"""More spellings, since any may lead past a check: one ends with another id, one climbs, one begins in capitals."""
_SPELLINGS_OF_OTHERS: Final = (
    (Holder.UNPRIVILEGED, "{0}.json"), (Holder.UNPRIVILEGED, "{0}/"), (Holder.FOREIGN, "{0}/"),
)  # fmt: skip
"""Spellings at which a member who may not cancel asks."""


def _unknown(context: Context) -> None:
    path = ACTION.path(context.target.account, absent(context, ABSENT))
    context.send(Case("cancel", Intent.UNKNOWN_ID, path))


def _boundary(context: Context) -> None:
    victim = context.victim()
    ids = {"0": 0, "-N": -victim.id, "2^64+N": 2**64 + victim.id, **_HIGH_IDS}
    wanted = {key: str(number) for key, number in ids.items() if context.wants(key)}
    for text in wanted.values():
        probe(context, text)
    owned = context.ownership.appointments
    context.each(
        Case(key, Intent.BOUNDARY_ID, ACTION.path(context.target.account, text))
        for key, text in wanted.items()
        # An id at an edge may be there, a stranger's or one of the run's own.
        if int(text) not in owned and not context.ownership.another(text, victim.id)
    )


def _template(text: str) -> str:
    """Return a text for a key: the same in every run, whatever the appointment's number."""
    return text[:24].replace("{}", "N")


def _unknown_account(context: Context) -> None:
    """Name accounts that nobody has, over an appointment that could still be cancelled: refused means not done."""
    victim = context.victim()
    probe_account(context, ABSENT)
    # 0 is among the generated cases.
    accounts = {"absent": ABSENT, "2^63": 2**63, "-N": -context.target.account}
    cases = [
        Case(f"account {name}", Intent.UNKNOWN_ACCOUNT, ACTION.path(account, victim.id), appointment=victim.id)
        for name, account in accounts.items()
        if not context.ownership.foreign_account(str(account))
    ]
    untouched(context, Kind.REFUSAL, victim, [("unknown account", case) for case in cases], over)


def _malformed(context: Context) -> None:
    owned, account = context.cancelled_appointment(), context.target.account
    ids = {_template(text): ACTION.path(account, _over(text, owned)) for text in _TEXT_IDS}
    accounts = {f"account {_template(text)}": ACTION.path(_over(text, account), owned) for text in _TEXT_ACCOUNTS}
    paths = {Intent.MALFORMED_ID: ids, Intent.MALFORMED_ACCOUNT: accounts}
    context.each(
        Case(key, intent, path, appointment=owned) for intent, some in paths.items() for key, path in some.items()
    )


def _over(text: str, number: int) -> str:
    return text.replace("{}", str(number))


def _path_wins(context: Context) -> None:
    spent, other = context.cancelled_appointment(), context.victim()
    came = context.side_by_side([*_beside(other.id, ACTION.path(context.target.account, spent), spent)])
    if came.error:
        raise came.error
    later = context.read(other.id)
    context.forget_if_touched(later)
    if context.has_changed(other.seen, later) and _found_alone(context, spent):
        return
    for cancel in filter(None, came.exchanges):
        _submit_beside(context, other, cancel, later)


def _found_alone(context: Context, spent: int) -> bool:
    """Send each case alone, with another appointment beside the path's; returns whether one of them changed it."""
    path, found = ACTION.path(context.target.account, spent), False
    for place, _ in enumerate(_beside(spent, path, spent)):
        other = context.victim()
        cancel = context.send([*_beside(other.id, path, spent)][place])
        later = context.read(other.id)
        found = _submit_beside(context, other, cancel, later) or found
        context.forget_if_touched(later)
    return found


def _submit_beside(context: Context, other: Snapshot, cancel: Exchange, later: Exchange) -> bool:
    steps = ((Role.OTHER_BEFORE, other.seen), (Role.CANCEL, cancel), (Role.OTHER_AFTER, later))
    return bool(context.submit(Kind.PATH_WINS, *steps))


def _beside(other: int, path: str, spent: int) -> Iterator[Case]:
    query = f"id={other}&appointment_id={other}&ids%5B%5D={other}"
    yield Case("body-list", Intent.SHAPE, path, headers=_JSON, body=json.dumps([other]).encode(), appointment=spent)
    yield Case("query-ids", Intent.QUERY, path, query=query, appointment=spent)
    yield Case("path-id", Intent.OTHER_PATH, f"{path}/{other}", appointment=spent)


def _methods(context: Context) -> None:
    victim = context.victim()
    path = ACTION.path(context.target.account, victim.id)
    cases = [(method, Case(method, Intent.OTHER_METHOD, path, method, appointment=victim.id)) for method in METHODS]
    untouched(context, Kind.METHOD, victim, cases, over)


def _override(context: Context) -> None:
    victim = context.victim()
    path = ACTION.path(context.target.account, victim.id)
    header = tuple((name, b"POST") for name in METHOD_OVERRIDES)
    get = Case("header", Intent.METHOD_OVERRIDE, path, "GET", MEMBER, "", header, None, victim.id)
    query = replace(get, key="query", headers=(), query="_method=post")
    cases = [("header", get), ("query", query)]
    untouched(context, Kind.METHOD, victim, cases, over)


def _spelled(context: Context, owned: int, text: str, credential: Credential) -> Case:
    base, one = ACTION.path(context.target.account, owned), appointment_path(context.target.account, owned)
    root = base.split("/")[1]
    climbing, capital = base.replace(_NOUN, f"{_NOUN}..{_NOUN}"), base.replace(root, root.upper(), 1)
    key = text.format(_VERB, "id", "N", "climbing", "in capitals")
    path = text.format(base, one, owned, climbing, capital)
    return Case(key, Intent.OTHER_PATH, path, credential=credential, appointment=owned)


def _spellings(context: Context) -> None:
    owned = context.cancelled_appointment()
    context.each(_spelled(context, owned, text, MEMBER) for text in _SPELLINGS)


def _spellings_without_token(context: Context) -> None:
    victim = context.victim()
    cases = [_spelled(context, victim.id, text, _NO_TOKEN) for text in _SPELLINGS_WITHOUT_TOKEN]
    cases += _spelled_by_others(context, victim.id)
    untouched(context, Kind.PATH, victim, [(f"path {case.key}", case) for case in cases], over)


def _spelled_by_others(context: Context, owned: int) -> Iterator[Case]:
    """Yield the cases of members who may not cancel, where their refusals prove anything."""
    if not context.has(Holder.UNPRIVILEGED) or not knows(context, Holder.UNPRIVILEGED, owned):
        return
    for holder, text in _SPELLINGS_OF_OTHERS:
        if context.has(holder):
            case = _spelled(context, owned, text, Credential(holder))
            yield replace(case, key=f"{case.key}, {holder.name.lower()}")


SCENARIOS: Final = (
    # The id that nobody has is looked up for another one of this group, too.
    Scenario("input/unknown-id", _unknown, 0, 2, group="refused"),
    Scenario("input/boundary-ids", _boundary, 0, 7, group=GROUP),
    Scenario("input/unknown-accounts", _unknown_account, 0, 5, group=GROUP),
    Scenario("input/malformed-ids", _malformed, 0, len(_TEXT_IDS) + len(_TEXT_ACCOUNTS), group=GROUP),
    Scenario("input/assigned-fields", assigned, 1, ASKED, group=GROUP, apart=bisect_assigned),
    Scenario("input/path-wins", _path_wins, 2, 7, group=GROUP),
    Scenario("input/other-methods", _methods, 0, len(METHODS) + 1, group=GROUP),
    Scenario("input/method-override", _override, 0, 3, group=GROUP),
    Scenario("input/path-spellings", _spellings, 0, len(_SPELLINGS)),
    Scenario(
        "input/path-spellings-without-token",
        _spellings_without_token,
        0,
        len(_SPELLINGS_WITHOUT_TOKEN) + len(_SPELLINGS_OF_OTHERS) + 1,
        group=GROUP,
    ),
)
"""The family's scenarios."""
