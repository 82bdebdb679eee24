"""Generated cases, mapped onto appointments of the run's own."""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Case, Intent
from cancel_contract.exchange.credential import MEMBER, Credential
from cancel_contract.exchange.episode import Kind, Role
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.exchange.generated_cases import Batch, GeneratedCase
from cancel_contract.exchange.stored_cases import FUZZED
from cancel_contract.guard.ownership import over
from cancel_contract.run.context import Context
from cancel_contract.run.scenarios.input import METHODS
from cancel_contract.run.scenarios.odd_bodies import GROUP
from cancel_contract.run.scenarios.scenario import Scenario

_ABOUT: Final = {
    Batch.EXAMPLES: 1,
    Batch.COVERAGE_POSITIVE: 0,
    Batch.COVERAGE_NEGATIVE: 8,
    Batch.FUZZING_POSITIVE: 0,
    Batch.FUZZING_NEGATIVE: 2,
}
"""About how many cases of a batch are left once ids are mapped (measured); of fuzzed ones, one in this number is
unique.
"""
_FUZZED_PART: Final = 5
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,15}")
"""A word that may be the code of an appointment, by which some servers find it as well as by its number."""
_NUMBER: Final = re.compile(r"-?\d+")
_DIGITS: Final = re.compile(r"\d+")
_NONE: Final = Credential(showing="none")


def mapped(context: Context, drawn: GeneratedCase, owned: int) -> Case:
    """The case that may leave: ids that could name any other appointment become an owned one, spelled alike."""
    case = _case(
        context, drawn, _map_account(context, drawn.account), _map_appointment(context, drawn.appointment, owned), owned
    )
    # What the guard cannot parse, a server may read in any way.
    return case if context.may_send(case) else _case(context, drawn, str(context.target.account), str(owned), owned)


def _case(context: Context, drawn: GeneratedCase, account: str, text: str, owned: int) -> Case:
    intent, credential = _intent(context, drawn, account, text, owned), MEMBER if drawn.has_token else _NONE
    headers = tuple((name, value.encode()) for name, value in drawn.headers)
    # The key depends on what was drawn, not on the appointment, so that it names the same case in every run.
    told = repr((drawn.method, drawn.account, drawn.appointment, drawn.has_token, drawn.headers))
    key = hashlib.sha256(told.encode()).hexdigest()[:8]
    named = owned if intent not in {Intent.BOUNDARY_ID, Intent.UNKNOWN_ACCOUNT} else None
    return Case(key, intent, ACTION.path(account, text), drawn.method, credential, "", headers, appointment=named)


def _map_appointment(context: Context, text: str, owned: int) -> str:
    if not context.ownership.another(text, owned):
        return text
    spelled = over(text, owned)
    return spelled if not context.ownership.another(spelled, owned) else str(owned)


def _map_account(context: Context, text: str) -> str:
    own = context.target.account
    if not context.ownership.foreign_account(text):
        return text
    spelled = over(text, own)
    return spelled if not context.ownership.foreign_account(spelled) else str(own)


def _intent(context: Context, drawn: GeneratedCase, account: str, text: str, owned: int) -> Intent:
    asked = (
        (Intent.OTHER_METHOD, drawn.method != "POST"),
        (Intent.MALFORMED_ACCOUNT, not _NUMBER.fullmatch(account)),
        (Intent.MALFORMED_ID, not _NUMBER.fullmatch(text)),
        (Intent.UNKNOWN_ACCOUNT, account != str(context.target.account)),
        (Intent.BOUNDARY_ID, text != str(owned)),
        (Intent.REFUSED, not drawn.has_token),
        (Intent.FOREIGN_BODY, bool(drawn.headers)),
    )
    return next((intent for intent, holds in asked if holds), Intent.REPEAT)


class Player:
    """Sends generated cases over one cancelled appointment, each once, if no scenario has asked the same before."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._owned = context.cancelled_appointment()
        self._sent = {self._request(one.case) for one in context.exchanges if self._is_of_another(one)}

    def send(self, drawn: GeneratedCase) -> None:
        """Send a case, unless it was sent, and hand in what it shows."""
        if case := self._case(drawn):
            self._shown(self._context.send(case))

    def send_all(self, cases: Iterable[GeneratedCase]) -> None:
        """Send cases side by side, each once, and hand in what they show."""
        came = self._context.side_by_side([*filter(None, map(self._case, cases))])
        for exchange in filter(None, came.exchanges):
            self._shown(exchange)
        if came.error:
            raise came.error

    def _case(self, drawn: GeneratedCase) -> Case | None:
        """Return the case of what was drawn; None where it was sent already, or is played elsewhere."""
        case = mapped(self._context, drawn, self._owned)
        if case.method in METHODS:
            # Played in input/other-methods, over an appointment that could still be cancelled.
            return None
        same = self._request(case)
        if same in self._sent:
            return None
        self._sent.add(same)
        # It may be somebody's.
        is_code = case.intent is Intent.MALFORMED_ID and _CODE.fullmatch(drawn.appointment)
        return None if is_code else case

    def _request(self, case: Case) -> tuple[object, ...]:
        """What makes two cases one request, whichever appointment of the run's own they name."""
        own = {str(number) for number in self._context.ownership.appointments}
        path = _DIGITS.sub(lambda found: "{id}" if found[0] in own else found[0], case.path)
        # A header that nobody knows opens no door.
        headers = case.headers if case.credential.is_right else ()
        return (case.intent, case.method, path, case.credential, case.query, headers, case.body, case.without)

    def _is_of_another(self, one: Exchange) -> bool:
        """Whether it is the answer to a case of another scenario: whatever broke in this one is asked again."""
        is_here = one.case.key.partition("#")[0] == self._context.scenario
        return one.case.is_under_test and one.answer is not None and not is_here

    def _shown(self, exchange: Exchange) -> None:
        if exchange.case.intent is Intent.REFUSED:
            self._context.submit(Kind.REFUSAL, (Role.CANCEL, exchange), topic="none")
        if exchange.case.intent is Intent.OTHER_METHOD:
            self._context.submit(Kind.METHOD, (Role.CANCEL, exchange))


def play(context: Context, cases: Sequence[GeneratedCase]) -> None:
    """Send the cases of a batch."""
    Player(context).send_all(cases)


def scenarios(cases: Callable[[Batch], Sequence[GeneratedCase]], fuzzed: int) -> tuple[Scenario, ...]:
    """Return a scenario for each batch; `cases` gives them when it is played; `fuzzed` of them by fuzzing."""
    return tuple(_batch(batch, cases, fuzzed) for batch in Batch)


def _batch(batch: Batch, cases: Callable[[Batch], Sequence[GeneratedCase]], fuzzed: int) -> Scenario:
    more = fuzzed // _FUZZED_PART if batch is Batch.FUZZING_NEGATIVE else 0
    # Who has sent most of what was written by hand knows what need not be sent again; many are dealt out by themselves.
    group = GROUP if fuzzed <= FUZZED else ""
    return Scenario(batch.scenario, lambda context: play(context, cases(batch)), 0, _ABOUT[batch] + more, group=group)
