"""Nothing that a failing run writes contains a token, in whatever encoding, or a person's data.

The server echoes its callers' tokens in every encoding and shows all it knows; pytest runs with every verbose option; a
clause and a scenario crash, and a test outside the contract fails with a token in a local variable.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from cancel_contract.provider import (
    SEED,
    Fault,
    Hooks,
    Provider,
    running,
)
from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.behaviours import EVERY

TOKENS = {
    SEED.member_token: "Canary+T0ken/9=Zz%Q7f3cA91e",
    SEED.foreign_token: "Foreign~T0ken;8&Yy#P6e2bB80d",
    SEED.unprivileged_token: "Viewer!T0ken'7<Xx>R5d1aC79c",
    SEED.second_token: "Colleague*T0ken{6}Kk:H8u3iJ55b",
}
"""Tokens in which every encoding has something to encode, by those of the seed."""
PERSON: dict[str, Any] = {
    "client_name": "Канарейка Жёлтая",
    "client_phone": "+7 000 777 13 57",
    "client_identifier": "CANARY-900101-777",
}
ROAD = "R0ad-Secret/For+The=Gateway"

TALKATIVE = (
    "-vv", "-l", "-rA", "--tb=long", "--showlocals", "--log-level=DEBUG", "--log-cli-level=DEBUG", "-o", "log_cli=true",
    "--junit-xml=junit.xml", "-o", "junit_logging=all", "--log-file=log.txt",
    "--log-file-level=DEBUG", "--full-trace", "--contract-json=report.json",
    "--contract-html=report.html", "--contract-har=report.har",
)  # fmt: skip

CRASHES = '''
"""Makes a clause and a scenario crash with a token in their hands."""

import logging
import os

from cancel_contract.clauses import BY_ID
from cancel_contract.run.scenarios import SCENARIOS


def _crash(*_):
    token = os.environ["ONELINK_API_TOKEN"]
    logging.getLogger("httpcore.http11").warning("token=%s", token)
    raise RuntimeError(f"no idea what to do with {token}")


def pytest_configure():
    object.__setattr__(BY_ID["answer/duration"], "findings", _crash)
    object.__setattr__(next(one for one in SCENARIOS if one.name == "effect/slot"), "play", _crash)
'''

OTHERS = '''
"""A test of somebody else's."""

import logging
import os


def test_with_a_token():
    token = os.environ["ONELINK_API_TOKEN"]
    logging.getLogger("theirs").warning("this is %s", token)
    assert token == "another"
'''


def _echoes(secret: str) -> dict[str, str]:
    """Return a secret as a careless server may tell it, whole."""
    raw = secret.encode()
    return {
        "plain": secret,
        "hex": raw.hex(),
        "HEX": raw.hex().upper(),
        "url": quote(secret, safe=""),
        "path": quote(secret),
        "base64": base64.b64encode(raw).decode(),
        "urlsafe": base64.urlsafe_b64encode(raw).decode(),
        **{f"base64 of {text}": base64.b64encode(f"{text}{secret}".encode()).decode() for text in ("a:", "b")},
    }


def _forms(secret: str) -> Iterator[bytes]:
    raw = secret.encode()
    yield from (raw, raw.hex().encode(), raw.hex().upper().encode())
    yield from (quote(secret, safe="").encode(), quote(secret).encode(), quote_plus(secret).encode())
    yield from (base64.b64encode(raw)[:-4], base64.urlsafe_b64encode(raw)[:-4])
    # Whatever stands before it shifts the letters of base64.
    yield from (base64.b64encode(b"x" * shift + raw)[4:-4] for shift in (1, 2))
    yield from (raw[:-1], raw[1:], json.dumps(secret)[1:-1].encode())


def _echoing(call: Call, answer: Answer) -> Answer:
    token = call.request.header("api_access_token") or call.token or ""
    if not token.isascii() or not answer.body.startswith(b"{"):
        return answer
    person = dict(_known(call))
    body = {**json.loads(answer.body), "debug": _echoes(token), "seen": person, "error": f"{person} {token}"}
    return replace(answer, body=json.dumps(body, ensure_ascii=False).encode()).with_header("X-Debug", quote(token))


def _known(call: Call) -> Iterator[tuple[str, str]]:
    """Yield what a leaky server knows of somebody."""
    stranger = call.store.appointments[SEED.readonly_appointment_id]
    yield from ((name, getattr(stranger, name)) for name in PERSON)


LEAKY = Fault("canary", "answer/no-token", "Everything is told.", Hooks(operations=EVERY, answer=_echoing))


def _provider() -> Provider:
    """A provider that leaks whatever it is told, over rows of persons that nobody has to see."""
    provider = Provider(["refusal-names-client", "sql-in-404", "trace-in-header", "repeat-error", LEAKY])
    directory = provider.store.directory
    users = tuple(replace(user, token=TOKENS[user.token]) for user in directory.users)
    provider.store.directory = replace(directory, users=users)
    rows = provider.store.appointments
    rows.update({number: replace(row, **PERSON) for number, row in rows.items()})
    return provider


@pytest.fixture
def written(shell: Callable[..., Any], tmp_path: Path) -> Callable[..., dict[str, bytes]]:
    """Return everything that a run over the leaky provider writes: both streams, and every file."""

    def run(*options: str) -> dict[str, bytes]:
        (tmp_path / "crashes.py").write_text(CRASHES, encoding="utf-8")
        (tmp_path / "test_others.py").write_text(OTHERS, encoding="utf-8")
        names = ("API_TOKEN", "FOREIGN_API_TOKEN", "UNPRIVILEGED_API_TOKEN", "SECOND_API_TOKEN")
        tokens = dict(zip(names, TOKENS.values(), strict=True))
        with running(_provider()) as served:
            done = shell(
                served.base_url,
                "-p",
                "crashes",
                "test_others.py",
                *options,
                **tokens,
                EXTRA_HEADERS=f"X-Gateway: {ROAD}",
            )
        assert done.code == 1, done.out
        files = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        return {**files, "stdout": done.out.encode(), "stderr": done.err.encode()}

    return run


@pytest.mark.parametrize("options", [TALKATIVE, ("-n", "2", "-l", "--junit-xml=junit.xml")], ids=["alone", "workers"])
def test_nothing_that_is_written_holds_a_secret(
    written: Callable[..., dict[str, bytes]], options: tuple[str, ...]
) -> None:
    """No file and no stream holds a token in any form, or a person's name, telephone or identity number."""
    everything = written(*options)
    _assert_it_failed_in_every_way(everything)

    secrets = {form for secret in (*TOKENS.values(), ROAD) for form in _forms(secret)}
    personal = {form for text in PERSON.values() for form in (text.encode(), json.dumps(text)[1:-1].encode())}
    found = {(name, needle) for name, data in everything.items() for needle in secrets | personal if needle in data}
    assert found == set()


def _assert_it_failed_in_every_way(everything: dict[str, bytes]) -> None:
    out = everything["stdout"].decode()
    assert re.search(r"answer/no-token( BROKEN)?: the answer holds the value of \$ONELINK_API_TOKEN in ", out)
    assert "ABORTED   answer/duration" in out
    assert "suite failure: effect/slot: RuntimeError: no idea what to do with $ONELINK_API_TOKEN" in out
    assert "assert '$ONELINK_API_TOKEN' == 'another'" in out
    assert "this is $ONELINK_API_TOKEN" in out
    assert b"BROKEN" in everything["junit.xml"]
