"""The curl command that repeats a request, parsed by a shell and by Python's shlex."""

import os
import shlex
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cancel_contract.exchange.credential import (
    HEADER,
    SHOWINGS,
    Credential,
    Holder,
    secrets,
)
from cancel_contract.exchange.curl import LONGEST_BODY, SHELL, curl
from cancel_contract.exchange.exchange import Exchange
from cancel_contract.redaction.secrets import Redactor

TOKEN = "t0ken/OfTheTests+x9"
VARIABLES = {"ONELINK_API_TOKEN": TOKEN, "HOME": "/nowhere", "PATH": os.defpath}
Made = Callable[..., Exchange]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[str]]:
    """Return what sh makes of a line in which curl is a program that tells its arguments."""
    home = tmp_path_factory.mktemp("bin")
    program = home / "curl"
    program.write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\n", encoding="utf-8")
    program.chmod(0o755)

    def run(line: str) -> list[str]:
        path = f"{home}{os.pathsep}{os.defpath}"
        env = {**VARIABLES, "PATH": path, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, check=True, env=env)  # noqa: S603  our own line
        return done.stdout.decode().removesuffix("\0").split("\0")

    return run


NO_LENGTH = ["-H", "content-length: 0"]


def test_a_cancel_is_one_line(exchange: Made) -> None:
    """What httpx adds by itself is left out, the token is a variable, and that there is no body is said as it was."""
    assert curl(exchange()) == (
        "curl -sS -i -X POST https://one-link.test/api/v1/accounts/3/scheduling/appointments/7/cancel "
        "-H 'Accept: application/json' "
        "-H \"api_access_token: ${ONELINK_API_TOKEN}\" -H 'content-length: 0'"
    )


def test_the_shell_puts_the_token_in(exchange: Made, shell: Callable[[str], list[str]]) -> None:
    """Where ONELINK_API_TOKEN is set the line sends the token."""
    assert f"api_access_token: {TOKEN}" in shell(curl(exchange()))


@pytest.mark.parametrize("name", sorted(SHOWINGS))
def test_every_way_of_showing_a_token_is_repeated(exchange: Made, shell: Callable[[str], list[str]], name: str) -> None:
    """The line sends what the case sent: near misses, other places, none at all."""
    shown = Credential(showing=name).show(TOKEN)
    clean = Redactor(secrets({Holder.MEMBER: TOKEN}))
    sent = tuple((header, value.decode("latin-1")) for header, value in shown.headers)
    url = f"https://one-link.test/cancel?{shown.query}" if shown.query else "https://one-link.test/cancel"
    body = clean.clean(shown.body or b"")

    line = curl(exchange(url=clean.clean_text(url), headers=clean.clean_pairs(sent), sent=body))

    assert TOKEN not in line
    assert shell(line) == _wanted(
        name, shown.query, dict.fromkeys(f"{key}: {value.decode()}" for key, value in shown.headers), shown.body
    )


def _wanted(showing: str, query: str, headers: Iterable[str], body: bytes | None) -> list[str]:
    # curl encodes what stands for a token in a URL as it is, and makes the header for Basic itself.
    names = (HEADER, "access_token", "token", "api_key")
    asked = "&".join(f"{name}={TOKEN}" for name in names)
    url = f"https://one-link.test/cancel?{asked}" if query else "https://one-link.test/cancel"
    told = [f"{HEADER};" if header == f"{HEADER}: " else header for header in headers]
    if showing in {"cookie", "cookie-and-query"}:
        told = ["cookie: " + "; ".join(f"{name}={TOKEN}" for name in names)]
    shown = ["-u", f"{TOKEN}:{TOKEN}"] if showing == "basic" else [part for header in told for part in ("-H", header)]
    sent = ["--data-raw", body.decode()] if body else NO_LENGTH
    return ["-sS", "-i", "-X", "POST", url, "-H", "Accept: application/json", *shown, *sent]


def test_other_programs_are_repeated(exchange: Made, shell: Callable[[str], list[str]]) -> None:
    """The line names the program that the case names, and sends no header that the case went without."""
    sent = exchange(headers=(("user-agent", "okhttp/4.12.0"),))
    without = frozenset({"user-agent", "accept", "content-length"})
    bare = replace(sent, request_headers=(), case=replace(sent.case, without=without))
    plain = replace(sent, request_headers=(*sent.request_headers, ("accept-encoding", "identity")))
    encoded = replace(plain, case=replace(sent.case, headers=(("accept-encoding", b"identity"),)))

    assert shell(curl(encoded))[-5:] == ["-H", "accept-encoding: identity", "--compressed", *NO_LENGTH]
    assert not any("encoding" in word or "compressed" in word for word in shell(curl(plain)))
    assert "user-agent: okhttp/4.12.0" in shell(curl(sent))
    assert shell(curl(bare))[-4:] == ["-H", "accept:", "-H", "user-agent:"]


