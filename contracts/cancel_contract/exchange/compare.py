"""Compares the documented fields of two views of an appointment."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from cancel_contract.exchange.action import ACTION
from cancel_contract.exchange.difference import Broken, Difference, broken
from cancel_contract.exchange.equality import same
from cancel_contract.exchange.quantities import counted, moved
from cancel_contract.exchange.value_changes import how_differs, kind_of
from cancel_contract.fragment.document import Fragment
from cancel_contract.redaction.personal_data import discreet_key, may_be_a_persons

Payload = Mapping[str, Any]

_TOLD_MOMENTS: Final = frozenset({"starts_at", "ends_at", "created_at"})
FOUND_LATER: Final = frozenset({"contact_id", "conversation_id"})
"""What a target may find or open at any time by itself: a client's contact, a conversation for a message (policy)."""
_MISSING: Final = object()
_ID: Final = re.compile(r"(?:\w+_)?id")
_API_WORD: Final = re.compile(r"[A-Za-z][a-z_]{0,19}", re.ASCII)
_LONGEST_WORD: Final = 40
"""Characters of the longest text that can be a timestamp or a word of the API."""


def shown(value: object, field: str = "") -> str:
    """Return a value as messages may show it: numbers, booleans and null as they are, all else by its size."""
    if value is _MISSING:
        return "missing"
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | float):
        # A telephone number may come as a number.
        return "a number" if may_be_a_persons(value, field) else str(value)
    if isinstance(value, list | dict):
        kind, member = ("array", "entry") if isinstance(value, list) else ("object", "field")
        return f"an {kind} of {counted(len(value), member)}" if value else f"an empty {kind}"
    return f"a text of {counted(len(str(value)), 'character')}" if value else "an empty text"


def differences(
    fields: Iterable[str],
    one: Payload,
    other: Payload,
    *,
    telling: frozenset[str] = frozenset(),
    found_later: frozenset[str] = FOUND_LATER,
) -> Iterator[Difference]:
    """Each field in which a view differs from an earlier one, as `name is A, not B`.

    Values of `telling` fields are told as they are; `found_later` are fields in which an id may stand where none stood.
    """
    for field in fields:
        here, there = one.get(field, _MISSING), other.get(field, _MISSING)
        if not (same(field, here, there) or (field in found_later and _is_found(here, there))):
            is_word = field in TELLING and all(_API_WORD.fullmatch(str(value)) for value in (here, there))
            is_told = is_word or field in telling or field in _TOLD_MOMENTS
            fact, wish = (_told_or_shown(value, field, is_told=is_told) for value in (here, there))
            name = discreet_key(field)
            by = f" ({later})" if (later := moved(here, there)) else ""
            told = f"{name} is {fact}{by}, not {wish}" if fact != wish else f"{name} is another one"
            how = "" if is_told else how_differs(here, there)
            if _are_long(fact, wish):
                another = "" if how else "another text, "
                told = f"{name} is {another}{counted(len(str(here)), 'character')} long, not {len(str(there))}"
            told = ": ".join(filter(None, (told, how)))
            yield Difference("field", f"/{name}", *_alike(field, here, there, telling=field in telling), told)


def _is_found(now: object, before: object) -> bool:
    return before is None and type(now) is int


def _are_long(*told: str) -> bool:
    """Whether two texts are told by their lengths, which differ."""
    return all(one.startswith("a text of ") for one in told) and len({*told}) > 1


def field_differs(view: Payload, field: str, wanted: object, told: str) -> Broken:
    """The breach of a field with another value than the wanted one, which is a word of the API."""
    return broken("field", f"/{field}", *_alike(field, value_of(view, field), wanted, telling=True), told)


def value_of(view: Payload, field: str) -> object:
    """The value of a field; one that is not there is told as missing, and is no null."""
    return view.get(field, _MISSING)


def spelled(view: Payload, field: str) -> str:
    """The value of a field as a sentence has it: missing, null and a text are told apart."""
    value = value_of(view, field)
    return repr(value) if isinstance(value, str) else shown(value, field)


def _alike(field: str, here: object, there: object, *, telling: bool) -> tuple[str, str]:
    """What came and what was wanted, as all breaches of one cause have it, whichever appointment showed them."""
    if here is None or here is _MISSING:
        return shown(here), "a value" if there is not None and there is not _MISSING else shown(there)
    if there is None or there is _MISSING:
        return kind_of(here), shown(there)
    if type(here) is not type(there):
        return kind_of(here), kind_of(there).split()[-1]
    got, wanted = (_noun(value, field, telling=telling) for value in (here, there))
    if got != wanted:
        return got.replace("a word", "another word"), wanted.replace("a word", "another word")
    bare = got.removeprefix("a ").removeprefix("an ")
    return f"another {bare}", f"the same {bare}"


def _noun(value: object, field: str, *, telling: bool) -> str:
    """A value without what differs from one appointment to the next: a number, a moment, an earlier status."""
    if isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | float):
        return "an id" if _ID.fullmatch(field) else "a number"
    if isinstance(value, str) and field.endswith("_at"):
        return "a moment"
    if isinstance(value, str) and telling:
        return repr(value) if value == ACTION.done else "a word"
    return kind_of(value)


