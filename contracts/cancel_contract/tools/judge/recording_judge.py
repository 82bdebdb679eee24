"""Judges the entries of a recording, and returns their ledger."""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Literal

from cancel_contract.clauses import CATALOGUE, Clause, Terms
from cancel_contract.clauses.clause import Part, under_test
from cancel_contract.clauses.families import FAMILIES, FAMILY_OF
from cancel_contract.clauses.odd import is_odd
from cancel_contract.exchange.episode import Episode, Evidence
from cancel_contract.exchange.exchange import BUSY, FIRST_REFUSAL, GONE, Exchange
from cancel_contract.exchange.timestamps import minutes_of
from cancel_contract.fragment.document import Fragment
from cancel_contract.ledger.exit_code import Exit, exit_code
from cancel_contract.ledger.ledger import Ledger
from cancel_contract.ledger.row import Row
from cancel_contract.redaction.secrets import SHORTEST, Redactor
from cancel_contract.run.own_changes import blamed, changed_while_active
from cancel_contract.tools.judge.address import Address, What, address, is_number
from cancel_contract.tools.judge.credentials import RecordedCredentials, Shown, is_mask, shown
from cancel_contract.tools.judge.episodes import is_of_other_programs
from cancel_contract.tools.judge.har_entry import UNDATED, Entry, UnreadableError, entry
from cancel_contract.tools.judge.lacks import ByLack, by_lack
from cancel_contract.tools.judge.recorded import Recorded, is_masked, personal, recorded
from cancel_contract.tools.judge.timeline import Timeline

_MOST_TIMELINES: Final = 1000
"""Appointments that are followed at the same time; beyond that, the one unseen for longest counts as finished."""
_MOST_SECRETS: Final = 200
_MOST_ACCOUNTS: Final = 200
_MOST_UNREAD: Final = 5
"""Unreadable entries that are named one by one."""
_GATEWAY: Final = "gateway errors"
_GATEWAYS: Final = GONE | BUSY - {429}
_UNKNOWN_EFFECT: Final = frozenset({_GATEWAY, "redirected"})
"""Requests that may or may not have reached the application."""
_WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Expected:
    """What a recording is judged by, beside the fragment."""

    repeat_policy: Literal["idempotent", "rejected", "either"] = "idempotent"
    time_limit: float = 10.0
    window: float = 60.0
    """Seconds within which exchanges are taken to belong together."""


@lru_cache(maxsize=8)
def _by_evidence(clauses: tuple[Clause, ...]) -> tuple[ByLack, Mapping[str, ByLack]]:
    """Return the clauses about single exchanges, and those about sequences by family, each by what may be missing."""
    return by_lack(tuple(clause for clause in clauses if clause.over is Exchange)), {
        family.name: by_lack(tuple(one for one in clauses if one.over is Episode and one.family == family.name))
        for family in FAMILIES
    }


