"""Where, as whom and with which limits: read from the environment and a `.env`, all problems told at once.

Lives here: names, defaults, remedies, contradictions. May not know: the network, pytest.
"""

import difflib
import functools
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

import httpx
from dotenv.parser import Binding, parse_stream
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from contracts.accepted import (
    LARGEST_ID,
    Authorities,
    Certificate,
    Headers,
    Id,
    Ids,
    Origin,
    Token,
    Zone,
    is_loopback,
    problem,
)
from contracts.errors import Misconfigured
from contracts.redaction import SHORTEST

__all__ = [
    "LARGEST_ID", "PREFIX", "PRODUCTION_HOST", "Settings", "is_loopback", "load", "remedy", "secret_names", "tokens",
    "variable",
]  # fmt: skip

PREFIX: Final = "ONELINK_"
PRODUCTION_HOST: Final = "one-link.kz"
"""The host of the documentation page (documented)."""


class Settings(BaseModel):
    """Every setting of a run; the description of each is the remedy that its errors name."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, extra="forbid")

    base_url: Origin | None = Field(
        None, description="the target's scheme, host and port; without it the embedded provider is the target"
    )
    api_token: Token | None = Field(None, description="the token of a member who may cancel, from the profile page")
    account_id: Id | None = Field(None, description="the account's number, as in the address of its pages")
    resource_id: Id | None = Field(None, description="the resource in whose free slots appointments are made")
    service_id: Id | None = Field(None, description="a service of that resource, for appointments with one")
    contact_id: Id | None = Field(None, description="a contact, for appointments with one")
    time_zone: Zone = Field("Asia/Almaty", description="the zone of the resource's working hours")
    appointment_ids: Ids = Field(
        (), description="appointments that the run may cancel, comma-separated, where making them is not permitted"
    )
    readonly_appointment_id: Id | None = Field(None, description="an imported (read-only) appointment of the account")
    paid_expense_appointment_id: Id | None = Field(None, description="an appointment with a paid expense")
    foreign_account_id: Id | None = Field(None, description="a second account")
    foreign_api_token: Token | None = Field(None, description="the token of a member of the second account only")
    foreign_appointment_id: Id | None = Field(None, description="an appointment of the second account, ours to lose")
    unprivileged_api_token: Token | None = Field(
        None, description="the token of a member of the account who may not cancel"
    )
    repeat_policy: Literal["idempotent", "rejected", "either"] = Field(
        "idempotent", description="idempotent (200 and the same), rejected (409 or 422), or either of them"
    )
    time_limit: Annotated[float, Field(gt=0, le=300)] = Field(10.0, description="seconds within which an answer comes")
    max_requests: Annotated[int, Field(ge=1)] = Field(600, description="requests that a run may send")
    max_appointments: Annotated[int, Field(ge=1)] = Field(40, description="appointments that a run may make")
    max_rate: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(
        20.0, description="requests a second; on loopback, where none is set, no limit"
    )
    max_parallel: Annotated[int, Field(ge=2, le=64)] = Field(8, description="requests under way at once")
    allow_production: bool = Field(default=False, description=f"yes to let the run reach {PRODUCTION_HOST}, else no")
    allow_plaintext: bool = Field(
        default=False, description="yes to let http (without TLS) leave this machine, else no"
    )
    allow_mapped_resource: Id | None = Field(
        None,
        description="the number of the resource once more, to make appointments in one that is mapped to the clinic's "
        "own system: they leave this system",
    )
    ca_bundle: Authorities | None = Field(None, description="a file of certificate authorities to trust")
    client_cert: Certificate | None = Field(None, description="a PEM file with the client's certificate and key")
    extra_headers: Headers = Field((), description="headers for the road to the target, a line each: Name: value")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the resource's working hours."""
        return ZoneInfo(self.time_zone)

    @model_validator(mode="after")
    def _agree(self) -> Self:
        problems = tuple(_contradictions(self))
        if problems:
            raise problem("\n".join(problems))
        return self


_WITH_A_TARGET: Final = (
    "api_token", "account_id", "resource_id", "service_id", "contact_id", "appointment_ids", "readonly_appointment_id",
    "paid_expense_appointment_id", "foreign_account_id", "foreign_api_token", "foreign_appointment_id",
    "unprivileged_api_token", "allow_mapped_resource", "ca_bundle", "client_cert", "extra_headers",
)  # fmt: skip
"""Settings that mean something on a target of one's own only."""


def _contradictions(settings: Settings) -> Iterator[str]:
    if settings.base_url is None:
        for name in (name for name in _WITH_A_TARGET if getattr(settings, name)):
            yield f"{variable(name)} is set but {variable('base_url')} is not: set both, or neither"
        return
    if settings.allow_mapped_resource not in {None, settings.resource_id}:
        told = f"{variable('allow_mapped_resource')} is {settings.allow_mapped_resource}"
        other = f"{variable('resource_id')} is {settings.resource_id}"
        yield f"{told}, and {other}: name the same resource in both, or allow none"
    for name in ("api_token", "account_id"):
        if getattr(settings, name) is None:
            yield f"{variable(name)} is not set: {remedy(name)}"
    yield from _road(httpx.URL(settings.base_url), settings)
    yield from _others(settings)
    yield from _parts(settings)


def _road(url: httpx.URL, settings: Settings) -> Iterator[str]:
    host = url.host.rstrip(".")
    if (host == PRODUCTION_HOST or host.endswith(f".{PRODUCTION_HOST}")) and not settings.allow_production:
        remedies = f"name a staging host, or set {variable('allow_production')}=yes"
        yield f"{variable('base_url')} is {url}, the production host: {remedies}"
    if url.scheme == "http" and not is_loopback(url.host) and not settings.allow_plaintext:
        remedies = f"use https, or set {variable('allow_plaintext')}=yes"
        yield f"{variable('base_url')} is {url}, not https, so that a token would travel readable: {remedies}"


