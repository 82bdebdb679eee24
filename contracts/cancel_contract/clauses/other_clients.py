"""Recognises another client's name and telephone in the fields and headers of an answer that no page documents.

An appointment without a contact has a client who is known by its own fields alone: no relative, and no second number,
can be this client's. Staff and places have names and numbers, too, so that only what says that it is about a client,
a queue or another visit counts.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from cancel_contract.clauses.places import Keys, leaves, objects, pointer, words
from cancel_contract.exchange.exchange import Answer
from cancel_contract.redaction.personal_data import discreet_key

_CLIENTS: Final = frozenset(
    {
        "appointment", "appointments", "booking", "bookings", "client", "clients", "contact", "customer", "customers",
        "family", "guest", "guests", "next", "patient", "patients", "prev", "previous", "queue", "relative",
        "relatives", "sender", "visit", "visitor", "visits", "wait", "waiting", "waitlist",
    }
)  # fmt: skip
"""Words of keys under which clients stand, and no staff."""
_HOUSE: Final = frozenset(
    {
        "account", "actor", "address", "admin", "administrator", "adviser", "advisor", "agent", "approver", "assigned",
        "assignee", "assistant", "barber", "billing", "branch", "canceller", "care", "cashier", "center", "centre",
        "channel", "clinic", "closer", "coach", "company", "complaints", "consultant", "coordinator", "cosmetologist",
        "curator", "dentist", "department", "desk", "director", "dispatcher", "doctor", "emergency", "employee",
        "executor", "expert", "handler", "head", "help", "host", "hotline", "hours", "hygienist", "inbox", "info",
        "instructor", "insurance", "insurer", "interpreter", "lab", "location", "manager", "master",
        "moderator", "navigator", "notification", "notifications", "nurse", "office", "operator", "organization",
        "organizer", "owner", "partner", "performer", "pharmacy", "physician", "place", "point", "policy",
        "practitioner", "privacy", "provider", "psychologist", "reception", "receptionist", "recipient", "registrar",
        "relations", "resource", "responsible", "room", "salon", "secretary", "seller", "service", "services",
        "signatory", "site", "sms", "specialist", "staff", "store", "studio", "stylist", "supervisor", "support",
        "surgeon", "teacher", "technician", "therapist", "trainer", "tutor", "user", "worker",
    }
)  # fmt: skip
"""Words of keys under which staff and places stand, a client's or an appointment's own too: `patientCoordinator`."""
_AS_SUCH: Final = frozenset(
    {
        "above", "after", "attributes", "before", "card", "data", "day", "details", "entries", "entry", "history", "item",
        "items", "list", "nearby", "people", "person", "profile", "record", "records", "row", "rows", "today",
    }
)  # fmt: skip
"""Words at the end of a key that say nothing of who stands there: `clients_of_day`."""
_VISITS: Final = frozenset({"appointment", "booking", "visit"})
"""Words under which a name is that of a kind of visit."""
_OF_ANYBODY: Final = frozenset({"contact", "contacts", "sender"})
"""Words that a place has as well: what stands around them says whose contact it is."""
_OF_SEVERAL: Final = frozenset({"queue", "wait", "waiting", "waitlist"})
"""Words for a place where clients wait, which has a name and a telephone itself; its clients stand in a list."""
_MAKERS: Final = frozenset({"author", "by", "created", "creator", "recorded", "updated"})
_NAMES: Final = frozenset({"name", "patient", "client", "customer", "guest", "visitor"})
"""Last words of a key that holds a name."""
_PHONES: Final = frozenset({"phone", "mobile", "tel", "telephone", "cell", "msisdn", "whatsapp"})
_PHONE: Final = re.compile(r"\+?\d[\d ()-]{5,}\d")
_PHONE_IN_HEADER: Final = re.compile(r"(?:\+|\btel(?:ephone)?[:=] ?)\+?\d[\d ()-]{7,}\d")
_ENOUGH: Final = 10
"""Digits at the end by which two spellings of a telephone number are compared, with and without a country's code."""


def other_client(answer: Answer, ours: Mapping[str, Any]) -> str | None:
    """Where an answer shows another client than that of the appointment which it is about; nothing if nowhere."""
    if ours.get("contact_id") is not None:
        return None
    return next(_in_body(answer.json, ours), None) or next(_in_headers(answer, ours), None)


