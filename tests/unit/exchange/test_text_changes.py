"""How a text was changed is told without a character of it."""

import pytest

from cancel_contract.exchange.compare import differences
from cancel_contract.exchange.text_changes import how_changed


@pytest.mark.parametrize(
    ("text", "was", "told"),
    [
        ("Ann", " Ann ", "the blanks at its ends are gone"),
        ("70000000000", "7 000 000 00 00", "its blanks are gone"),
        ("70000000000", "+7 000 000 00 00", "all but its digits is gone"),
        ("123", "00123", "its leading zeros are gone"),
        ("ANN", "Ann", "it is in capitals"),
        ("\u00e9", "e\u0301", "it has the Unicode form NFC"),
        ("\u00c3\u00a9", "\u00e9", "its UTF-8 was read as Latin-1"),
        ("???", "\u0430\u0431\u0432", "what is not ASCII has become question marks"),
        ("O&#x27;Brien", "O'Brien", "it is escaped as HTML"),
        ("a\\\\b", "a\\b", "each of its backslashes is doubled"),
        ("O\\'Brien", "O'Brien", "its quotes have backslashes before them"),
        ("Contract te", "Contract test", "it is cut after 11"),
        ("test", "Contract test", "its first 9 are gone"),
        ("Contract test!", "Contract test", "1 were added behind it"),
        ("Dr Contract", "Contract", "3 were added before it"),
        ("Anna", "Inna", "1 of 4 characters are others"),
        ("********1234", "860101301234", "8 of 12 characters are masked, as *"),
        ("1990-03-01", "1990-02-28", "it is 1 day later"),
        ("2026-03-02T05:00:00Z", "2026-02-28T05:00:00Z", "it is 2 days later"),
        ("2026-02-28T03:00:00Z", "2026-02-28T05:00:00Z", "it is 2 hours earlier"),
        ("2026-02-28T05:01:00Z", "2026-02-28T05:00:00Z", "it is 60 seconds later"),
        ("2026-02-28T05:00:01Z", "2026-02-28T05:00:00Z", "it is 1 second later"),
        ("2026-02-28T05:00:00Z", "2026-02-28T05:00:00.4Z", "it is less than a second earlier"),
        ("1990-03-03", "1990-04-03", "it is 31 days earlier"),
        ("1990-03-02", "1990-04-03", "2 of 10 characters are others"),
        ("100000000000000000000", "1e20", "it was read as a number"),
        ("14.02.1990", "1990-02-14", "it is spelled 00.00.0000, not 0000-00-00"),
        ("8 (700) 555-35-35", "+7 701 222 33 44", "it is spelled 0 (000) 000-00-00, not +0 000 000 00 00"),
        ("Ann", "1990-02-14", ""),
        ("", "Contract test", ""),
        ("Annabel", "Barbara", ""),
        ("Ann", "Ann", ""),
        ("Bob", "Contract test", ""),
    ],
)
def test_what_was_done(text: str, was: str, told: str) -> None:
    """The simplest explanation is told, and nothing where there is none."""
    assert how_changed(text, was) == told


def test_a_difference_says_how() -> None:
    """Lengths come first, then what was done; neither text is told."""
    (found,) = differences(["client_name"], {"client_name": "Ann"}, {"client_name": " Ann "})

    assert found.told == "client_name is 3 characters long, not 5: the blanks at its ends are gone"
