"""Recognises the number and the code of a bank card in a text of an answer.

The cards of clinics, shops and insurers have numbers of the same form, and masked ones are shown on every receipt.
"""

import re
from typing import Final

from cancel_contract.clauses.places import Leaf
from cancel_contract.clauses.places import words as key_words

_NUMBER: Final = re.compile(r"[2-6]\d{3}([ -]?)\d{4}\1\d{4}\1\d{1,7}|3[47]\d\d([ -]?)\d{6}\2\d{5}")
"""A number of a bank card, in one piece or in its groups."""
_CODE: Final = re.compile(r"\d{3,4}")
_OF_CODES: Final = frozenset({"cvv", "cvc", "cvv2", "cvc2", "cardcvv", "cardcvc", "cardcode"})
_OF_MONEY: Final = frozenset(
    {"pay", "payment", "payments", "bank", "credit", "debit", "settlement", "prepaid", "refund"}
)
"""Words of keys under which a card is one to pay by."""
_PLAIN: Final = frozenset({"card", "cards", "full", "no", "num", "number", "raw", *_OF_MONEY})
"""Words of the keys of such a card: any other says what kind of card it is, as in `fiscal_card`."""
_OTHER_CARDS: Final = frozenset(
    {"bonus", "client", "club", "discount", "gift", "insurance", "loyalty", "medical", "member", "patient", "policy"}
)


def of_a_card(leaf: Leaf) -> str | None:
    """What a text tells of a bank card; nothing where it tells nothing."""
    if leaf.name in _OF_CODES and _CODE.fullmatch(leaf.text):
        return "the code of a bank card"
    words = leaf.words
    is_plain = all(named <= _PLAIN for key in leaf.keys if "card" in (named := key_words((key,))))
    is_named = "pan" in words or ("card" in words and is_plain and words & _OF_MONEY and not words & _OTHER_CARDS)
    is_number = is_named and _NUMBER.fullmatch(leaf.text) and _adds_up(re.sub(r"\D", "", leaf.text))
    return "the number of a bank card" if is_number else None


def _adds_up(digits: str) -> bool:
    """Whether the last digit is the one that follows from the others (ISO/IEC 7812-1)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0