def test_a_repeated_request_has_no_id_of_the_run(exchange: Made, shell: Callable[[str], list[str]]) -> None:
    """Whoever sends it again is not taken for the run in a log; another's id is part of what was sent."""
    own, other = "cancel-contract-3f9a01bc-12", "of-the-recorded-client"

    assert curl(exchange(headers=(("X-Request-Id", own),))) == curl(exchange(headers=()))
    assert f"X-Request-Id: {other}" in shell(curl(exchange(headers=(("X-Request-Id", other),))))
    assert f"X-Other: {own}" in shell(curl(exchange(headers=(("X-Other", own),))))


def test_every_near_miss_has_a_way_to_be_made() -> None:
    """Whatever name a redacted request may hold, a shell can make the text that it stands for."""
    assert {f"ONELINK_API_TOKEN{ending}" for ending in SHELL} == set(secrets({Holder.MEMBER: TOKEN}))


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30))
@settings(max_examples=100)
def test_any_body_is_quoted(exchange: Made, text: str) -> None:
    """A shell reads back the body that was sent, whatever characters are in it."""
    assert shlex.split(curl(exchange(sent=text.encode())))[-2:] == ["--data-raw", text]


@pytest.mark.parametrize(
    "text", ["$HOME `id` \\ \" ' $ONELINK_API_TOKEN", "${ONELINK_API_TOKEN", "$ONELINK_OTHER $$ !!"]
)
def test_nothing_but_the_token_is_put_in(exchange: Made, shell: Callable[[str], list[str]], text: str) -> None:
    """What else looks like a variable or a command stays as it was sent."""
    assert shell(curl(exchange(sent=text.encode())))[-1] == text.replace("$ONELINK_API_TOKEN", TOKEN)


def test_a_body_that_begins_with_an_at_sign_is_no_file(exchange: Made) -> None:
    """A body that begins with @ is sent as text; curl reads no file of the reader's."""
    assert "--data-raw @/etc/passwd" in curl(exchange(sent=b"@/etc/passwd"))


@pytest.mark.parametrize(
    "body",
    [
        b'{"client_comment": "' + b"x" * 1_000_000 + b'"}',
        b"[" * 5000 + b"]" * 5000,
        b'{"a": "\xff\xfe, 5 % of \'it\' \\"}',
        b"\0" * 300 + b"x\0",
        b"<a>" * 300,
    ],
    ids=["megabyte", "deep", "not-utf-8", "nul", "long"],
)
def test_any_body_of_ours_is_sent_whole(exchange: Made, tmp_path: Path, body: bytes) -> None:
    """What is too long for a line, or no text, is made by the shell, byte for byte."""
    line = curl(exchange(sent=body))
    sent = _sent(line, tmp_path)

    assert len(line) < 1500
    assert sent == body


def _sent(line: str, home: Path) -> bytes:
    """Return the body that a line has curl send."""
    program = home / "curl"
    program.write_text(
        '#!/bin/sh\nfor last; do :; done\nif [ "$last" = @- ]; then cat; else printf %s "$last"; fi\n', encoding="utf-8"
    )
    program.chmod(0o755)
    env = {"PATH": f"{home}{os.pathsep}{os.defpath}", "LC_ALL": "C.UTF-8"}
    return subprocess.run(["/bin/sh", "-c", line], capture_output=True, check=True, env=env).stdout  # noqa: S603  our own line


@pytest.mark.parametrize("letter", ["ab", "яб"])
def test_a_long_body_is_shortened(exchange: Made, letter: str, tmp_path: Path) -> None:
    """A megabyte that is not one letter over and over is no line."""
    sent = _sent(curl(exchange(sent=letter.encode() * 500_000)), tmp_path)

    told = f"... and {len(letter.encode()) * 500_000 - LONGEST_BODY} bytes more"
    assert len(sent) == LONGEST_BODY + len(told)
    assert sent.decode().endswith(f"{letter}{told}")


def test_a_header_is_sent_byte_for_byte(exchange: Made) -> None:
    """A recorded header has a character for each byte; the line has the text, which curl sends as UTF-8."""
    recorded = "tökén-ключ".encode().decode("latin-1")

    assert "-H 'api_access_token: tökén-ключ'" in curl(exchange(headers=(("api_access_token", recorded),)))
    assert "-H 'x-mark: \xe9'" in curl(exchange(headers=(("x-mark", "\xe9"),)))


def test_dots_in_a_path_stay(exchange: Made) -> None:
    """Without its option curl would tidy the path up before it sends it."""
    assert "--path-as-is https://one-link.test/./cancel" in curl(exchange(url="https://one-link.test/./cancel"))


def test_a_head_does_not_wait_for_a_body(exchange: Made) -> None:
    """With -X HEAD curl hangs; its own option asks for the head alone."""
    assert curl(exchange(method="HEAD", url="https://one-link.test/", headers=())) == (
        "curl -sS -I https://one-link.test/ -H 'Accept: application/json' -H 'content-length: 0'"
    )
