"""Gives each request an id by which it is found in the target's log, unless the target refuses the header."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.exchange import BUSY, GONE, Exchange, Trouble
from cancel_contract.redaction.request_ids import HEADER, NAME
from cancel_contract.target.settings import Settings

_ASKED: Final = frozenset({Intent.LIST, Intent.CALENDAR})
"""Intents of the reads by which it is found out: they change nothing, and every right target answers them."""
_OF_ANOTHER_CAUSE: Final = BUSY | GONE | {401, 404}
"""Statuses that say nothing about the header: a limiter's, a gateway's, of a wrong token, of what is not there."""
_WITHOUT_TOKEN: Final = frozenset({401, 403})
"""Statuses with which a target may answer a read without a token."""


@dataclass(slots=True)
class RequestIds:
    """The ids of one process's requests: `cancel-contract-<run>-<number>`, the worker's number before its own."""

    run: str
    worker: int | None = None
    """The number of the worker, where there are several."""
    is_settled: bool = False
    """Whether it is known that the target takes the header, or that it does not."""
    refused: str = ""
    """How the target answers with the header and without it, if it refuses it; then none is sent."""
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def header(self, case: Case, settings: Settings) -> tuple[tuple[str, str], ...]:
        """Return the header of a request that is about to leave; none where the case or the settings have their own."""
        given = {*case.without, *(name for name, _ in (*case.headers, *settings.extra_headers))}
        # Dash and underscore are one to a gateway, which would join the two values.
        if self.refused or any(name.lower().replace("_", "-") == HEADER.lower() for name in given):
            return ()
        worker = "" if self.worker is None else f"{self.worker}-"
        return ((HEADER, f"{NAME}-{self.run}-{worker}{next(self._numbers)}"),)

    def settle(self, refused: str = "") -> None:
        """Take over what is known of the target, from this process or another one."""
        self.is_settled, self.refused = True, refused

    def found_out(self, exchange: Exchange, send: Callable[[Case], Exchange]) -> Exchange:
        """Return the exchange, or the one that took its place when the header was found to be refused.

        Of a run one refused read is sent again without the header, and if it passes, once more with it: a target that
        only failed for a moment does not refuse the header. Right targets get no request more.
        """
        case = exchange.case
        if self.is_settled or not exchange.request_id or not _is_telling(case):
            return exchange
        if _passed(exchange):
            self.is_settled = case.credential.is_right
            return exchange
        if not _may_be_refused(exchange):
            return exchange
        bare = send(replace(case, without=case.without | {HEADER.lower()}))
        again = send(case) if _passed(bare) else exchange
        if bare.is_of_gateway or again.is_of_gateway:
            # A limiter has answered one of the two, which leaves the question open.
            return bare if _passed(bare) else exchange
        is_refused = _passed(bare) and not _passed(again)
        self.settle(f"{exchange.fact} with it and {bare.status} without it" if is_refused else "")
        return bare if is_refused else again


def _is_telling(case: Case) -> bool:
    """Whether it is known how a right target answers a case."""
    return case.intent in _ASKED and (case.credential.is_right or case.credential.showing == "none")


def _passed(exchange: Exchange) -> bool:
    return exchange.status == 200 if exchange.case.credential.is_right else exchange.status in _WITHOUT_TOKEN


def _may_be_refused(exchange: Exchange) -> bool:
    status = exchange.status
    if status is None:
        return exchange.trouble is Trouble.LOST
    return status >= 400 and status not in _OF_ANOTHER_CAUSE
