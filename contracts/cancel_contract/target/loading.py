"""Loads the settings from the environment, a `.env` and the command line, and reports all problems at once."""

import difflib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from dotenv.parser import Binding
from pydantic import ValidationError

from cancel_contract.errors import Misconfigured
from cancel_contract.redaction.secrets import SHORTEST
from cancel_contract.target import env_file as env_files
from cancel_contract.target.settings import (
    MAY_BE_NONE,
    NONE,
    PREFIX,
    Settings,
    remedy,
    secret_names,
    variable,
)


def load(
    environ: Mapping[str, str] | None = None,
    env_file: Path = Path(".env"),
    patience: float = env_files.PATIENCE,
    **overrides: object,
) -> Settings:
    """Read the settings; the command line (`overrides`) wins over the environment, which wins over the file.

    The file is `.env` in the working directory; a named pipe is waited for, `patience` seconds. An empty value counts
    as not set. Raises Misconfigured with every problem.
    """
    lines = env_files.lines(env_file, patience)
    filed = {line.key: line.value for line in lines if line.key}
    machine = os.environ if environ is None else environ
    given = {name: text for source in (filed, machine) for name, text in source.items() if text}
    values: dict[str, object] = {name: text for name in Settings.model_fields if (text := given.get(variable(name)))}
    values.update({name: value for name, value in overrides.items() if value is not None})
    problems = [*_unread(env_file, lines), *_unknown({*filed, *machine}), *_problems(values)]
    if problems:
        raise Misconfigured(tuple(dict.fromkeys(problems)))
    return Settings.model_validate(values)


def tokens(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the tokens in the environment by their variables, right or wrong, so that they can be masked."""
    given = os.environ if environ is None else environ
    return {name: text for name in map(variable, secret_names()) if len(text := given.get(name, "")) >= SHORTEST}


def _unread(path: Path, lines: Sequence[Binding]) -> Iterator[str]:
    """Return the lines that mention a setting and set none; other lines may be for other programs."""
    for line in lines:
        text = line.original.string
        sets_none = line.error or (line.key and line.value is None)
        if sets_none and (name := re.search(rf"{PREFIX}\w*", text, re.IGNORECASE)):
            number = line.original.line + text[: name.start()].count("\n")
            yield f"{path}, line {number}, is no assignment: write it as {name.group().upper()}=value"


_OURS: Final = re.compile(r"onelink[_.-]", re.IGNORECASE)
"""Prefixes of names that are meant for the suite, though they may be misspelled."""


def _unknown(names: Iterable[str]) -> Iterator[str]:
    known = [variable(name) for name in Settings.model_fields]
    for name in sorted(name for name in names if _OURS.match(name) and name not in known):
        right = re.sub("[.-]", "_", name.upper())
        if right in known:
            yield f"{name} is not read: write {right}"
        else:
            near = difflib.get_close_matches(right, known, n=1, cutoff=0)
            yield f"{name} is no setting: the nearest one is {near[0]}"


def _problems(values: Mapping[str, object]) -> Iterator[str]:
    errors = _errors(values)
    wrong = {str(item["loc"][0]) for item in errors if item["loc"]}
    yield from (line for item in errors for line in _lines(item, values))
    if wrong:
        # Contradictions are sought among valid values; invalid ones are reported already.
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
    if str(values[name]).lower() == NONE:
        taken = f"not {NONE} in small letters" if name in MAY_BE_NONE else "which it does not take"
        yield f"{variable(name)} is {str(values[name])!r}, {taken}: {remedy(name)}"
        return
    fact = item["ctx"]["fact"] if item["type"] == "settings" else f"not what it takes ({item['msg']})"
    yield f"{variable(name)} is {_shown(name, values[name])}, {fact}: {remedy(name)}"


def _shown(name: str, value: object) -> str:
    if name in secret_names():
        return "***"
    # A user, a password or a query does not belong in it, and may be a secret.
    text = re.sub(r"//.*@", "//***@", str(value), flags=re.DOTALL)
    return repr(re.sub(r"\?.+", "?***", text, flags=re.DOTALL))
