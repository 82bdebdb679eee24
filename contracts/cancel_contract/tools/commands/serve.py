"""`serve`: runs the reference provider in the foreground, with faults on demand."""

import json
import os
import shlex
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from socket import socket
from typing import Annotated, Any, Final, Literal

import typer

from cancel_contract.provider import Provider, banner, listening
from cancel_contract.provider import serve as serve_provider
from cancel_contract.provider.server import control
from cancel_contract.provider.server.dev_server import DOCS, OPENAPI, DevServer
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.target.settings import secret_names, variable
from cancel_contract.tools.commands.group import MISCONFIGURED

_SHOWN: Final = 'curl -sS -X PUT {0}{1} --data \'{{"faults": ["created-201"], "variants": ["slow"]}}\''


def serve(  # noqa: PLR0913, PLR0917  every option is one argument to typer
    port: Annotated[int, typer.Option(help="the port to listen on; 0: one that is free", min=0, max=65535)] = 8080,
    host: Annotated[
        str, typer.Option(help="the address to listen on; 0.0.0.0 lets other machines and containers reach it")
    ] = "127.0.0.1",
    as_json: Annotated[
        bool, typer.Option("--json", help="print address, port and settings as one line of JSON, and nothing else")
    ] = False,
    fault: Annotated[list[str] | None, typer.Option(help="break the contract in this way; may be given again")] = None,
    variant: Annotated[list[str] | None, typer.Option(help="keep it in this other way; may be given again")] = None,
    latency: Annotated[float, typer.Option(help="seconds that each answer takes more", min=0, max=600)] = 0,
    error_rate: Annotated[float, typer.Option(help="the share of requests answered 503", min=0, max=1)] = 0,
    seed: Annotated[int, typer.Option(help="what decides which requests meet a trouble by chance")] = 0,
    repeat_policy: Annotated[
        Literal["idempotent", "rejected"], typer.Option(help="what a repeated cancel answers: 200 and the same, or 409")
    ] = "idempotent",
    listed: Annotated[bool, typer.Option("--list", help="list all faults and variants, a line each, and end")] = False,
) -> None:
    """Run the reference provider: an HTTP server of the API on loopback.

    Prints what it holds, a curl line, and the export lines that point the contract at it from another shell; with
    --json one line that holds base_url, port and settings, once the port is listened on.
    While it runs, /docs shows the API in a browser, /openapi.json is its description, and /_control (reached from this
    machine only) switches faults and variants: GET lists them, PUT sets them, DELETE clears them. It ends with Ctrl-C;
    exit 4 means wrong options.
    """
    if listed:
        typer.echo("\n".join(lines()))
        return
    behaviour = control.Behaviour(
        faults=tuple(fault or ()), variants=tuple(variant or ()), latency=latency, error_rate=error_rate
    )
    if problems := [*behaviour.problems()]:
        typer.echo("\n".join(problems), err=True)
        raise typer.Exit(MISCONFIGURED)
    faults, variants = behaviour.behaviours()
    provider = Provider(faults, variants, repeat_policy=repeat_policy, seed=seed)
    with _listening(host, port) as listener:
        base_url = _address(listener)
        typer.echo(_line(base_url, provider) if as_json else "\n".join(listing(base_url, provider)))
        serve_provider(DevServer(provider, behaviour), listener)


def _listening(host: str, port: int) -> socket:
    try:
        return listening(host, port)
    except OSError as error:
        what_to_do = "name another with --port, 0 for a free one, or another --host"
        # Python adds the address; the errors of a name that is not found are numbered below zero.
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        typer.echo(f"{host or 'no host'} port {port} cannot be listened on ({reason}): {what_to_do}", err=True)
        raise typer.Exit(MISCONFIGURED) from None


def _address(listener: socket) -> str:
    """Return the URL by which this machine reaches a socket."""
    host, port, *_ = listener.getsockname()
    address = ip_address(host)
    if address.is_unspecified:
        host = "127.0.0.1" if address.version == 4 else "::1"
    return f"http://{host if address.version == 4 else f'[{host}]'}:{port}"


def lines() -> Iterator[str]:
    """Every fault and variant, a line each."""
    for kind, named in control.known().items():
        width = max(map(len, named))
        yield from (f"{kind.removesuffix('s'):8} {name:{width}} {text}" for name, text in named.items())


def listing(base_url: str, provider: Provider) -> Iterator[str]:
    """Return what is served, and how it is reached."""
    yield banner(base_url, provider)
    yield ""
    yield f"in a browser: {base_url}{DOCS}"
    yield f"for tools:    {base_url}{OPENAPI}"
    yield f"switch it:    {_SHOWN.format(base_url, control.PREFIX)}"
    yield ""
    yield "# the contract, from another shell:"
    yield from (f"export {name}={shlex.quote(text)}" for name, text in exports(base_url, provider).items())
    yield "cancel-contract gate"


def _line(base_url: str, provider: Provider) -> str:
    served: Mapping[str, Any] = {
        "base_url": base_url,
        "port": int(base_url.rpartition(":")[2]),
        "docs": f"{base_url}{DOCS}",
        "openapi": f"{base_url}{OPENAPI}",
        "control": f"{base_url}{control.PREFIX}",
        "settings": exports(base_url, provider),
    }
    return json.dumps(served)


def exports(base_url: str, provider: Provider) -> Mapping[str, str]:
    """Return the variables, with their values, by which the contract runs against a provider."""
    settings = seeded_settings(base_url, repeat_policy=provider.repeat_policy)
    names = sorted(settings.model_fields_set, key=list(type(settings).model_fields).index)
    values = ((name, getattr(settings, name)) for name in names)
    return {
        variable(name): value.get_secret_value() if name in secret_names() else str(value) for name, value in values
    }
