"""The marker that a run writes into the external_ref or the idempotency_key of every appointment it creates."""

import re
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from cancel_contract.redaction.request_ids import NAME

PREFIX: Final = NAME
"""What every marker begins with."""

REFERENCES: Final = ("external_ref", "idempotency_key")
"""The fields of an appointment of which one holds the marker."""

References = tuple[str | None, str]
"""An external_ref, if there is one, and an idempotency_key."""

FORMS: Final = ("marker", "noughts", "exponent", "key", "path", "uuid", "keyed")
"""What the references of an appointment may look like."""

_LONG: Final = 64
"""Characters of a long external_ref: more than a careless column keeps (policy)."""
_LEAST_KEPT: Final = 8
"""Characters of a reference that a server which cuts it has to keep (policy)."""

_RUN: Final = "[0-9a-z]+"
_FORM: Final = re.compile(rf"{PREFIX}-(?P<run>{_RUN})-(?P<time>[0-9]{{9,11}})-(?P<number>[0-9]{{1,9}})")


@dataclass(frozen=True, slots=True)
class Marker:
    """`cancel-contract-<run>-<time>-<number>`, with the time in seconds since 1970.

    A cancelled appointment keeps its marker for ever, so that no two may be equal.
    """

    run: str
    time: int
    number: int

    def __str__(self) -> str:
        return f"{PREFIX}-{self.run}-{self.time}-{self.number}"

    @classmethod
    def read(cls, text: object) -> Self | None:
        """Return the marker that a text is, or nothing."""
        found = _FORM.fullmatch(text) if isinstance(text, str) else None
        return cls(found["run"], int(found["time"]), int(found["number"])) if found else None

    @classmethod
    def within(cls, text: object) -> Self | None:
        """Return the marker that a text holds, perhaps with more around it, or nothing."""
        found = _FORM.search(text) if isinstance(text, str) else None
        return cls.read(found[0]) if found else None

    def references(self, form: str = "marker") -> References:
        """Return an external_ref and an idempotency_key, one of them the marker itself, the other of some form.

        The form is the `marker` for both, or a text that looks like a number: a long external_ref with `noughts` before
        it, one as an `exponent` with a capital, or a `key` with noughts before it; or one is a `path`, as other systems
        have them. Where a target takes none of these, the key is a `uuid`, or the appointment is `keyed`: it has no
        external_ref. No two markers have the same.
        """
        digits = f"{int(self.run, 36)}{self.time}{self.number:09}"
        return {
            "marker": (str(self), str(self)),
            "noughts": (digits.rjust(_LONG, "0"), str(self)),
            "exponent": (f"{digits}E5", str(self)),
            "key": (str(self), f"00{digits}"),
            "path": (f"crm:{digits}/7+%41?v=1#№", str(self)),
            # Some take the version alone in which keys are drawn by chance.
            "uuid": (str(self), str(uuid.UUID(bytes=uuid.uuid5(uuid.NAMESPACE_OID, str(self)).bytes, version=4))),
            "keyed": (None, str(self)),
        }[form]

    def is_of(self, external_ref: object, key: object) -> bool:
        """Whether an appointment of this marker has these references, in one of their forms."""
        return (external_ref, key) in self._forms

    @classmethod
    def of(cls, external_ref: object, key: object) -> Self | None:
        """Return the marker of an appointment with these references, or nothing; its key may be hidden.

        A server may have changed one of them when it was made, by a prefix for instance: the other shows the marker.
        """
        if marker := cls.read(external_ref):
            return marker
        marker = cls.read(key) or cls.within(external_ref)
        return marker if marker and marker.is_borne(external_ref, key) else None

    def is_borne(self, external_ref: object, key: object) -> bool:
        """Whether an appointment shows these references, in one of their forms."""
        return any(are_shown(external_ref, key, sent) for sent in self._forms)

    @property
    def _forms(self) -> tuple[References, ...]:
        return tuple(self.references(form) for form in FORMS)

    def age(self, now: datetime) -> timedelta:
        """Return its age by its own time."""
        return now - datetime.fromtimestamp(self.time, UTC)


def new_run() -> str:
    """Return the name of a new run."""
    return secrets.token_hex(4)


def may_name_a_run(text: str) -> bool:
    """Whether a text can be the name of a run in a marker."""
    return re.fullmatch(_RUN, text) is not None


def are_shown(external_ref: object, key: object, sent: References) -> bool:
    """Whether an appointment has the external_ref that was sent or, if a server hides or changes that, the key."""
    is_changed = is_kept(external_ref, sent[0]) and is_reference(key, sent[1])
    return is_changed or is_reference(external_ref, sent[0])


def is_reference(shown: object, reference: str | None) -> bool:
    """Whether a reference is shown as it was sent, in whatever letters a server keeps it."""
    return isinstance(shown, str) and reference is not None and shown.casefold() == reference.casefold()


def is_kept(shown: object, reference: str | None) -> bool:
    """Whether what is shown may be a reference that was sent: nothing, with more around it, or a part of it."""
    if not isinstance(shown, str) or reference is None:
        return shown is None
    here, sent = shown.casefold(), reference.casefold()
    return sent in here or (len(here) >= _LEAST_KEPT and here in sent)
