"""Log records contain no secret."""

import logging
from collections.abc import Iterator

import pytest

from cancel_contract.plugin.log_redaction import silence
from cancel_contract.redaction.secrets import Redactor

TOKEN = "TestMemberQ7f3cA91e7Bb2D4860"
LOG = logging.getLogger("some.library")


@pytest.fixture(autouse=True)
def _silenced() -> Iterator[None]:
    """Take secrets out for one test."""
    before = logging.getLogRecordFactory()
    silence(Redactor({"TOKEN": TOKEN}))
    yield
    logging.setLogRecordFactory(before)


def test_arguments_are_cleaned(caplog: pytest.LogCaptureFixture) -> None:
    """A secret among the arguments is taken out of the message."""
    LOG.warning("headers %s, tries %d", [("api_access_token", TOKEN)], 3)

    assert caplog.messages == ["headers [('api_access_token', '$TOKEN')], tries 3"]


def test_what_holds_no_secret_stays_as_it_was(caplog: pytest.LogCaptureFixture) -> None:
    """Message and arguments stay apart, as handlers expect them."""
    LOG.warning("tries %d", 3)

    assert (caplog.records[0].msg, caplog.records[0].args) == ("tries %d", (3,))


def test_a_traceback_is_cleaned(caplog: pytest.LogCaptureFixture) -> None:
    """An exception's text and its traceback are cleaned before any formatter sees them."""
    try:
        int(TOKEN)
    except ValueError:
        LOG.exception("failed")

    assert TOKEN not in caplog.text
    assert "ValueError: invalid literal for int() with base 10: '$TOKEN'" in caplog.text


def test_arguments_that_do_not_fit_are_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Where logging itself complains, it has nothing left to show."""
    handler = logging.StreamHandler()
    LOG.addHandler(handler)
    try:
        LOG.warning("tries %d", TOKEN)
    finally:
        LOG.removeHandler(handler)

    captured = capsys.readouterr()
    assert TOKEN not in captured.out + captured.err
    assert "tries %d" in captured.err


def test_a_second_run_takes_the_first_ones_place(caplog: pytest.LogCaptureFixture) -> None:
    """Secrets of an earlier run are no secrets any more; records are made once."""
    made = logging.getLogRecordFactory().made  # type: ignore[attr-defined]  # only our own factory has it
    silence(Redactor({"OTHER": "another-secret-text"}))

    LOG.warning("%s another-secret-text", TOKEN)

    assert caplog.messages == [f"{TOKEN} $OTHER"]
    assert logging.getLogRecordFactory().made is made  # type: ignore[attr-defined]  # likewise