def _in_body(value: object, ours: Mapping[str, Any]) -> Iterator[str]:
    for keys, row in objects(value):
        known = keys not in {(), ("payload",)} and not _is_ours(row, ours)
        if known and _names_another(keys, row, ours) and _has_another_phone(row, ours) and not _is_a_queue(value, keys):
            yield pointer(keys)


def _is_a_queue(value: object, keys: Keys) -> bool:
    """Whether an object is the place where clients wait, and none of them."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return (
        isinstance(value, dict)
        and bool(words(keys[-1:]) & _OF_SEVERAL)
        and not words(keys[-1:]) & _CLIENTS - _OF_SEVERAL
    )


def _is_ours(row: Mapping[str, object], ours: Mapping[str, Any]) -> bool:
    """Whether an object says that it is our appointment: a log of it may hold what it once was."""
    return "id" in row and row["id"] == ours.get("id")


def _names_another(keys: Keys, row: Mapping[str, object], ours: Mapping[str, Any]) -> bool:
    named = [
        (key, text) for key, text in row.items() if isinstance(text, str) and _last(key) in _NAMES and text.strip()
    ]
    about = [text for key, text in named if _is_about_a_client((*keys, key))]
    return any(not is_name_of(text, ours) for text in about) and not any(is_name_of(text, ours) for text in about)


def _is_about_a_client(keys: Keys) -> bool:
    """Whether the innermost key that says who stands there says that it is a client."""
    said = [found for key in reversed(keys) if (found := _said(key))]
    if said and said[0] <= _VISITS and keys[-1] == "name":
        return False
    is_anybodys = bool(said) and said[0] <= _OF_ANYBODY
    return bool(said) and not frozenset.union(*said[: 1 + is_anybodys]) & _HOUSE


def _said(key: str) -> frozenset[str]:
    """Return the words of a key that say who stands there; those of the house where it begins with a client and ends
    with something of theirs: `client_portal`.
    """
    found = words((key,)) & (_CLIENTS | _HOUSE)
    is_as_such = _last(key) in _CLIENTS | _NAMES | _PHONES | _AS_SUCH
    return found if is_as_such or found & _HOUSE or not found else _HOUSE


def _last(key: str) -> str:
    found: list[str] = re.findall(r"[A-Z]?[a-z]+", key)
    return found[-1].lower() if found else ""


def is_name_of(text: str, ours: Mapping[str, Any]) -> bool:
    """Whether two names have a word in common: a name may be shortened, turned round or cut."""
    here, there = (set(re.findall(r"\w{2,}", str(name).casefold())) for name in (text, ours.get("client_name")))
    return not here or bool(here & there) or any(one.startswith(other) for one in there for other in here)


def _has_another_phone(row: Mapping[str, object], ours: Mapping[str, Any]) -> bool:
    phones = [leaf.text for leaf in leaves(row) if _PHONES & words(leaf.keys[-1:]) and _PHONE.fullmatch(leaf.text)]
    return bool(phones) and not any(is_phone_of(text, ours) for text in phones)


def is_of_the_house(keys: Keys) -> bool:
    """Whether a value stands directly under a word for staff or a place, or for who has made or changed something."""
    return bool(words(keys[-2:]) & (_HOUSE | _MAKERS)) and not words(keys[-1:]) & _CLIENTS


def tail(text: str) -> str:
    """The digits of a telephone number by which its spellings are compared; empty for what is none."""
    digits = re.sub(r"\D", "", text)
    return digits[-_ENOUGH:] if len(digits) >= _ENOUGH else ""


def is_phone_of(text: str, ours: Mapping[str, Any]) -> bool:
    """Whether a telephone number is our client's, in whatever spelling."""
    here, there = (re.sub(r"\D", "", str(phone or "")) for phone in (text, ours.get("client_phone")))
    return bool(there) and here[-_ENOUGH:] == there[-_ENOUGH:]


def _in_headers(answer: Answer, ours: Mapping[str, Any]) -> Iterator[str]:
    for name, value in answer.headers:
        found = _PHONE_IN_HEADER.search(unquote(value))
        if found and _is_about_a_client((name.lower(),)) and not is_phone_of(found[0], ours):
            yield discreet_key(name.lower().replace("-", "_"))