class RecordingJudge:
    """Takes the entries of a recording one by one and judges them by the clauses."""

    def __init__(self, fragment: Fragment, expected: Expected, clauses: Sequence[Clause] = CATALOGUE) -> None:
        self.met: Counter[str] = Counter()
        """How many exchanges were judged, passed over, and why."""
        self.ledger = Ledger(Terms(fragment, 0, expected.repeat_policy, expected.time_limit), clauses, partial=True)
        self._singles, self._sequences = _by_evidence(tuple(clauses))
        self._terms: dict[int, Terms] = {}
        self._window = timedelta(seconds=expected.window)
        self._timelines: OrderedDict[tuple[str, int, int], Timeline] = OrderedDict()
        self._credentials: OrderedDict[tuple[str, int], RecordedCredentials] = OrderedDict()
        self._cancels: Counter[tuple[str, int]] = Counter()
        self._asked: Counter[tuple[str, int]] = Counter()
        self._own_changes: dict[int, frozenset[str]] = {}
        self._blaming: list[tuple[Episode, int, frozenset[str]]] = []
        self._secrets: dict[str, None] = {}
        self._redactor, self._redacted = Redactor({}), 0
        self._unread: list[str] = []
        self._unread_cancels = 0

    def take(self, number: int, found: object) -> None:
        """Take the next entry."""
        where = address(_url(found))
        if where is None:
            self.met["passed over"] += 1
            return
        try:
            read = entry(found)
        except UnreadableError as error:
            self._unreadable(number, where, error)
            return
        if reason := _unfit(read, where):
            self.met[reason] += 1
            if reason in _UNKNOWN_EFFECT:
                self._part(where, read.started)
        else:
            self._take(number, read, where)

    def _unreadable(self, number: int, where: Address, error: UnreadableError) -> None:
        self.met["unreadable"] += 1
        self._part(where)
        if where.what is What.CANCEL:
            self._unread_cancels += 1
        if where.what is What.CANCEL and len(self._unread) < _MOST_UNREAD:
            self._unread.append(f"entry {number} cannot be read: {error}")

    def _part(self, where: Address, started: datetime = UNDATED) -> None:
        """Stop following an appointment: nobody knows what became of it."""
        if (track := self._timelines.get(_key(where, where.appointment or 0))) is not None:
            self._submit(track.unanswered(started), where.account_id)

    def _take(self, number: int, read: Entry, where: Address) -> None:
        asked = shown(read.request)
        asker = self._credentials_of(where)
        answered = read.response
        topic = asker.topic(asked, answered.status, is_page=answered.is_a_page_that_refuses)
        one = recorded(number, read, where, asked, topic)
        self._hide(asked)
        asker.learn(asked, read.response.status)
        if where.what is What.CANCEL:
            self._cancel(one)
        else:
            self.met["companions"] += 1
            self._companion(one)

    def _cancel(self, one: Recorded) -> None:
        one = self._with_its_duration(one)
        exchange = one.exchange
        self.met["cancels"] += 1
        self._asked[one.address.origin, one.address.account_id] += 1
        if exchange.status is not None and under_test(exchange):
            self.ledger.saw(exchange.status)
            self._judge(exchange, one.address.account_id, self._singles[one.lacks])
        if exchange.case.appointment is not None and one.address.plain and not _is_refused_oddly(one):
            self._submit(self._timeline(one).cancelled(one), one.address.account_id)
            self._cancels[one.address.origin, one.address.account_id] += exchange.status == 200

    def _with_its_duration(self, one: Recorded) -> Recorded:
        """Note where the appointment had another duration than that of its range before."""
        case = one.exchange.case
        track = self._timelines.get(_key(one.address, case.appointment or 0))
        before = track.view.payload if track and track.view else None
        if before is None or before.get("duration_min") in {None, minutes_of(before)}:
            return one
        return replace(one, exchange=replace(one.exchange, case=replace(case, other_duration=True)))

    def _companion(self, one: Recorded) -> None:
        exchange, account = one.exchange, one.address.account_id
        place = one.address.origin, account
        counts = self._cancels[place], self._asked[place]
        if one.address.what is What.ALL and exchange.case.method == "GET":
            self._list(one)
        elif exchange.case.method in _WRITES:
            self._write(one, counts)
        elif exchange.status == 200 and exchange.payload is not None and exchange.case.appointment is not None:
            track = self._timeline(one)
            self._submit(track.read(one, *counts), account)
            moved = changed_while_active(self.ledger.terms.fragment, *track.moved) if track.moved else frozenset()
            self._own_changes[account] = self._own_changes.get(account, moved) | moved

    def _write(self, one: Recorded, counts: tuple[int, int]) -> None:
        exchange = one.exchange
        made = exchange.payload.get("id") if exchange.payload and one.address.what is What.ALL else None
        number = made if isinstance(made, int) else exchange.case.appointment
        if number is not None and not exchange.is_refused:
            self._submit(self._timeline(one, number).changed(one, *counts), one.address.account_id)

    def _list(self, one: Recorded) -> None:
        value = one.exchange.answer.json if one.exchange.answer else None
        rows = value.get("payload") if isinstance(value, dict) else None
        for row in rows if isinstance(rows, list) else ():
            number = row.get("id") if isinstance(row, dict) else None
            if isinstance(number, int) and (track := self._timelines.get(_key(one.address, number))):
                self._submit(track.listed(one), one.address.account_id)

    def finish(self) -> tuple[Row, ...]:
        """Judge what is still open; returns every clause with its verdict, secrets removed."""
        for (_, account, _), track in self._timelines.items():
            self._submit(track.closed(), account)
        self._timelines.clear()
        for episode, account, fields in self._blaming:
            if not fields & self._own_changes.get(account, frozenset()):
                self._judge_episode(episode, account)
        self.ledger.doubt(*self._reasons())
        return tuple(map(self._cleaned, self.ledger.finished(lambda _: False)))

    def _reasons(self) -> Iterator[str]:
        """Yield why a recording gives no verdict."""
        yield from self._unread
        if self._unread_cancels > _MOST_UNREAD:
            yield f"and {self._unread_cancels - _MOST_UNREAD} more"
        gateways = self.met[_GATEWAY]
        if gateways * 10 > gateways + self.met["cancels"] + self.met["companions"]:
            such = "a status such as 502, 503 or 504, which a gateway gives, not the application"
            yield f"{gateways} answers have {such}"
        if not any(self.met[kind] for kind in ("cancels", "unreadable", _GATEWAY, "throttled", "redirected")):
            yield "no exchange with the endpoint that cancels an appointment is in it"
        elif not any(row.held or row.broken for row in self.ledger.rows.values()):
            yield f"no answer to a cancel was recorded that could be judged ({self.met['cancels']} cancels)"

    def code(self, rows: Iterable[Row], *, strict: bool = False) -> Exit:
        """Return the exit code."""
        return exit_code(rows, self.ledger, strict=strict)

    def clean(self, text: str) -> str:
        """Mask every secret of the recording in a text."""
        if len(self._secrets) != self._redacted:
            names = {f"RECORDED_SECRET_{number}": secret for number, secret in enumerate(self._secrets, start=1)}
            self._redactor, self._redacted = Redactor(names), len(names)
        return self._redactor.clean_text(text)

    def _hide(self, asked: Shown) -> None:
        for secret in asked.secrets:
            if len(secret) >= SHORTEST and not is_mask(secret) and len(self._secrets) < _MOST_SECRETS:
                self._secrets.setdefault(secret)

    def _cleaned(self, row: Row) -> Row:
        return replace(row, breach=row.breach.cleaned(self.clean)) if row.breach else row

    def _judge(self, evidence: Evidence, account: int, clauses: Sequence[Clause]) -> None:
        if account not in self._terms:
            self._terms = {account: replace(self.ledger.terms, account=account)}
        self.ledger.judge(evidence, terms=self._terms[account], clauses=clauses)

    def _submit(self, episodes: Iterator[Episode], account: int) -> None:
        fragment = self.ledger.terms.fragment
        for episode in episodes:
            if is_of_other_programs(fragment, episode):
                # A recording cannot ask again.
                continue
            if views := blamed(fragment, episode.kind, episode.steps):
                # What the server does by itself may be seen later.
                self._blaming.append((episode, account, views[-1]))
            else:
                self._judge_episode(episode, account)

    def _judge_episode(self, episode: Episode, account: int) -> None:
        answers = [step.answer for _, step in episode.steps if any(personal(step.answer))]
        masked = {is_masked(answer) for answer in answers}
        # A text cannot be compared with a mask, nor one mask with another.
        if len(masked) < 2:
            lacks = frozenset({Part.WORDS} if True in masked else ())
            lacks |= {Part.BODY} if any(_bodiless(step) for _, step in episode.steps) else frozenset()
            self._judge(episode, account, self._sequences[FAMILY_OF[episode.kind]][lacks])

    def _timeline(self, one: Recorded, number: int | None = None) -> Timeline:
        key = _key(one.address, number or one.exchange.case.appointment or 0)
        track = self._timelines.pop(key, None) or Timeline(self._window)
        self._timelines[key] = track
        if len(self._timelines) > _MOST_TIMELINES:
            (_, account, _), oldest = self._timelines.popitem(last=False)
            self._submit(oldest.closed(), account)
        return track

    def _credentials_of(self, where: Address) -> RecordedCredentials:
        key = (where.origin, where.account_id)
        asker = self._credentials.pop(key, None) or RecordedCredentials()
        self._credentials[key] = asker
        if len(self._credentials) > _MOST_ACCOUNTS:
            self._credentials.popitem(last=False)
        return asker


