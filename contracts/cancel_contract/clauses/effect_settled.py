"""What changes in a cancelled appointment afterwards: what is documented, and what was observed beside it."""

from collections.abc import Iterator
from typing import Final

from cancel_contract.clauses.clause import Finding, Terms
from cancel_contract.clauses.effect_elsewhere import END
from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.case import Intent
from cancel_contract.exchange.changes import comment_lost, observed_changes
from cancel_contract.exchange.compare import COMMENT, Payload, documented_differences
from cancel_contract.exchange.difference import broken_by
from cancel_contract.exchange.episode import Episode, Kind, Role

_AS: Final = " as after the cancel"


def settled(episode: Episode, terms: Terms) -> Iterator[Finding]:
    """Nothing that is documented changes in a cancelled appointment afterwards, and no comment on a client is lost."""
    for early, late in _views(episode):
        # A line more may say why it was cancelled.
        lost = comment_lost(early, late) if _are_alike(episode) else ()
        found = (*documented_differences(terms.fragment, late, early), *lost)
        yield broken_by(found, f"{episode.topic or END}, ", _AS)


def settled_besides(episode: Episode, terms: Terms) -> Iterator[Finding]:
    """Nothing that was observed beside that changes either: a worker may take copies anew, or name a source again."""
    for early, late in _views(episode):
        if _are_alike(episode):
            found = (one for one in observed_changes(terms.fragment, early, late) if one.field != COMMENT)
            yield broken_by(found, f"{episode.topic or END}, ", _AS)


def _views(episode: Episode) -> Iterator[tuple[Payload, Payload]]:
    """Yield a cancelled appointment as it was seen after its cancel, and as it is seen later; nothing without both."""
    early, late = episode.payload(Role.BEFORE), episode.payload(Role.AFTER)
    if episode.kind is Kind.LATE and early is not None and ACTION.is_done(early) and late is not None:
        yield early, late


def _are_alike(episode: Episode) -> bool:
    """Whether both are reads of one member: an answer to a cancel may spell what is undocumented otherwise, or hide it,
    and so may a read of another member.
    """
    asked = [one.case for one in map(episode.one, (Role.BEFORE, Role.AFTER)) if one]
    return len({(case.intent, case.credential) for case in asked}) == 1 and asked[0].intent is Intent.READ
