"""The gate's stored cases are current, the same whatever is selected, and safe to send."""

import json
from pathlib import Path

import hypothesis
import pytest
import schemathesis

from cancel_contract.errors import Misconfigured
from cancel_contract.exchange import stored_cases as corpus
from cancel_contract.exchange.case import Case
from cancel_contract.exchange.generated_cases import Batch, GeneratedCase
from cancel_contract.exchange.stored_cases import (
    PATH,
    Corpus,
    is_current,
    load,
    write,
)
from cancel_contract.fragment.document import load as load_fragment
from cancel_contract.guard.guard import Guard
from cancel_contract.guard.ownership import Ownership
from cancel_contract.guard.sender import Sender
from cancel_contract.run.embedded import shown
from cancel_contract.run.profiles import Generation, Profile, generation, scenarios
from cancel_contract.run.scenarios.generated import mapped
from cancel_contract.target.settings import Settings
from cancel_contract.target.target import Target

OWNED = 5004


class _Stage:
    """What the mapping of a case looks at: the account, what is owned, and what the guard says."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.ownership = Ownership(frozenset({target.account}), frozenset({OWNED}))
        guard = Guard(None, target, self.ownership, None)  # type: ignore[arg-type]  # nothing is sent
        self.sender = Sender(target, guard, None, None, None)  # type: ignore[arg-type]  # likewise

    def may_send(self, case: Case) -> bool:
        """Whether the guard lets a case leave."""
        return self.sender.objection(case) is None


@pytest.fixture(scope="module")
def written() -> Corpus:
    """Return the corpus that ships."""
    return load(load_fragment())


def _every(written: Corpus) -> list[GeneratedCase]:
    return [drawn for cases in written.batches.values() for drawn in cases]


def test_it_was_drawn_from_the_fragment_by_the_version_that_is_pinned(written: Corpus) -> None:
    """A change of the fragment, of schemathesis or of hypothesis asks for a new corpus."""
    drawn_by = {"schemathesis": schemathesis.__version__, "hypothesis": hypothesis.__version__}

    assert (written.fragment, written.versions) == (load_fragment().digest, drawn_by)
    assert is_current(load_fragment())


def test_it_holds_every_phase_in_both_modes(written: Corpus) -> None:
    """No batch is empty, and no case stands twice in one."""
    assert set(written.batches) == set(Batch)
    assert all(cases and len(set(cases)) == len(cases) for cases in written.batches.values())


def test_it_asks_with_and_without_a_token_and_with_other_methods(written: Corpus) -> None:
    """Missing tokens, other methods, malformed and boundary ids are among the cases."""
    every = _every(written)

    assert {drawn.has_token for drawn in every} == {True, False}
    assert {"POST", "GET", "DELETE", "PUT", "PATCH"} <= {drawn.method for drawn in every}
    assert {"0", str(2**63)} <= {drawn.appointment for drawn in every}
    assert any(not drawn.appointment.lstrip("-").isdecimal() for drawn in every)


def test_no_case_holds_a_token(written: Corpus) -> None:
    """Tokens come from the settings when a case is sent, never from the file."""
    assert all(name != "api_access_token" for drawn in _every(written) for name, _ in drawn.headers)


def test_every_case_is_mapped_to_something_that_the_guard_lets_leave(written: Corpus) -> None:
    """Ids of strangers become an owned one; nothing of the corpus is refused later on."""
    context = _Stage(shown(Settings()))

    cases = [mapped(context, drawn, OWNED) for drawn in _every(written)]  # type: ignore[arg-type]  # a stage is enough

    assert {case.path: reason for case in cases if (reason := context.sender.objection(case))} == {}


def test_the_same_cases_make_the_same_file(written: Corpus, tmp_path: Path) -> None:
    """What is written down is read back, to the letter."""
    again = tmp_path / "corpus.json"
    write(written, again)

    assert again.read_text(encoding="utf-8") == PATH.read_text(encoding="utf-8")
    assert load(load_fragment(), again) == written


def test_the_gate_reads_its_cases_and_draws_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is selected, renamed or run beside it, the gate's cases are those of the file."""
    monkeypatch.setattr("cancel_contract.exchange.stored_cases.versions", dict)

    names = [one.name for one in scenarios(Profile.GATE, load_fragment())]

    assert [batch.scenario for batch in Batch] == [name for name in names if name.startswith("generated/")]
    assert generation(Profile.GATE, load_fragment()) is None


@pytest.mark.parametrize(
    ("fragment", "versions"), [("0" * 12, {}), ("", {"hypothesis": "0"})], ids=["fragment", "versions"]
)
def test_a_quick_run_draws_what_is_stale(
    written: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fragment: str, versions: dict[str, str]
) -> None:
    """While the stored cases are those of the fragment it plays them; a thorough run draws its own, from its seed."""
    assert generation(Profile.QUICK, load_fragment()) is None
    assert generation(Profile.THOROUGH, load_fragment(), 7) == Generation(300, 7)

    stale = tmp_path / "corpus.json"
    write(Corpus(fragment or written.fragment, {**written.versions, **versions}, written.batches), stale)
    monkeypatch.setattr("cancel_contract.run.profiles.stored_cases.is_current", lambda one: is_current(one, stale))

    assert generation(Profile.QUICK, load_fragment()) == Generation(10, 0)


def test_a_corpus_of_another_fragment_is_refused(written: Corpus, tmp_path: Path) -> None:
    """The message names both digests and the remedy."""
    stale = tmp_path / "corpus.json"
    write(Corpus("0" * 12, written.versions, written.batches), stale)

    with pytest.raises(Misconfigured) as caught:
        load(load_fragment(), stale)

    assert str(caught.value) == (
        f"the stored cases were drawn from fragment 000000000000, not {load_fragment().digest}: "
        "run `cancel-contract draw` and commit what it writes"
    )


def test_a_case_takes_one_line() -> None:
    """A change of one case is one line of a diff."""
    lines = PATH.read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line.rstrip(",")) for line in lines if line.startswith("  {")]

    assert len(cases) == len(_every(corpus.load(load_fragment())))
