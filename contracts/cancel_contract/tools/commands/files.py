"""Checks the files that options name before a command does any work."""

import os
from pathlib import Path

import typer

from cancel_contract.tools.commands.group import MISCONFIGURED


def must_be_writable(option: str, path: Path | None, *, is_read: bool = False) -> None:
    """End the command where the file that an option names could not be written, or read before; None is no file."""
    if path is None:
        return
    if path.is_dir():
        reason = "it is a folder"
    elif is_read and not path.exists():
        reason = "it is not there"
    elif not path.parent.is_dir():
        reason = f"there is no folder {path.parent}"
    elif not os.access(path if path.exists() else path.parent, os.W_OK):
        reason = "it may not be written"
    else:
        return
    typer.echo(f"{option} {path} cannot be written, {reason}: name another file", err=True)
    raise typer.Exit(MISCONFIGURED)
