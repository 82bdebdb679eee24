"""The suite as others have it: the built wheel, played in a folder that knows nothing of it."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cancel_contract.provider import Provider, running

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = {
    "conftest.py": "raise RuntimeError('the conftest of the folder was loaded')\n",
    "pytest.ini": "[pytest]\naddopts = --not-an-option-of-the-ini\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--not-an-option-of-pyproject'\n",
    "test_own.py": "def test_own():\n    assert False, 'the tests of the folder were played'\n",
}
Ran = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, without an index, and unpack it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(  # noqa: S603  the build backend that pyproject.toml names
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True, timeout=600,
        capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    site = folder / "site"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    return site


@pytest.fixture
def ran(site: Path, tmp_path: Path, settings: dict[str, object]) -> Ran:
    """Run a command of the unpacked wheel in another folder, on the seeded provider's settings."""

    def run(*words: str, base_url: str | None = None, **machine: str) -> "subprocess.CompletedProcess[str]":
        given = {f"ONELINK_{name}": str(value) for name, value in settings.items()} if base_url else {}
        where = {"ONELINK_BASE_URL": base_url} if base_url else {}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ONELINK_", "PYTEST_"))}
        return subprocess.run(  # noqa: S603  our own command
            [sys.executable, "-m", "cancel_contract", *words], cwd=tmp_path, timeout=600, check=False,
            capture_output=True, text=True, env={**kept, **given, **where, "PYTHONPATH": str(site), **machine},
        )  # fmt: skip

    return run


def test_the_wheel_holds_all_that_it_reads(site: Path) -> None:
    """The contract's items, the fragment with its companions, and the forms of reports are in it, and no tests."""
    package = site / "cancel_contract"
    checkout = ROOT / "contracts" / "cancel_contract"
    beside = {path.relative_to(checkout) for path in checkout.rglob("*") if path.suffix not in {"", ".py", ".pyc"}}

    assert {path.name for path in (package / "contract").glob("*.py")} == {
        path.name for path in (ROOT / "tests" / "contract").glob("*.py")
    }
    assert (package / "openapi" / "cancel-appointment.yaml").read_bytes() == (
        ROOT / "openapi" / "cancel-appointment.yaml"
    ).read_bytes()
    assert beside
    assert [path for path in sorted(beside) if not (package / path).is_file()] == []
    assert {path.name for path in site.iterdir() if not path.name.endswith(".dist-info")} == {"cancel_contract"}


def test_the_wheels_gate_takes_nothing_of_the_folder(ran: Ran, tmp_path: Path, site: Path) -> None:
    """Configuration, conftest, tests and pytest's variables of the caller change nothing: the gate is open."""
    for name, text in HOSTILE.items():
        (tmp_path / name).write_text(text, "utf-8")
    machine = {
        "PYTEST_ADDOPTS": "--not-an-option-of-the-machine",
        "PYTEST_PLUGINS": "no_such_plugin",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    with running() as served:
        done = ran("gate", "-q", "-n", "2", "--contract-json", "report.json", base_url=served.base_url, **machine)

    assert (done.returncode, done.stderr) == (0, "")
    assert "exit 0: gate open: every MUST clause held" in done.stdout
    assert (tmp_path / "report.json").is_file()
    assert not [*tmp_path.glob("**/__pycache__")]
    assert (site / "cancel_contract" / "contract").is_dir()


def test_the_wheels_gate_closes(ran: Ran) -> None:
    """A fault that is served closes it, and the line to play the case again names the command that was used."""
    done = ran("gate", "-x", "--contract-profile", "quick")
    with running(Provider(["created-201"])) as served:
        broken = ran("gate", "-x", base_url=served.base_url)

    assert (done.returncode, broken.returncode) == (0, 1)
    assert f"again    cancel-contract gate --target {served.base_url}" in broken.stdout


def test_a_maintainers_command_of_the_wheel_refuses(ran: Ran) -> None:
    """The wheel is no checkout."""
    done = ran("draw")

    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("draw is for maintainers and writes into a checkout, which this is not")
