"""The other tools of the comparison: their configuration, commands, and known limits."""

import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from string import Template
from typing import Any, Final

import yaml
from pages import HERE, ROOT

from cancel_contract.provider import SEED

CONFIGS: Final = HERE / "peers"
OPENAPI: Final = ROOT / "openapi"
FRAGMENT: Final = OPENAPI / "cancel-appointment.yaml"
TIME_LIMIT: Final = 0.4
"""Seconds that an answer may take, passed to each peer that takes a limit."""
NOBODYS: Final = 2**40
_CANCEL: Final = "/api/v1/accounts/{account_id}/scheduling/appointments/{id}/cancel"
# Every request that would leave this machine goes to a closed port.
_JAVA: Final = "-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=9 -Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=9"


@dataclass(frozen=True, slots=True)
class Context:
    """Where a peer plays: the provider, the appointment that is its own, a folder of its own, the npm tools."""

    url: str
    appointment: int
    folder: Path
    tools: Path


@dataclass(frozen=True, slots=True)
class Contestant:
    """One peer in one configuration."""

    name: str
    how: str
    """The configuration, in words."""
    cannot: str
    """What it cannot do by design."""
    command: Callable[[Context], list[str]]
    told: re.Pattern[str]
    """What it found, as its output names it."""
    patience: float = 120
    every: int = 1
    """It is given one fault in this number: some need half a minute for one."""


def environment(base: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of every peer: the token is in it, never on a command line."""
    kept = {name: value for name, value in base.items() if not name.startswith("ONELINK_")}
    return {**kept, "PEER_TOKEN": SEED.member_token, "JAVA_TOOL_OPTIONS": _JAVA, "EXTENSIBLE_SCHEMA": "true"}


def _schemathesis(context: Context, config: str | None, spec: Path) -> list[str]:
    command = [str(Path(sys.executable).with_name("schemathesis"))]
    if config:
        text = Template((CONFIGS / config).read_text(encoding="utf-8"))
        filled = context.folder / "schemathesis.toml"
        filled.write_text(text.safe_substitute(account=SEED.account_id, appointment=context.appointment))
        command += ["--config-file", str(filled)]
    return [*command, "run", str(spec), "--url", context.url]


def _default(context: Context) -> list[str]:
    return [*_schemathesis(context, None, FRAGMENT), "--header", f"api_access_token: {SEED.member_token}"]


def _best(context: Context) -> list[str]:
    return _schemathesis(context, "schemathesis-best.toml", FRAGMENT)


def _wide(context: Context) -> list[str]:
    for name in ("cancel-appointment.yaml", "companions.yaml"):
        copy(OPENAPI / name, context.folder)
    whole = yaml.safe_load((OPENAPI / "companions.yaml").read_text(encoding="utf-8"))
    pointer = _CANCEL.replace("/", "~1")
    whole["paths"][_CANCEL] = {"$ref": f"cancel-appointment.yaml#/paths/{pointer}"}
    return _schemathesis(context, "schemathesis-wide.toml", _written(context, whole))


def _dredd(context: Context) -> list[str]:
    whole = yaml.safe_load(FRAGMENT.read_text(encoding="utf-8"))
    # It sees neither references to parameters nor their `examples`.
    parameters = whole["components"]["parameters"]
    for name, value in (("AccountId", SEED.account_id), ("AppointmentId", context.appointment)):
        del parameters[name]["examples"]
        parameters[name]["example"] = value
    whole["paths"][_CANCEL]["post"]["parameters"] = [*parameters.values()]
    hooks = CONFIGS / "dredd-hooks.js"
    return [str(context.tools / ".bin" / "dredd"), str(_written(context, whole)), context.url, f"--hookfiles={hooks}"]


def _specmatic(context: Context) -> list[str]:
    whole = yaml.safe_load(FRAGMENT.read_text(encoding="utf-8"))
    full = whole["components"]["examples"]["FullAppointment"]["value"]
    here, token = context.appointment, SEED.member_token
    _example(context, "cancelled", here, token, 200, full)
    _example(context, "unknown", NOBODYS, token, 404, {"error": "Resource could not be found"})
    _example(context, "unsigned", here, "wrong", 401, {"error": "Invalid Access Token"})
    jar = context.tools / "specmatic" / "specmatic.jar"
    spec, examples = str(_written(context, _without_examples(whole))), f"--examples={context.folder / 'examples'}"
    limit = f"--timeout-in-ms={TIME_LIMIT * 1000:g}"
    return ["java", "-jar", str(jar), "test", "--strict", f"--testBaseURL={context.url}", spec, examples, limit]


def _example(context: Context, name: str, appointment: int, token: str, status: int, body: Any) -> None:  # noqa: ANN401, PLR0913, PLR0917  the parts of one example
    path = _CANCEL.format(account_id=SEED.account_id, id=appointment)
    asked = {"method": "POST", "path": path, "headers": {"api_access_token": token}}
    answer = {"status": status, "headers": {"Content-Type": "application/json"}, "body": body}
    folder = context.folder / "examples"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps({"http-request": asked, "http-response": answer}))


def _without_examples(node: Any) -> Any:  # noqa: ANN401  YAML's boundary
    """Return a document without `examples`: those of answers alone stop Specmatic."""
    if isinstance(node, dict):
        return {name: _without_examples(part) for name, part in node.items() if name != "examples"}
    return [_without_examples(part) for part in node] if isinstance(node, list) else node


def _written(context: Context, whole: Any) -> Path:  # noqa: ANN401  YAML's boundary
    path = context.folder / "openapi.yaml"
    path.write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
    return path


_NO_ORACLE: Final = "no clause over more than one answer: no read-back, no repeat, no race, no neighbour"
PEERS: Final = (
    Contestant(
        "schemathesis, default", "4.32.5, the fragment, the token as a header, nothing else set",
        f"{_NO_ORACLE}; it guesses ids", _default, re.compile(r"\bST\d{3}\b"), every=4,
    ),
    Contestant(
        "schemathesis, one appointment",
        "the token as configured auth, account and an own appointment given, no undeclared methods, time limit",
        f"{_NO_ORACLE}; a given id is not varied", _best, re.compile(r"\bST\d{3}\b"),
    ),
    Contestant(
        "schemathesis, wide",
        "the same with the companion operations and the stateful phase instead of a given appointment, and without the "
        "four checks that call the honest provider broken",
        "no read-back of a cancel, no repeat, no race; it changes whatever its ids meet", _wide,
        re.compile(r"\bST\d{3}\b"), patience=300, every=24,
    ),
    Contestant(
        "dredd", "14.1.0, the fragment with inlined parameters, hooks for 200, 401 and 404",
        f"{_NO_ORACLE}; it compares structure with an example, not types; no generated cases", _dredd,
        re.compile(r"(?m)fail(?:\x1b\[\d+m)?: (POST \(\d+\))"),
    ),
    Contestant(
        "specmatic", "2.55.1, strict, extensible schema, examples for 200, 401 and 404, time limit",
        f"{_NO_ORACLE}; generated requests would name strangers' ids, so examples only", _specmatic,
        re.compile(r"-> (\d{3}) with the request from the example '\w+' (?:has )?FAILED"), every=8,
    ),
)  # fmt: skip
"""Every peer."""
