"""Which words of a server's text are shown."""

import pytest

from cancel_contract.redaction.personal_data import discreet, discreet_key, discreet_quotes


@pytest.mark.parametrize(
    "text",
    [
        "Resource could not be found",
        "Invalid Access Token $ONELINK_API_TOKEN",
        "Imported Medelement appointments are read-only",
        "service_amount is required and must be greater than 0",
        "You need to sign in or sign up before continuing.",
        "Appointment not found (APPOINTMENT_NOT_FOUND)",
        "Validation failed: Starts at can't be blank",
        "Already cancelled",
        "Primary",
        "NO_SHOW",
        "Internal Server Error",
        "запись не найдена",
        'PG::Error: SELECT "appointments".* FROM "appointments" WHERE 0',
        "app/services/scheduling/cancel_service.rb:42:in",
        "ORA-00942 in 12 rows",
        "from 2026-11-02T09:00:00Z to 2026-11-02 10:30:00.5+05:00",
        "public, max-age=3600",
        "",
    ],
)
def test_words_of_the_api_are_told(text: str) -> None:
    """A sentence of the API, of HTTP or of a developer's tools stays as it is."""
    assert discreet(text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Anna Karenina (+7 701 555 12 34) has it", "<string 4> <string 8> (<string 16>) has it"),
        ("Каренина, запись не найдена", "<string 8>, запись не найдена"),
        ("born 1989-01-01, 890101300123", "born <string 10>, <string 12>"),
        ("user anna@mail.kz", "user <string 12>"),
        ("0JDQvdC90LAg0JrQsNGA", "<string 20>"),
        ("%D0%90%D0%BD d0b0d0bd", "<string 12> <string 8>"),
        ("<string 13> is not yours", "<string 13> is not yours"),
        ("Анна\nКаренина", "<string 4>\n<string 8>"),
    ],
)
def test_what_may_be_a_persons_is_told_by_its_length(text: str, told: str) -> None:
    """Names, telephone and identity numbers, days of birth and whatever is encoded show no more than their length."""
    assert discreet(text) == told


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("the expense's status is 'Anna', not 'paid'", "the expense's status is '<string 4>', not 'paid'"),
        (
            "illegal status line: bytearray(b'HTTP/1.1 Anna')",
            "illegal status line: bytearray(b'<string 8> <string 4>')",
        ),
        ('code is "O\'Brien", not null', 'code is "<string 7>", not null'),
        ("id is 'a\\'Anna', not 12", "id is '<string 7>', not 12"),
        ("Cache-Control is 'public, max-age=60'", "Cache-Control is 'public, max-age=60'"),
        ("Retry-After is not what RFC 9110 says", "Retry-After is not what RFC 9110 says"),
    ],
)
def test_only_quotes_of_a_message_are_a_servers(message: str, told: str) -> None:
    """Our own words stay as they are; what a message quotes is discreet."""
    assert discreet_quotes(message) == told


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("client_name", "client_name"),
        ("serviceAmount", "serviceAmount"),
        ("address_2", "address_2"),
        ("Анна", "<key 4>"),
        ("Anna Karenina", "<key 13>"),
        ("x77015551234", "<key 12>"),
        ("d0b0d0bdd0bdd0b0", "<key 16>"),
        ("sha256_of_2", "sha256_of_2"),
        ("", "<key 0>"),
    ],
)
def test_a_key_that_no_api_chooses_is_told_by_its_length(key: str, told: str) -> None:
    """Names of fields are reported; a person's data that stand in their place are not."""
    assert discreet_key(key) == told
