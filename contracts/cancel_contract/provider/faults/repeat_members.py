"""Faults of two members who cancel one appointment at once."""

from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer, signed_out
from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.behaviours import Fault
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.credentials import HEADER
from cancel_contract.provider.faults.parts.races import Meeting, back_to, failed, meeting
from cancel_contract.provider.store.seed import SEED

_SECOND: Final = SEED.second_member_id


def _by_second_member(call: Call) -> bool:
    return call.request.header(HEADER) == SEED.second_token


def _locked_out(it: Meeting) -> Answer:
    return back_to(it, signed_out().answer)


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("members-refund-each", "repeat/two-members",
          "Whether it was paid back is kept by member, and two who cancel at once pay back twice.",
          meeting(_by_second_member, ("cancel",), lambda it: it.save(rows.refunded(it.read, it.saved)))),
    Fault("second-member-saves-expense", "repeat/two-members",
          "The second cancel saves the whole record as it had been read, and the expense is owed again.",
          meeting(_by_second_member, ("cancel",), lambda it: it.save(replace(it.saved, expense=it.read.expense)))),
    Fault("second-member-shown-active", "repeat/two-members",
          "Who comes second is answered with what was read first: still scheduled, so somebody calls the client.",
          meeting(_by_second_member, ("cancel",), lambda it: it.show(it.read))),
    Fault("second-member-takes-deposit", "effect/other-writer",
          "Each of the two books the deposit back, and what is left of it is nothing.",
          meeting(_by_second_member, ("cancel",), lambda it: it.save(replace(it.saved, prepaid_amount=0)))),
    Fault("second-member-has-made-it", "effect/other-writer",
          "Whoever saves last is written down as the one who has made the appointment.",
          meeting(_by_second_member, ("cancel",), lambda it: it.save(replace(it.saved, created_by_id=_SECOND)))),
    Fault("second-member-fails", "repeat/two-members",
          "Locks belong to members, and two of them waiting for one another end in a deadlock.",
          meeting(_by_second_member, ("cancel",), failed)),
    Fault("second-member-locked-out", "repeat/two-members",
          "Who is asked for a right holds the lock of the account, and whoever asks meanwhile counts as signed out.",
          meeting(_by_second_member, ("cancel",), _locked_out)),
    Fault("second-member-revives", "repeat/two-members",
          "The button toggles, and two members press it at once for the same client on the phone.",
          meeting(_by_second_member, ("cancel",), lambda it: it.save(it.read))),
)  # fmt: skip
"""What the second of them does, whichever comes first."""
