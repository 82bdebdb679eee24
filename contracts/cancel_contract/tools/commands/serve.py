"""`serve`: runs the reference provider in the foreground, with faults on demand."""

import shlex
from collections.abc import Iterator
from typing import Annotated, Final, Literal

import typer

from cancel_contract.ledger.gate import Exit
from cancel_contract.provider import Provider, banner
from cancel_contract.provider import serve as serve_provider
from cancel_contract.provider.server import control
from cancel_contract.provider.server.dev_server import DOCS, DevServer
from cancel_contract.run.embedded import seeded_settings
from cancel_contract.target.settings import secret_names, variable

_SHOWN: Final = 'curl -sS -X PUT {0}{1} --data \'{{"faults": ["created-201"], "variants": ["slow"]}}\''


def serve(  # noqa: PLR0913, PLR0917  every option is one argument to typer
    port: Annotated[int, typer.Option(help="the port to listen on, on loopback", min=1, max=65535)] = 8080,
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

    Prints its ids and tokens, a curl line, and the export lines that point the
    contract at it from another shell. It is correct unless an option says
    otherwise. While it runs, /docs shows the API in a browser, and /_control
    (from this machine only) switches faults and variants: GET lists them, PUT
    sets them, DELETE clears them. It ends with Ctrl-C; exit 4: wrong options.
    """
    if listed:
        typer.echo("\n".join(lines()))
        return
    behaviour = control.Behaviour(
        faults=tuple(fault or ()), variants=tuple(variant or ()), latency=latency, error_rate=error_rate
    )
    if problems := [*behaviour.problems()]:
        typer.echo("\n".join(problems), err=True)
        raise typer.Exit(Exit.MISCONFIGURED)
    faults, variants = behaviour.behaviours()
    provider = Provider(faults, variants, repeat_policy=repeat_policy, seed=seed)
    typer.echo("\n".join(listing(f"http://127.0.0.1:{port}", provider)))
    try:
        serve_provider(DevServer(provider, behaviour), port)
    except OSError:
        typer.echo(f"port {port} cannot be listened on: name another with --port", err=True)
        raise typer.Exit(Exit.MISCONFIGURED) from None


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
    yield f"switch it:    {_SHOWN.format(base_url, control.PREFIX)}"
    yield ""
    yield "# the contract, from another shell:"
    yield from exports(base_url, provider)
    yield "cancel-contract gate"


def exports(base_url: str, provider: Provider) -> Iterator[str]:
    """Return the shell lines after which the contract runs against a provider."""
    settings = seeded_settings(base_url, repeat_policy=provider.repeat_policy)
    for name in sorted(settings.model_fields_set, key=list(type(settings).model_fields).index):
        value = getattr(settings, name)
        text = value.get_secret_value() if name in secret_names() else str(value)
        yield f"export {variable(name)}={shlex.quote(text)}"
