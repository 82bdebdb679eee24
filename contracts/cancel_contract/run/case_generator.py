"""Draws cases from the fragment with schemathesis, phase by phase and mode by mode.

schemathesis' own checks are not run: they send requests around the guard, and call a legal 409 or 422 a rejection of
valid data. Its cases are judged by the clauses, as every other case is.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import hypothesis
import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.generation.hypothesis.builder import HypothesisTestConfig, HypothesisTestMode, create_test
from schemathesis.generation.meta import CoveragePhaseData

from cancel_contract.exchange.credential import HEADER
from cancel_contract.exchange.generated_cases import SAMPLE, Batch, GeneratedCase
from cancel_contract.exchange.stored_cases import FUZZED, Corpus
from cancel_contract.fragment.document import Fragment

VALID: Final = 10
"""The most valid cases that fuzzing draws (policy)."""
_SENDABLE: Final = re.compile(r"[!-~]([ -~]*[!-~])?|")
_NAME: Final = re.compile(r"[A-Za-z0-9-]+")


_PHASES: Final = {
    Batch.EXAMPLES: (HypothesisTestMode.EXAMPLES, GenerationMode.POSITIVE),
    Batch.COVERAGE_POSITIVE: (HypothesisTestMode.COVERAGE, GenerationMode.POSITIVE),
    Batch.COVERAGE_NEGATIVE: (HypothesisTestMode.COVERAGE, GenerationMode.NEGATIVE),
    Batch.FUZZING_POSITIVE: (HypothesisTestMode.FUZZING, GenerationMode.POSITIVE),
    Batch.FUZZING_NEGATIVE: (HypothesisTestMode.FUZZING, GenerationMode.NEGATIVE),
}


def draw(fragment: Fragment, batch: Batch, most: int, seed: int | None = None) -> tuple[GeneratedCase, ...]:
    """Draw the cases of a batch, `most` of them by fuzzing; without a seed they are the same each time."""
    phase, mode = _PHASES[batch]
    schema = schemathesis.openapi.from_dict(dict(fragment.document))
    schema.config.generation.update(modes=[mode])
    operation = schema.find_operation_by_id(fragment.endpoint.operation_id)
    drawn: list[GeneratedCase] = []
    settings = hypothesis.settings(
        # Valid ids are all mapped onto one owned appointment, so that many valid cases show no more than a few.
        max_examples=min(most, VALID) if batch is Batch.FUZZING_POSITIVE else most,
        deadline=None,
        database=None,
        derandomize=seed is None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    config = HypothesisTestConfig(project=schema.config, modes=[phase], settings=settings, seed=seed)

    def keep(case: schemathesis.Case[Any]) -> None:
        drawn.append(_generated_case(case))

    create_test(operation=operation, test_func=keep, config=config)()
    return tuple(dict.fromkeys(drawn))


def drawn_now(fragment: Fragment) -> Corpus:
    """Draw the gate's cases from a fragment."""
    batches = {batch: draw(fragment, batch, FUZZED) for batch in Batch}
    return Corpus(fragment.digest, schemathesis.__version__, batches)


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
    """The path parameters that a coverage case is not about; schemathesis fills them with odd values nevertheless."""
    data = case.meta.phase.data if case.meta else None
    if isinstance(data, CoveragePhaseData):
        yield from (
            {"account_id", "id"} - {data.parameter} if data.parameter in {"account_id", "id"} else ("account_id", "id")
        )
    elif case.meta and (path := case.meta.components.get(ParameterLocation.PATH)) and path.mode.is_positive:
        yield from ("account_id", "id")


def _headers(case: schemathesis.Case[Any]) -> Iterator[tuple[str, str]]:
    """Generated headers that HTTP can carry, except the token, which the case's own credential replaces."""
    for name, value in sorted((case.headers or {}).items()):
        if name.lower() != HEADER and _NAME.fullmatch(name) and _SENDABLE.fullmatch(value):
            yield name.lower(), value
