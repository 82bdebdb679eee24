"""Starts nginx and HAProxy on loopback in front of the reference provider."""

import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from cancel_contract.provider import Provider, Variant, running
from tests.proof.conftest import needed

Start = Callable[..., AbstractContextManager["Front"]]

_NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {shared}
    server {{
        listen 127.0.0.1:{port}{listen};
        {server}
        location / {{
            proxy_pass http://127.0.0.1:{behind};
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            {location}
        }}
    }}
}}
"""
_HAPROXY = """
defaults
    mode http
    timeout connect 2s
    timeout client 5s
    timeout server 5s
    {defaults}
frontend front
    bind 127.0.0.1:{port}{listen}
    {frontend}
    default_backend back
backend back
    server provider 127.0.0.1:{behind}
"""


@dataclass(frozen=True, slots=True)
class Front:
    """A front end that answers, and the provider behind it."""

    base_url: str
    provider: Provider


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def _started(command: list[str], port: int, log: Path) -> Iterator[None]:
    """Run a program until the context ends; waits until it listens. Raises AssertionError with its log if it ends."""
    with log.open("wb") as written:
        process = subprocess.Popen(command, stdout=written, stderr=subprocess.STDOUT)  # noqa: S603  fixed programs
    try:
        while not _listens(port):
            try:
                process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))
        yield
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def _before(folder: Path, program: str, text: str, variants: Sequence[Variant], **parts: str) -> Iterator[Front]:
    path, provider, port = needed(program), Provider(variants=variants), _free_port()
    with running(provider) as served:
        file = folder / f"{program}.conf"
        behind = served.base_url.rpartition(":")[2]
        file.write_text(text.format(folder=folder, port=port, behind=behind, **parts), encoding="utf-8")
        commands = {
            "nginx": [path, "-p", str(folder), "-e", "stderr", "-c", str(file)],
            "haproxy": [path, "-db", "-f", str(file)],
        }
        with _started(commands[program], port, folder / f"{program}.log"):
            scheme = "https" if " ssl" in parts["listen"] else "http"
            yield Front(f"{scheme}://127.0.0.1:{port}", provider)


@pytest.fixture
def nginx(tmp_path: Path) -> Start:
    """Start nginx with directives for its contexts."""

    def start(  # noqa: PLR0913  each is a place in the file
        shared: str = "", server: str = "", location: str = "", *, listen: str = "", underscores: bool = True,
        variants: Sequence[Variant] = (),
    ) -> AbstractContextManager[Front]:  # fmt: skip
        passed = f"underscores_in_headers {'on' if underscores else 'off'};\n{server}"
        return _before(
            tmp_path, "nginx", _NGINX, variants, shared=shared, server=passed, location=location, listen=listen
        )

    return start


@pytest.fixture
def haproxy(tmp_path: Path) -> Start:
    """Start HAProxy with options for its sections."""

    def start(
        defaults: str = "", frontend: str = "", *, listen: str = "",
        variants: Sequence[Variant] = (),
    ) -> AbstractContextManager[Front]:  # fmt: skip
        return _before(tmp_path, "haproxy", _HAPROXY, variants, defaults=defaults, frontend=frontend, listen=listen)

    return start


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files of a private authority, of the server and of a client, each with its key where it has one."""

    authority: Path
    server: Path
    client: Path


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Issue certificates."""
    import trustme  # noqa: PLC0415 - it takes long to load

    folder, authority = tmp_path_factory.mktemp("certificates"), trustme.CA()
    made = Certificates(folder / "ca.pem", folder / "server.pem", folder / "client.pem")
    authority.cert_pem.write_to_path(made.authority)
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(made.server)
    authority.issue_cert("client.test").private_key_and_cert_chain_pem.write_to_path(made.client)
    return made
