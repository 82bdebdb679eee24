"""Cases that schemathesis draws from the fragment while a session of pytest runs: a schema for each phase and mode.

`schema` and the tests that it parametrizes use schemathesis' public API. `Case.meta` is no part of it, and is read for
what nothing else tells: which parameter a coverage case is about, since schemathesis fills the others with odd values
all the same, and its own words for what is wrong with a case.

Of hypothesis' internals one function is replaced where stored cases are drawn, which says why.

schemathesis' checks are not run: they send requests around the guard, and call a legal 409 or 422 a rejection of valid
data. Its cases are judged by the clauses, as every other case is.
"""

import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, Final

import schemathesis
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from schemathesis.config import HealthCheck
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import CoveragePhaseData

from cancel_contract.exchange.credential import HEADER
from cancel_contract.exchange.generated_cases import SAMPLE, Batch, GeneratedCase
from cancel_contract.fragment.document import load
from cancel_contract.run.context import Context
from cancel_contract.run.profiles import Generation
from cancel_contract.run.scenarios.generated import Player, play

VALID: Final = 10
"""Valid cases that fuzzing draws, at the most (policy)."""
GENERATION: Final[ContextVar[Generation | None]] = ContextVar("GENERATION", default=None)
"""What the session draws. A decorator needs its schemas when a test's module is imported, where no fixture reaches."""
_SENDABLE: Final = re.compile(r"[!-~]([ -~]*[!-~])?|")
_NAME: Final = re.compile(r"[A-Za-z0-9-]+")


def schema(batch: Batch) -> schemathesis.BaseSchema:
    """Return the schema from which a session draws a batch."""
    generation = GENERATION.get() or Generation()
    config = schemathesis.Config(seed=generation.seed, suppress_health_check=[HealthCheck.all])
    drawn = schemathesis.openapi.from_dict(dict(load().document), config=config)
    phase, _, mode = batch.partition("-")
    drawn.config.phases.update(phases=[phase])
    drawn.config.generation.update(
        modes=[schemathesis.GenerationMode(mode or "positive")],
        # Valid ids are all mapped onto one owned appointment, so that many valid cases say no more than a few.
        max_examples=min(generation.fuzzed, VALID) if batch is Batch.FUZZING_POSITIVE else generation.fuzzed,
        no_shrink=True,
        # Said, because hypothesis would draw the same each time where it takes itself to be in CI.
        deterministic=False,
        database="none",
    )
    return drawn


def forget_own_constants() -> None:
    """Have hypothesis draw from the fragment alone.

    It also draws numbers and texts that stand in the modules of a checkout: without this, a change of any module would
    change the stored cases.
    """
    # Nothing public leaves them out (hypothesis 6).
    none = Constants()
    vars(providers)["_get_local_constants"] = lambda: none


class DrawnCases:
    """The cases of one batch: each is sent as it is drawn, and kept."""

    def __init__(self) -> None:
        self._cases: dict[GeneratedCase, None] = {}
        self._player: Player | None = None
        self._ended: BaseException | None = None

    @property
    def cases(self) -> tuple[GeneratedCase, ...]:
        """What was drawn so far, each once."""
        return tuple(self._cases)

    def send(self, case: schemathesis.Case[Any]) -> None:
        """Send a case; what goes wrong is raised by `play` when all are drawn, and nothing is sent after it."""
        drawn = _generated_case(case)
        self._cases[drawn] = None
        if self._player is None or self._ended is not None:
            return
        try:
            self._player.send(drawn)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  hypothesis would send the case again, and call it flaky
            self._ended = error

    def play(self, context: Context, draw: Callable[[], object]) -> None:
        """Have the cases drawn and sent; played once more, those that were drawn are sent again."""
        if self._cases:
            play(context, self.cases)
            return
        self._player = Player(context)
        draw()
        if self._ended is not None:
            raise self._ended


def _generated_case(case: schemathesis.Case[Any]) -> GeneratedCase:
    texts = {name: str(value) for name, value in case.path_parameters.items()}
    for name in _incidental(case):
        texts[name] = SAMPLE
    about = getattr(case.meta.phase.data, "description", None) if case.meta else None
    return GeneratedCase(
        case.method,
        texts["account_id"],
        texts["id"],
        any(name.lower() == HEADER for name in case.headers or {}),
        tuple(_headers(case)),
        " ".join((about or "a valid case").split())[:100],
    )


def _incidental(case: schemathesis.Case[Any]) -> Iterator[str]:
    """The path parameters that a case is not about."""
    data = case.meta.phase.data if case.meta else None
    if isinstance(data, CoveragePhaseData):
        yield from (
            {"account_id", "id"} - {data.parameter} if data.parameter in {"account_id", "id"} else ("account_id", "id")
        )
    elif case.meta and (path := case.meta.components.get(ParameterLocation.PATH)) and path.mode.is_positive:
        yield from ("account_id", "id")


def _headers(case: schemathesis.Case[Any]) -> Iterator[tuple[str, str]]:
    """Generated headers that HTTP can carry, but for the token, which the guard's own credential stands for."""
    for name, value in sorted((case.headers or {}).items()):
        if name.lower() != HEADER and _NAME.fullmatch(name) and _SENDABLE.fullmatch(value):
            yield name.lower(), value
