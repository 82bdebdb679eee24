"""Reads the command line options of a session, and reports all problems at once."""

from collections.abc import Callable
from typing import Any, Final

from cancel_contract.clauses import BY_ID
from cancel_contract.errors import Misconfigured
from cancel_contract.fragment.document import load as load_fragment
from cancel_contract.guard.wire import Wire
from cancel_contract.ledger import deviations
from cancel_contract.report import reports
from cancel_contract.run.profiles import Profile, new_seed
from cancel_contract.run.session import Choice, Contract, Reports
from cancel_contract.target.loading import load
from cancel_contract.target.target import Target

Option = Callable[..., Any]
"""Returns the value of a pytest option by its name."""

_OWN: Final = (
    "--target", "--contract-profile", "--clause", "--case", "--contract-strict", "--contract-lanes", "--plan",
    "--deviations", "--contract-json", "--contract-html", "--contract-har",
)  # fmt: skip


def asked(option: Option) -> bool:
    """Whether an option asks for the contract, whatever is collected."""
    return any(option(name) for name in _OWN)


def contract(option: Option) -> Contract:
    """Make the run that is asked for. Raises Misconfigured with every problem; nothing is sent."""
    chosen, fragment = choice(option), load_fragment()
    if chosen.case and not chosen.scenarios(fragment):
        told = f"--case {chosen.case} is no case of profile {chosen.profile}: copy a breach's `again` line"
        raise Misconfigured((told,))
    return Contract(chosen, fragment, partial=bool(chosen.clauses or chosen.case))


def choice(option: Option) -> Choice:
    """Read every option and setting. Raises Misconfigured with every problem; nothing is sent."""
    problems = [f"--clause {name} is no clause: see `cancel-contract clauses`" for name in _unknown(option)]
    settings, entries = None, None
    try:
        settings = load(base_url=option("--target"))
        if settings.base_url:
            # Proxy and certificates are read here; nothing is sent.
            Wire(Target(settings)).close()
    except Misconfigured as error:
        problems += error.problems
    try:
        entries = deviations.read(option("--deviations"))
    except Misconfigured as error:
        problems += error.problems
    seed = option("hypothesis_seed", None)
    if seed is not None and seed != "random" and not (seed.isascii() and seed.isdigit()):
        problems.append(f"--hypothesis-seed {seed} is no whole number: copy it from the header of a run")
    asked = Reports(option("--contract-json"), option("--contract-html"), option("--contract-har"))
    problems += reports.problems(asked)
    if problems or settings is None or entries is None:
        raise Misconfigured(tuple(problems))
    profile = Profile(option("--contract-profile") or ("gate" if settings.base_url else "quick"))
    return Choice(
        settings,
        profile,
        _seed(option, profile),
        tuple(option("--clause")),
        option("--case"),
        option("--contract-strict"),
        option("--plan"),
        option("--contract-lanes"),
        entries,
        asked,
    )


def _unknown(option: Option) -> list[str]:
    return [name for name in option("--clause") if name not in BY_ID]


def _seed(option: Option, profile: Profile) -> int | None:
    given = option("hypothesis_seed", None)
    if given is not None and given != "random":
        return int(given)
    return new_seed() if profile is Profile.THOROUGH else None
