"""Says whether two values of a field are equal, however each answer writes its timestamps."""

from datetime import timedelta
from typing import Final

from cancel_contract.exchange.timestamps import instant

_SECOND: Final = timedelta(seconds=1)


def same(field: str, one: object, other: object) -> bool:
    """Whether two values of a field are equal, as deep as they go.

    Two timestamps are equal if they name the same moment, in whatever zone (observed); where one of them has whole
    seconds alone, as a column or a serializer may leave it, they are if they lie within one second (policy).
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(name, value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(field, *pair) for pair in zip(one, other, strict=True))
    return one == other or (field.endswith("_at") and _same_moment(one, other))


def _same_moment(one: object, other: object) -> bool:
    first, second = instant(one), instant(other)
    if first is None or second is None:
        return False
    is_cut = (first.microsecond == 0) is not (second.microsecond == 0)
    return first == second or (is_cut and abs(first - second) < _SECOND)
