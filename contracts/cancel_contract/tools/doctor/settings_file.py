"""A file of settings for a target: what is known as lines, the rest as comments. No secret is written into it."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from cancel_contract.clauses import CATALOGUE
from cancel_contract.errors import Misconfigured
from cancel_contract.target.settings import MAY_BE_NONE, NONE, Settings, secret_names, variable
from cancel_contract.tools.doctor.discovery import Discovered

_OWNER_ALONE: Final = 0o600
_CONDITIONS: Final = ("service_id", "contact_id")
"""What may say `none`, and lets more kinds of appointments be made instead of more clauses be tested."""
_SECOND: Final = ("foreign_account_id", "foreign_api_token", "foreign_appointment_id")
"""What belongs to the second account."""
_LOST: Final[Mapping[str, str]] = {
    "appointment_ids": "LOST: each serves one scenario, and stays cancelled.",
    "readonly_appointment_id": "MAY BE LOST on a server that does not refuse its cancel, which is sent once.",
    "paid_expense_appointment_id": "LOST: it is cancelled once, and stays so.",
    "foreign_appointment_id": "MAY BE LOST on a server that lets a stranger cancel it.",
}


def must_be_new(path: Path) -> None:
    """Raise Misconfigured where something stands at a path, or nothing could: asked before any request is sent."""
    if os.path.lexists(path):
        raise Misconfigured(
            (f"--write {path} is there already, and is not overwritten: name another file, or move it",)
        )
    if not path.parent.is_dir():
        raise Misconfigured(
            (f"--write {path} is in no folder: make {path.parent}, or name a file in one that is there",)
        )


def write(path: Path, text: str) -> None:
    """Write a new file that its owner alone may read. Raises Misconfigured where that cannot be done."""
    try:
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ALONE), "w", encoding="utf-8"
        ) as file:
            file.write(text)
    except OSError as error:
        told = f"--write {path} cannot be written ({error.strerror}): name another file"
        raise Misconfigured((told,)) from error


def text(settings: Settings, found: Discovered) -> str:
    """Return the file's text: the settings as they were read, what was found of the target, and the others' meaning."""
    return "\n".join(_lines(settings, found)) + "\n"


def _lines(settings: Settings, found: Discovered) -> Iterator[str]:
    yield f"# The cancel contract at {settings.base_url}, written by `cancel-contract doctor --write`."
    yield f"# Tokens are not written down: set {variable('api_token')} in the environment."
    for name, field in Settings.model_fields.items():
        yield ""
        yield f"# {_sentence(field.description or name)}{_lets_run(name)}"
        if lost := _LOST.get(name):
            yield f"# {lost}"
        yield from _assignment(settings, found, name)


def _assignment(settings: Settings, found: Discovered, name: str) -> Iterator[str]:
    is_known = name in settings.model_fields_set and not settings.is_missing(name)
    if is_known and name not in secret_names():
        yield f"{variable(name)}={_value(getattr(settings, name))}"
    elif name in found.values:
        yield f"# Found: {found.reasons[name]}."
        yield f"{variable(name)}={found.values[name]}"
    elif is_known:
        yield "# It is set in the environment, and not written down."
        yield f"#{variable(name)}="
    elif name in settings.declined or (name in MAY_BE_NONE and not _is_undecided(settings, name)):
        yield f"# {NONE}: the target has no such thing, or it is left untested, as each report says. Otherwise write:"
        yield f"#{variable(name)}="
        yield f"{variable(name)}={NONE}"
    else:
        default = Settings.model_fields[name].default
        yield f"#{variable(name)}={'' if default in {None, ()} else _value(default)}"


def _is_undecided(settings: Settings, name: str) -> bool:
    """Whether a setting without a value says nothing yet: what is known of the second account does not fit `none`."""
    return name in _CONDITIONS or (name in _SECOND and any(not settings.is_missing(one) for one in _SECOND))


def _sentence(description: str) -> str:
    return f"{description[0].upper()}{description[1:]}."


def _lets_run(name: str) -> str:
    clauses = [clause.id for clause in CATALOGUE if name in clause.needs]
    return f" Lets {', '.join(clauses)} run." if clauses else ""


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