def _is_refused_oddly(one: Recorded) -> bool:
    """Whether a refusal, or a redirect, may not be the application's: it says nothing about the appointment."""
    ids = (one.address.account, one.address.text)
    is_early = one.exchange.is_refused or 300 <= (one.exchange.status or 0) < FIRST_REFUSAL
    return is_early and (is_odd(one.exchange) or not all(map(is_number, ids)))


def _key(where: Address, number: int) -> tuple[str, int, int]:
    return where.origin, where.account_id, number


def _url(found: Any) -> str:  # noqa: ANN401  whatever stands in the file
    request = found.get("request") if isinstance(found, dict) else None
    url = request.get("url") if isinstance(request, dict) else None
    return url if isinstance(url, str) else ""


def _unfit(read: Entry, where: Address) -> str | None:
    """Return why nothing can be said about an exchange with the API."""
    status = read.response.status
    if read.request.method.upper() == "OPTIONS":
        return "preflights"
    if status == 429:
        return "throttled"
    if status in _GATEWAYS:
        return _GATEWAY
    moved = address(read.response.header("location") or "") if 300 <= status < 400 else None
    # From http to https, or to another host: the request is repeated there.
    return "redirected" if moved and moved.path == where.path else None


def _bodiless(exchange: Exchange) -> bool:
    return exchange.answer is not None and not exchange.answer.body
