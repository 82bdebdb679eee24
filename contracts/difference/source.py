"""Where the two texts that are compared come from: a file, or a git revision. May not know: what is in them."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from contracts.yaml_text import parsed

PATH_IN_GIT: Final = "openapi/cancel-appointment.yaml"
"""What `REV:` alone stands for."""


class SourceError(Exception):
    """A text that cannot be had, or is no OpenAPI."""


def document(name: str) -> Mapping[str, Any]:
    """Give the OpenAPI document of a file, or of `REV:` and `REV:PATH` as git names them."""
    try:
        found = parsed(_text(name))
    except yaml.YAMLError as error:
        line = (
            f" in line {error.problem_mark.line + 1}"
            if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark
            else ""
        )
        raise SourceError(f"{name} is no YAML{line}: correct it, or name another") from error
    version = str(found.get("openapi", "missing")) if isinstance(found, Mapping) else "missing"
    if not isinstance(found, Mapping) or not version.startswith("3."):
        raise SourceError(f"{name} has OpenAPI version {version}, not 3: name an OpenAPI file")
    return found


def _text(name: str) -> bytes:
    path = Path(name)
    revision, colon, inside = name.partition(":")
    if not path.exists() and colon and revision:
        return _of_git(f"{revision}:{inside or PATH_IN_GIT}")
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(
            f"{name} cannot be read ({error.strerror}): name a file, or a git revision as REV:"
        ) from error


def _of_git(name: str) -> bytes:
    if name.startswith("-"):
        raise SourceError(f"{name} begins with a dash, which git takes for an option: name a file or a revision")
    command = ["git", "show", "--no-textconv", "--end-of-options", name]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=60)  # noqa: S603  git of the path
    except OSError as error:
        raise SourceError(f"{name} is no file, and git cannot be run ({error.strerror}): name a file") from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise SourceError(f"{name} is no file, and git does not know it ({''.join(reason)}): name a file or a revision")
    return done.stdout
