"""The settings: names, defaults, remedies, and contradictions between them."""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

import httpx
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    model_validator,
)

from cancel_contract.target.setting_types import (
    LARGEST_ID,
    NONE,
    Authorities,
    Certificate,
    Headers,
    Id,
    Ids,
    Origin,
    Token,
    Version,
    Zone,
    is_loopback,
    problem,
)

__all__ = [
    "LARGEST_ID", "MAY_BE_NONE", "NONE", "PREFIX", "PRODUCTION_HOST", "Settings", "is_loopback", "line_to_paste",
    "not_set", "remedy", "secret_names", "variable", "waived",
]  # fmt: skip

PREFIX: Final = "ONELINK_"
PRODUCTION_HOST: Final = "one-link.kz"
"""The host of the documentation page (documented)."""


class Settings(BaseModel):
    """Every setting of a run; its description is the remedy that its errors name."""

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
    foreign_appointment_id: Id | None = Field(None, description="an appointment of the second account that may be lost")
    unprivileged_api_token: Token | None = Field(
        None, description="the token of a member of the account who may not cancel"
    )
    second_api_token: Token | None = Field(
        None, description="the token of another member of the account who may cancel"
    )
    disabled_account_id: Id | None = Field(
        None, description="an account in which scheduling is switched off, with the member of the token among its own"
    )
    repeat_policy: Literal["idempotent", "rejected", "either"] = Field(
        "idempotent", description="idempotent (200 and the same), rejected (409 or 422), or either of them"
    )
    time_limit: Annotated[float, Field(gt=0, le=300)] = Field(10.0, description="seconds within which an answer comes")
    max_requests: Annotated[int, Field(ge=1)] = Field(600, description="requests that a run may send")
    max_appointments: Annotated[int, Field(ge=1)] = Field(48, description="appointments that a run may make")
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
        description="the number of the resource once more, to create appointments in one that is mapped to the "
        "clinic's own system, to which they are copied",
    )
    ca_bundle: Authorities | None = Field(None, description="a file of certificate authorities to trust")
    client_cert: Certificate | None = Field(None, description="a PEM file with the client's certificate and key")
    extra_headers: Headers = Field((), description="extra headers, for example for a proxy, a line each: Name: value")
    target_version: Version | None = Field(
        None, description="the target's build, release or commit, which reports name; from the pipeline"
    )

    _declined: frozenset[str] = PrivateAttr(frozenset())

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the resource's working hours."""
        return ZoneInfo(self.time_zone)

    @property
    def declined(self) -> frozenset[str]:
        """The settings that say `none`: their owner says that the target lacks it."""
        return self._declined

    def is_missing(self, name: str) -> bool:
        """Whether a setting has no value; one that says `none` has none."""
        return getattr(self, name) in {None, ()}

    def lacking(self, names: Iterable[str]) -> str:
        """Return why something that needs these settings cannot be done; empty if each has a value."""
        missing = [name for name in names if self.is_missing(name)]
        return next((waived(name) for name in missing if name in self.declined), not_set(missing))

    def waiver(self, names: Iterable[str]) -> str:
        """Return the variable of the first of these settings that says `none`; empty where none does."""
        return next((variable(name) for name in names if name in self.declined), "")

    @model_validator(mode="wrap")
    @classmethod
    def _checked(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401  pydantic's boundary
        if not isinstance(data, Mapping):
            return handler(data)
        declined = frozenset(name for name in MAY_BE_NONE if data.get(name) == NONE)
        settings = handler({name: value for name, value in data.items() if name not in declined})
        settings._declined = declined  # noqa: SLF001  its own
        if problems := tuple(_contradictions(settings)):
            raise problem("\n".join(problems))
        return settings


MAY_BE_NONE: Final = (
    "service_id", "contact_id", "readonly_appointment_id", "paid_expense_appointment_id", "foreign_account_id",
    "foreign_api_token", "foreign_appointment_id", "unprivileged_api_token", "second_api_token", "disabled_account_id",
)  # fmt: skip
"""Settings of things that a target may lack."""


_WITH_A_TARGET: Final = (
    "api_token", "account_id", "resource_id", "service_id", "contact_id", "appointment_ids", "readonly_appointment_id",
    "paid_expense_appointment_id", "foreign_account_id", "foreign_api_token", "foreign_appointment_id",
    "unprivileged_api_token", "second_api_token", "disabled_account_id", "allow_mapped_resource", "ca_bundle",
    "client_cert", "extra_headers",
)  # fmt: skip
"""Settings that apply only to a target of one's own."""


def _contradictions(settings: Settings) -> Iterator[str]:
    if settings.base_url is None:
        for name in (name for name in _WITH_A_TARGET if getattr(settings, name) or name in settings.declined):
            yield f"{variable(name)} is set but {variable('base_url')} is not: set both, or neither"
        return
    if settings.allow_mapped_resource not in {None, settings.resource_id}:
        told = f"{variable('allow_mapped_resource')} is {settings.allow_mapped_resource}"
        other = f"{variable('resource_id')} is {settings.resource_id}"
        yield f"{told}, and {other}: name the same resource in both, or allow none"
    for name in ("api_token", "account_id"):
        if settings.is_missing(name):
            yield f"{not_set([name])}: {remedy(name)}"
    yield from _connection(httpx.URL(settings.base_url), settings)
    yield from _others(settings)
    yield from _parts(settings)


def _connection(url: httpx.URL, settings: Settings) -> Iterator[str]:
    host = url.host.rstrip(".")
    if (host == PRODUCTION_HOST or host.endswith(f".{PRODUCTION_HOST}")) and not settings.allow_production:
        remedies = f"name a staging host, or set {variable('allow_production')}=yes"
        yield f"{variable('base_url')} is {url}, the production host: {remedies}"
    if url.scheme == "http" and not is_loopback(url.host) and not settings.allow_plaintext:
        remedies = f"use https, or set {variable('allow_plaintext')}=yes"
        yield f"{variable('base_url')} is {url}, not https, so that a token would travel readable: {remedies}"


def _others(settings: Settings) -> Iterator[str]:
    """Yield what is wrong with the settings of the other account and of other members."""
    account = variable("foreign_account_id")
    if "foreign_account_id" in settings.declined:
        for name in ("foreign_api_token", "foreign_appointment_id"):
            if getattr(settings, name):
                yield f"{variable(name)} is set but {account} is {NONE}: name the second account, or set both to {NONE}"
    elif settings.foreign_appointment_id and not settings.foreign_account_id:
        yield f"{variable('foreign_appointment_id')} is set but {account} is not: set both"
    if settings.foreign_account_id and settings.foreign_account_id == settings.account_id:
        yield f"{account} is {settings.account_id}, the account itself: name another account"
    if (disabled := settings.disabled_account_id) and disabled in {settings.account_id, settings.foreign_account_id}:
        same = variable("account_id" if disabled == settings.account_id else "foreign_account_id")
        yield f"{variable('disabled_account_id')} is {disabled}, which {same} names: name another account"
    known: dict[str, str] = {}
    for name in ("api_token", "foreign_api_token", "unprivileged_api_token", "second_api_token"):
        token = getattr(settings, name)
        if token and (same := known.setdefault(token.get_secret_value(), name)) != name:
            yield f"{variable(name)} is *** and equals {variable(same)}: name another member's token"


def _parts(settings: Settings) -> Iterator[str]:
    """Yield the appointments that more than one setting names."""
    given = [*settings.appointment_ids]
    for name in ("readonly_appointment_id", "paid_expense_appointment_id", "foreign_appointment_id"):
        given += [value] if (value := getattr(settings, name)) else []
    for twice in sorted({number for number in given if given.count(number) > 1}):
        yield f"appointment {twice} is named twice in the settings: it has one part to play, name another"


def variable(name: str) -> str:
    """Return the environment variable of a setting: ONELINK_BASE_URL for `base_url`."""
    return PREFIX + name.upper()


def not_set(names: Sequence[str]) -> str:
    """Return the sentence that says which settings have no value; empty without names."""
    told = " and ".join(map(variable, names))
    return f"{told} {'is' if len(names) == 1 else 'are'} not set" if names else ""


def waived(name: str) -> str:
    """Return the sentence that says which setting leaves something out."""
    return f"{variable(name)}={NONE}: the target has no such thing"


def line_to_paste(name: str) -> str:
    """Return the line that waives a setting, with what to write instead if the target has it."""
    return f"{variable(name)}={NONE}   # or {Settings.model_fields[name].description}"


def remedy(name: str) -> str:
    """Return what to set, in words."""
    return f"set it to {Settings.model_fields[name].description}"


@functools.cache
def secret_names() -> frozenset[str]:
    """Return the settings whose values are never shown."""
    return frozenset(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation))
