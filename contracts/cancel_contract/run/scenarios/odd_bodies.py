"""Bodies and headers that a cancel has no use for: whoever refuses them must have done nothing."""

import json
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import ALONE, Case, Intent
from cancel_contract.exchange.episode import Kind
from cancel_contract.exchange.snapshot import Snapshot
from cancel_contract.run.burst import Sent
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.asking import JSON
from cancel_contract.run.scenarios.foreign_bodies import FORM, MERGE_PATCH, multipart
from cancel_contract.run.scenarios.scenario import Scenario
from cancel_contract.run.untouched import look_once, over, untouched

GROUP: Final = "ignored"
"""One of these scenarios leaves a cancelled appointment, which others need, too."""
_BODIES: Final[tuple[tuple[str, Intent, tuple[tuple[str, bytes], ...], bytes], ...]] = (
    ("null", Intent.BODY, JSON, b"null"),
    ("text", Intent.SHAPE, JSON, b'"scheduled"'),
    ("megabyte", Intent.LARGE_BODY, JSON, json.dumps({"client_comment": "x" * 1_000_000}).encode()),
    ("merge-patch", Intent.FOREIGN_BODY, *MERGE_PATCH),
    ("form", Intent.FOREIGN_BODY, *FORM),
    ("multipart", Intent.FOREIGN_BODY, *multipart()),
)
_REFUSED_BODIES: Final = (
    ("truncated", Intent.BROKEN_BODY, JSON, b'{"status": '),
    ("miscoded", Intent.BROKEN_BODY, JSON, b'{"a": "\xff\xfe"}'),
    ("deeply-nested", Intent.BROKEN_BODY, JSON, b"[" * 5000 + b"]" * 5000),
    ("untyped", Intent.FOREIGN_BODY, (("content-type", b"garbage"),), b"x"),
)
"""Bodies that whoever reads them refuses."""
_OF_A_BODY: Final = frozenset({400, 406, 413, 415})
"""What refuses a body; other statuses may be about the appointment, which is cancelled already."""
_GARBAGE: Final = (("accept", b"garbage"),)
_UNUSED: Final = (
    ("accept-language", b"de-DE,de;q=0.9"), ("if-none-match", b"*"), ("range", b"bytes=0-9"),
    ("dnt", b"1"), ("priority", b"u=1, i"), ("sec-fetch-dest", b"empty"), ("sec-fetch-mode", b"cors"),
    ("sec-fetch-site", b"same-origin"), ("upgrade-insecure-requests", b"1"),
)  # fmt: skip
"""Headers with a meaning for reads alone, a language that no country of the target's speaks, and what browsers add."""


def _bodies(context: Context) -> None:
    owned = context.cancelled_appointment()
    path = ACTION.path(context.target.account, owned)
    bodies = [
        Case(name, intent, path, headers=headers, body=body, appointment=owned)
        for name, intent, headers, body in _BODIES
    ]
    accept = Case("accept garbage", Intent.ACCEPT, path, headers=_GARBAGE, appointment=owned)
    sent = context.each([*bodies, accept, _from_a_page(context, owned)])
    told = {f"{context.scenario}#{one.key}": one for one in bodies}
    if refused := [told[one.case.key] for one in sent if one.status in _OF_A_BODY and one.case.key in told]:
        # Whoever refuses a body may have done it all the same, which shows where something can be done.
        victim = context.victim()
        cases = [(f"a {one.key} body", over(victim, replace(one, key=f"{one.key}, refused"))) for one in refused]
        untouched(context, Kind.REFUSAL, victim, cases, over)


def _from_a_page(context: Context, owned: int) -> Case:
    """Return a repeated cancel by a page of the target's own site, in German, that has a part of an answer already."""
    path, url = ACTION.path(context.target.account, owned), context.target.url
    site = url.scheme.encode() + b"://" + url.netloc
    headers = (*_UNUSED, ("origin", site), ("referer", site + b"/appointments"))
    return Case("headers", Intent.HEADERS, path, headers=headers, appointment=owned)


def _headers_apart(context: Context, keys: AbstractSet[str]) -> None:
    """Send the headers of a page one at a time, if all of them together broke a clause."""
    owned = context.cancelled_appointment()
    page = _from_a_page(context, owned)
    if f"{context.scenario}#{page.key}" in keys:
        context.each(replace(page, key=f"{page.key}, {one[0]}{ALONE}", headers=(one,)) for one in page.headers)


def _refused_body(context: Context) -> None:
    """Send bodies that are refused, over an appointment that could still be cancelled: refused means not done.

    Whoever ignores the first one reads no body, and cancels.
    """
    victim = context.victim()
    path = ACTION.path(context.target.account, victim.id)
    cases = [
        (f"a {name} body", Case(name, intent, path, headers=headers, body=body, appointment=victim.id))
        for name, intent, headers, body in _REFUSED_BODIES
        if context.wants(name)
    ]
    first = context.side_by_side([case for _, case in cases[:1]])
    is_read = all(one and one.is_refused for one in first.exchanges)
    others = cases[1:] if is_read and not first.error else []
    more = context.side_by_side([case for _, case in others])
    came = Sent((*first.exchanges, *more.exchanges), first.error or more.error)
    if cases:
        look_once(context, Kind.REFUSAL, victim, [*cases[:1], *others], came, over)
    if not is_read:
        owned = context.cancelled_appointment()
        context.each(over(Snapshot(owned, victim.seen), case) for _, case in cases[1:])


SCENARIOS: Final = (
    Scenario("input/odd-bodies", _bodies, 0, len(_BODIES) + 2, apart=_headers_apart),
    Scenario("input/refused-body", _refused_body, 0, len(_REFUSED_BODIES) + 1, group=GROUP),
)
"""The scenarios of bodies."""