def _others(settings: Settings) -> Iterator[str]:
    """Give what is wrong with the other account and the other members."""
    if settings.foreign_appointment_id and not settings.foreign_account_id:
        yield f"{variable('foreign_appointment_id')} is set but {variable('foreign_account_id')} is not: set both"
    if settings.foreign_account_id and settings.foreign_account_id == settings.account_id:
        yield f"{variable('foreign_account_id')} is {settings.account_id}, the account itself: name another account"
    known: dict[str, str] = {}
    for name in ("api_token", "foreign_api_token", "unprivileged_api_token"):
        token = getattr(settings, name)
        if token and (same := known.setdefault(token.get_secret_value(), name)) != name:
            yield f"{variable(name)} is *** and equals {variable(same)}: name another member's token"


def _parts(settings: Settings) -> Iterator[str]:
    """Give the appointments that have more than one part to play."""
    given = [*settings.appointment_ids]
    for name in ("readonly_appointment_id", "paid_expense_appointment_id", "foreign_appointment_id"):
        given += [value] if (value := getattr(settings, name)) else []
    for twice in sorted({number for number in given if given.count(number) > 1}):
        yield f"appointment {twice} is named twice in the settings: it has one part to play, name another"


def variable(name: str) -> str:
    """Give the environment variable of a setting: `base_url` is ONELINK_BASE_URL."""
    return PREFIX + name.upper()


def not_set(names: Sequence[str]) -> str:
    """Give the sentence that tells which settings have no value; empty without names."""
    told = " and ".join(map(variable, names))
    return f"{told} {'is' if len(names) == 1 else 'are'} not set" if names else ""


def remedy(name: str) -> str:
    """Give what to set, in words."""
    return f"set it to {Settings.model_fields[name].description}"


@functools.cache
def secret_names() -> frozenset[str]:
    """Give the settings whose values are never shown."""
    return frozenset(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation))


def tokens(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the tokens that the environment holds by their variables, whether right or wrong, to mask them."""
    given = os.environ if environ is None else environ
    return {name: text for name in map(variable, secret_names()) if len(text := given.get(name, "")) >= SHORTEST}


def load(environ: Mapping[str, str] | None = None, env_file: Path = Path(".env"), **overrides: object) -> Settings:
    """Read the settings; the command line (`overrides`) wins over the environment, which wins over the file.

    Raises Misconfigured with every problem that was found.
    """
    lines = _lines_of(env_file)
    filed = {line.key: line.value for line in lines if line.key}
    given = {**filed, **(os.environ if environ is None else environ)}
    values: dict[str, object] = {name: text for name in Settings.model_fields if (text := given.get(variable(name)))}
    values.update({name: value for name, value in overrides.items() if value is not None})
    problems = [*_unread(env_file, lines), *_unknown(given), *_problems(values)]
    if problems:
        raise Misconfigured(tuple(dict.fromkeys(problems)))
    return Settings.model_validate(values)


def _lines_of(path: Path) -> tuple[Binding, ...]:
    try:
        # A token is what it is: nothing in it is put in from elsewhere.
        with path.open(encoding="utf-8") if path.is_file() else StringIO() as file:
            return tuple(parse_stream(file))
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured((f"{path} cannot be read ({error}): save it as UTF-8 text, or take it away",)) from error


def _unread(path: Path, lines: Sequence[Binding]) -> Iterator[str]:
    """Give the lines that speak of a setting and set none; other lines may be for other programs."""
    for line in lines:
        text = line.original.string
        if line.error and (name := re.search(rf"{PREFIX}\w*", text)):
            number = line.original.line + text[: name.start()].count("\n")
            yield f"{path}, line {number}, is no assignment: write it as {name.group()}=value"


def _unknown(given: Mapping[str, object]) -> Iterator[str]:
    known = [variable(name) for name in Settings.model_fields]
    for name in sorted(name for name in given if name.startswith(PREFIX) and name not in known):
        near = difflib.get_close_matches(name, known, n=1, cutoff=0)
        yield f"{name} is no setting: the nearest one is {near[0]}"


def _problems(values: Mapping[str, object]) -> Iterator[str]:
    errors = _errors(values)
    wrong = {str(item["loc"][0]) for item in errors if item["loc"]}
    yield from (line for item in errors for line in _lines(item, values))
    if wrong:
        # Contradictions are looked for among what is right; what is wrong is told already.
        for item in _errors({name: value for name, value in values.items() if name not in wrong}):
            yield from (line for line in _lines(item, values) if not any(variable(name) in line for name in wrong))


def _errors(values: Mapping[str, object]) -> list[Any]:
    try:
        Settings.model_validate(values)
    except ValidationError as error:
        return [*error.errors(include_url=False)]
    return []


def _lines(item: Any, values: Mapping[str, object]) -> Iterator[str]:  # noqa: ANN401  pydantic's own error record
    if not item["loc"]:
        yield from item["ctx"]["fact"].splitlines()
        return
    name = str(item["loc"][0])
    fact = item["ctx"]["fact"] if item["type"] == "settings" else f"not what it takes ({item['msg']})"
    yield f"{variable(name)} is {_shown(name, values[name])}, {fact}: {remedy(name)}"


def _shown(name: str, value: object) -> str:
    if name in secret_names():
        return "***"
    # A user, a password or a query has no place in it, and may be a secret.
    text = re.sub(r"//.*@", "//***@", str(value), flags=re.DOTALL)
    return repr(re.sub(r"\?.+", "?***", text, flags=re.DOTALL))
