"""The file `.env`: whatever is in it is used, or reported."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest

from cancel_contract.errors import Misconfigured
from cancel_contract.target.loading import load
from tests.unit.conftest import GOOD, NOWHERE

TEXT = b"ONELINK_BASE_URL=https://staging.test\nONELINK_API_TOKEN=t0ken-of-the-tests\nONELINK_ACCOUNT_ID=1\n"


def _told(file: Path, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(Misconfigured) as caught:
        load(environ or {}, file, patience=0)
    return str(caught.value)


def test_a_named_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    """A named pipe is read until its writers have finished, however slowly they write."""
    pipe = tmp_path / ".env"
    os.mkfifo(pipe)

    def write() -> None:
        with pipe.open("wb", buffering=0) as file:
            for part in TEXT.splitlines(keepends=True):
                file.write(part)

    writer = threading.Thread(target=write)
    writer.start()
    settings = load({}, pipe, patience=60)
    writer.join()

    assert (settings.base_url, settings.account_id) == ("https://staging.test", 1)


def test_a_named_pipe_that_nobody_writes_is_told(tmp_path: Path) -> None:
    """The run does not hang, and does not go on without its settings."""
    pipe = tmp_path / ".env"
    os.mkfifo(pipe)

    assert _told(pipe) == (
        f"{pipe} is a named pipe that nobody has written to its end within 0 s: start what writes it before the run "
        "and have it close the pipe, or save the settings as a file"
    )


def test_a_named_pipe_that_is_not_closed_is_told(tmp_path: Path) -> None:
    """Half of the settings may still be to come."""
    pipe = tmp_path / ".env"
    os.mkfifo(pipe)
    both_ends = os.open(pipe, os.O_RDWR)
    os.write(both_ends, TEXT)
    try:
        assert "nobody has written to its end" in _told(pipe)
    finally:
        os.close(both_ends)


def test_a_folder_is_told(tmp_path: Path) -> None:
    """A volume that was mounted before the file was there leaves one."""
    (tmp_path / ".env").mkdir()

    assert _told(tmp_path / ".env") == (
        f"{tmp_path / '.env'} is a folder, not a file: take it away, or make it a file of settings"
    )


def test_a_link_to_nothing_is_told(tmp_path: Path) -> None:
    """A `.env` that links to a missing file is reported."""
    (tmp_path / ".env").symlink_to(tmp_path / "gone")

    assert " is a link to nothing, not a file" in _told(tmp_path / ".env")


def test_a_device_is_told(tmp_path: Path) -> None:
    """A `.env` that is a device, by which containers hide a file, is reported."""
    (tmp_path / ".env").symlink_to("/dev/null")

    assert " is a device, not a file" in _told(tmp_path / ".env")


def test_a_socket_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `.env` that is a socket is reported."""
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(".env")

        assert _told(Path(".env")) == ".env is a socket, not a file: take it away, or make it a file of settings"


def test_a_link_to_a_file_is_read(tmp_path: Path) -> None:
    """A `.env` that links to a file is read, as mounted secrets are."""
    (tmp_path / "secret").write_bytes(TEXT)
    (tmp_path / ".env").symlink_to("secret")

    assert load({}, tmp_path / ".env").account_id == 1


@pytest.mark.parametrize("text", [b"", b"\n", b"# nothing yet\n"])
def test_an_empty_file_sets_nothing(tmp_path: Path, text: bytes) -> None:
    """An empty `.env` sets nothing."""
    (tmp_path / ".env").write_bytes(text)

    assert load({}, tmp_path / ".env").base_url is None


@pytest.mark.parametrize("text", [b"\xef\xbb\xbf" + TEXT, TEXT.replace(b"\n", b"\r\n")], ids=["mark", "line ends"])
def test_files_of_other_machines_are_read(tmp_path: Path, text: bytes) -> None:
    """A byte order mark would hide the first setting."""
    (tmp_path / ".env").write_bytes(text)

    assert load({}, tmp_path / ".env").base_url == "https://staging.test"


def test_the_file_is_that_of_the_working_directory(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One in a folder above is another project's."""
    (elsewhere / ".env").write_bytes(TEXT)
    (elsewhere / "inner").mkdir()
    monkeypatch.chdir(elsewhere / "inner")

    assert load({}).base_url is None


@pytest.mark.parametrize("name", ["onelink_base_url", "OneLink_Base_URL", "ONELINK-BASE-URL", "onelink.base.url"])
def test_a_name_that_is_spelled_otherwise_is_told(tmp_path: Path, name: str) -> None:
    """In the environment and in the file: it would be passed over, and the embedded provider tested."""
    (tmp_path / ".env").write_text(f"{name}=https://staging.test\n")
    told = f"{name} is not read: write ONELINK_BASE_URL"

    assert _told(tmp_path / ".env") == told
    assert _told(NOWHERE, {name: "https://staging.test"}) == told
    assert _told(NOWHERE, {name: ""}) == told


def test_a_name_that_is_none_is_told_with_the_nearest(tmp_path: Path) -> None:
    """An unknown name of ours is reported with the nearest one, in any case; names of other programs are left alone."""
    (tmp_path / ".env").write_text("onelinker=1\nMY_ONELINK_TOKEN=2\nonelink_token=3\n")

    assert _told(tmp_path / ".env") == "onelink_token is no setting: the nearest one is ONELINK_API_TOKEN"


def test_a_name_without_a_value_is_no_assignment(tmp_path: Path) -> None:
    """A name without an equals sign is reported, because it sets nothing."""
    file = tmp_path / ".env"
    file.write_text("OTHER\nonelink_base_url: https://staging.test\nexport ONELINK_BASE_URL\n")

    assert _told(file).splitlines() == [
        f"{file}, line 2, is no assignment: write it as ONELINK_BASE_URL=value",
        f"{file}, line 3, is no assignment: write it as ONELINK_BASE_URL=value",
    ]


def test_what_is_empty_in_the_environment_hides_nothing_in_the_file(tmp_path: Path) -> None:
    """A pipeline gives each variable, those that are not set as empty ones."""
    (tmp_path / ".env").write_bytes(TEXT)

    assert load(dict.fromkeys(GOOD, ""), tmp_path / ".env").base_url == "https://staging.test"