def _told_or_shown(value: object, field: str, *, is_told: bool) -> str:
    return repr(value) if is_told and isinstance(value, str) and len(value) <= _LONGEST_WORD else shown(value, field)


OBSERVED: Final = (
    "client_comment",
    "source",
    "custom_attributes",
    "service_name_snapshot",
    "service_type_snapshot",
    "service_duration_snapshot",
    "prepaid_payment_method",
    "settlement_payment_method",
    "compensation_type_snapshot",
    "compensation_value_snapshot",
    "created_at",
    "updated_at",
)
"""Undocumented fields of the real answer (observed)."""
COMMENT: Final = "client_comment"
"""The comment on a client: the one of them that nothing but the house's members may write."""
READ_BACK: Final = "read back"
"""How a sentence begins that is about the read after a cancel."""
PAYMENT_FIELDS: Final = ("id", "amount", "payment_method", "payment_kind")
EXPENSE_FIELDS: Final = ("id", "amount", "status")
TELLING: Final = frozenset(
    {
        "status",
        "payment_status",
        "payment_kind",
        "payment_method",
        "prepaid_payment_method",
        "settlement_payment_method",
        "appointment_type",
    }
)
"""Fields whose values are words of the API, not personal data."""


def payments_differ(one: Payload, other: Payload) -> Iterator[Difference]:
    """How two views differ in their payments, in the documented fields; the order of rows says nothing."""
    here, there = rows_of(one), rows_of(other)
    if here is None or there is None:
        if here is not there:
            yield _of_shape("payments", one, other)
        return
    if len(here) != len(there):
        count = "is 1 payment" if len(here) == 1 else f"are {len(here)} payments"
        told = f"there {count}, not {len(there)}{_one_more(here, there)}"
        got = "more rows" if len(here) > len(there) else "fewer rows"
        yield Difference("field", "/payments", got, "the same rows", told)
        return
    for mine, yours in zip(here, there, strict=True):
        yield from within("payments", differences(PAYMENT_FIELDS, mine, yours, telling=TELLING))


def _one_more(here: list[Payload], there: list[Payload]) -> str:
    """Return which payment is new, or gone, if it is a single one: its amount and kind."""
    new, gone = (
        [row for row in some if row.get("id") not in {other.get("id") for other in others}]
        for some, others in ((here, there), (there, here))
    )
    if len(new) + len(gone) != 1:
        return ""
    row = (*new, *gone)[0]
    kind = _told_or_shown(row.get("payment_kind"), "payment_kind", is_told=True)
    return f" ({'one more' if new else 'without one'} of {shown(row.get('amount'), 'amount')}, payment_kind {kind})"


def within(place: str, found: Iterable[Difference]) -> Iterator[Difference]:
    """The same differences, of a row of the payments or of the expense."""
    pointer, owner = {"payments": ("/payments/*", "a payment's"), "expense": ("/expense", "the expense's")}[place]
    for one in found:
        yield replace(one, where=f"{pointer}{one.where}", told=f"{owner} {one}")


def _of_shape(field: str, one: Payload, other: Payload) -> Difference:
    here, there = one.get(field, _MISSING), other.get(field, _MISSING)
    told = f"{field} is {shown(here)}, not {shown(there)}"
    return Difference("field", f"/{field}", *_alike(field, here, there, telling=False), told)


def rows_of(payload: Payload) -> list[Payload] | None:
    """Return the payments of an appointment by their ids; nothing where they are no list of objects."""
    rows = payload.get("payments")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    return sorted(rows, key=lambda row: str(row.get("id")))


def expense_differs(one: Payload, other: Payload) -> Iterator[Difference]:
    """How two views differ in their expense, in the documented fields."""
    here, there = one.get("expense"), other.get("expense")
    if isinstance(here, dict) and isinstance(there, dict):
        yield from within("expense", differences(EXPENSE_FIELDS, here, there, telling=TELLING))
    elif (here is None) != (there is None):
        yield _of_shape("expense", {"expense": here}, {"expense": there})


def documented_differences(
    fragment: Fragment, one: Payload, other: Payload, found_later: frozenset[str] = FOUND_LATER
) -> Iterator[Difference]:
    """Every documented field in which two views differ; `found_later` as in `differences`."""
    plain = [field for field in fragment.documented_fields if field not in {"payments", "expense"}]
    yield from differences(plain, one, other, telling=TELLING, found_later=found_later)
    yield from payments_differ(one, other)
    yield from expense_differs(one, other)


def same_in(field: str, one: Payload, other: Payload) -> bool:
    """Whether a field has one value in two views."""
    return same(field, value_of(one, field), value_of(other, field))


def between_views(
    fragment: Fragment, one: Payload, other: Payload, expected: Payload | None, *, is_later: bool = False
) -> Iterator[Difference]:
    """How two views of one appointment differ, whichever is older, unless one is known to be later; what came is that
    of the view that is not as `expected`.
    """
    for found in documented_differences(fragment, one, other):
        field = found.where.split("/")[1]
        if not is_later and field in FOUND_LATER and _is_found(other.get(field), one.get(field)):
            continue
        if expected is None or not same_in(field, one, expected):
            yield found
            continue
        back = {each.where: each for each in documented_differences(fragment, other, one)}
        turned = back.get(found.where, found)
        yield replace(found, got=turned.got, wanted=turned.wanted)
