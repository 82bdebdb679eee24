"""Unit tests are kept from the network and the machine's settings."""

from __future__ import annotations

import os
import socket

import hypothesis
import pytest
from pytest_socket import SocketBlockedError


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_no_unit_test_opens_a_connection(family: socket.AddressFamily) -> None:
    """A socket of the network cannot even be made."""
    with pytest.warns(UserWarning, match="A test tried to use"), pytest.raises(SocketBlockedError):
        socket.socket(family)


def test_a_connection_attempt_raises() -> None:
    """An attempt to connect ends before any byte is sent."""
    with pytest.warns(UserWarning, match="A test tried to use"), pytest.raises(SocketBlockedError):
        socket.create_connection(("127.0.0.1", 9))


def test_nothing_of_the_machine_is_seen() -> None:
    """No setting, proxy or certificate path of the machine reaches a unit test."""
    kept = ("ONELINK_", "SSL_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
    seen = [name for name in os.environ if name.upper().startswith(kept)]

    assert seen == []


def test_drawn_examples_are_the_same_everywhere() -> None:
    """However slow a machine is, and whatever was drawn on it before."""
    drawn = hypothesis.settings.default

    assert drawn is not None
    assert (drawn.deadline, drawn.database, drawn.derandomize) == (None, None, True)
    assert hypothesis.HealthCheck.too_slow in drawn.suppress_health_check
