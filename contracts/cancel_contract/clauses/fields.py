"""Compares the fields of a payload with the fragment, and sorts the differences by clause."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from cancel_contract.clauses.clause import Finding, Terms, succeeded
from cancel_contract.clauses.money import MONEY, hidden_money
from cancel_contract.exchange.difference import Broken, Difference
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.fragment.schema_errors import SchemaError
from cancel_contract.redaction.personal_data import discreet_key

_MONEY: Final = frozenset({"service_amount", "prepaid_amount", "settlement_amount", "amount"})


def schema(chosen: Callable[[SchemaError], bool]) -> Callable[[Exchange, Terms], Iterator[Finding]]:
    """Return a function that yields those errors of a payload that `chosen` accepts."""

    def findings(exchange: Exchange, terms: Terms) -> Iterator[Finding]:
        payload = exchange.payload if succeeded(exchange) else None
        if payload is not None and exchange.answer:
            errors = [error for error in terms.errors(payload, exchange.answer.body) if chosen(error)]
            yield _by(errors)

    return findings


def _by(errors: Sequence[SchemaError]) -> Broken | None:
    told = "; ".join(error.message for error in errors[:3])
    return Broken(tuple(dict.fromkeys(map(difference, errors))), told) if errors else None


def difference(error: SchemaError) -> Difference:
    """What the fragment has against a value, as other views of the same field tell it."""
    steps = ("*" if isinstance(step, int) else discreet_key(str(step)) for step in error.path)
    return Difference("field", f"/{'/'.join(steps)}", error.got, error.wanted, error.message)


def whole_money(exchange: Exchange, terms: Terms) -> Iterator[Finding]:
    """Amounts are whole and not negative, if this member may see them."""
    payload = exchange.payload if succeeded(exchange) else None
    hidden = payload is not None and hidden_money(payload)
    yield from [hidden] if hidden else schema(is_amount)(exchange, terms)


def _is_money(error: SchemaError) -> bool:
    return bool(error.path) and error.path[-1] in _MONEY and not error.is_null


def _is_missing(error: SchemaError) -> bool:
    return error.keyword == "required"


def documented(exchange: Exchange, terms: Terms) -> Iterator[Finding]:
    """Every documented field is there, except money that this member may not see."""
    payload = exchange.payload if succeeded(exchange) else None
    if payload is not None and exchange.answer:
        # This answer alone does not show whether the member may see money; another one does.
        hidden = {*MONEY} if hidden_money(payload) else set()
        errors = [error for error in terms.errors(payload, exchange.answer.body) if _is_missing(error)]
        missing = [error for error in errors if error.path[0] not in hidden]
        yield _by(missing)


def is_null(error: SchemaError) -> bool:
    """Whether a field that is never null is null."""
    return error.is_null and not _is_missing(error)


def is_type(error: SchemaError) -> bool:
    """Whether a field has another type."""
    return error.keyword == "type" and not error.is_null and not _is_money(error)


def is_enumeration(error: SchemaError) -> bool:
    """Whether a word is not among the listed ones."""
    return error.keyword in {"enum", "const"} and not error.is_null


def is_format(error: SchemaError) -> bool:
    """Whether a text is not written in its format."""
    return error.keyword in {"format", "pattern", "encoding"} and not error.is_null


def is_bound(error: SchemaError) -> bool:
    """Whether a number is out of its bounds; amounts have a clause of their own."""
    return error.keyword in {"minimum", "maximum"} and not _is_money(error)


def is_amount(error: SchemaError) -> bool:
    """Whether an amount is not a whole number, or negative."""
    return _is_money(error) and not _is_missing(error)
