"""The data that travels between the controller and the workers of pytest-xdist, on this machine or others."""

import platform
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from cancel_contract.fragment.document import load
from cancel_contract.guard.shared_state import SharedState
from cancel_contract.ledger.deviation import Deviation
from cancel_contract.run.profiles import Profile
from cancel_contract.run.session import Choice, Contract, Reports
from cancel_contract.run.share import Share
from cancel_contract.target.settings import NONE, Settings


def travelling(contract: Contract, workerinput: Mapping[str, Any], *, together: bool = True) -> dict[str, Any]:
    """A worker's share as plain data; it holds the tokens, goes through the worker's channel and is never printed.

    `together` tells whether all workers are on this machine, so that they can count and share out as one.
    """
    choice = contract.choice
    settings = choice.settings.model_dump(exclude_unset=True, exclude_none=True)
    return {
        "settings": {name: _plain(value) for name, value in settings.items()}
        | dict.fromkeys(choice.settings.declined, NONE),
        "profile": choice.profile.value,
        "seed": choice.seed,
        "clauses": list(choice.clauses),
        "case": choice.case,
        "strict": choice.strict,
        "deviations": [entry.model_dump(mode="json") for entry in choice.deviations.values()],
        "har": choice.reports.har is not None,
        "run": contract.share.run,
        "machine": platform.node() if together else "",
        "number": int(workerinput["workerid"].removeprefix("gw")),
        "of": int(workerinput["workercount"]),
        "problem": contract.problem,
    }


def _plain(value: Any) -> Any:  # noqa: ANN401  a setting of any type
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Path | date) else value


def contract(travelled: Mapping[str, Any]) -> Contract:
    """The contract run of a worker."""
    entries = [Deviation.model_validate(entry) for entry in travelled["deviations"]]
    choice = Choice(
        Settings.model_validate(travelled["settings"]),
        Profile(travelled["profile"]),
        travelled["seed"],
        tuple(travelled["clauses"]),
        travelled["case"],
        travelled["strict"],
        deviations={entry.name: entry for entry in entries},
        # Only the first worker's controller writes it; a path tells the others to keep what a HAR needs.
        reports=Reports(har=Path("unwritten") if travelled["har"] else None),
    )
    partial = bool(choice.clauses or choice.case)
    # Workers of several machines cannot count together: each has an even share, and asks for itself.
    shared_state = SharedState(travelled["run"]) if travelled["machine"] == platform.node() else None
    share = Share(travelled["run"], travelled["number"], travelled["of"], shared_state)
    return Contract(choice, load(), share, partial, problem=travelled["problem"], is_held=True)
