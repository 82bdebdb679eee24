"""What the provider records of a run, what it starts with, and what it prints."""

from collections.abc import Callable

import pytest

from cancel_contract.provider import (
    FAULTS,
    SEED,
    VARIANTS,
    Provider,
    banner,
    curl_line,
    fault,
    variant,
)
from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.names import UnknownNameError

Ask = Callable[..., Answer]
Made = Callable[..., int]


def test_counts(ask: Ask, provider: Provider) -> None:
    """The audit counts each request."""
    ask("GET", "appointments")
    ask("POST", "/nowhere")

    assert (provider.audit.requests, provider.audit.named) == (2, 0)


@pytest.mark.parametrize("spelled", ["3", "3abc", "%203", "03", "3,5000"])
def test_stranger_named(ask: Ask, provider: Provider, spelled: str) -> None:
    """A request that names a stranger in any spelling is counted, though it is refused."""
    ask("POST", f"appointments/{spelled}/cancel", token=None)

    assert (provider.audit.named, provider.audit.touched) == (1, ())
    assert provider.audit.named_requests == [f"POST /api/v1/accounts/3/scheduling/appointments/{spelled}/cancel"]


def test_providers_of_one_second_share_nothing_that_changes(asking: Callable[[Provider], Ask]) -> None:
    """What is done to one provider shows in no other, and each goes on with ids of its own."""
    for _ in range(2):
        provider, other = Provider(strangers=4), Provider(strangers=4)
        before = dict(other.store.appointments)
        ids = provider.store.next_id(), provider.store.next_row_id()

        asking(provider)("POST", f"appointments/{SEED.paid_expense_appointment_ids[0]}/cancel")
        asking(provider)("POST", "appointments/3/cancel")
        asking(provider)("DELETE", "appointments/3")

        assert provider.store.appointments.keys() == before.keys() - {3}
        assert (other.store.appointments, other.store.cancels, other.audit.touched) == (before, {}, ())
        assert (other.store.next_id(), other.store.next_row_id()) == ids


def test_stranger_touched(ask: Ask, provider: Provider) -> None:
    """A stranger that was changed or deleted is shown by its id."""
    ask("POST", "appointments/1/cancel")
    ask("POST", "appointments/3/cancel")
    ask("DELETE", "appointments/3")

    assert (provider.audit.named, provider.audit.touched) == (3, (1, 3))


def test_stranger_read(ask: Ask, provider: Provider) -> None:
    """Reading a stranger's appointment does not count as touching it."""
    assert ask("GET", "appointments/1").status == 200
    assert provider.audit.named == 0


def test_standing(ask: Ask, provider: Provider, made: Made) -> None:
    """What is left active is reported by the beginning of its reference."""
    first, second = made(external_ref="run-1"), made(external_ref="run-2")
    made(external_ref="other")
    ask("POST", f"appointments/{first}/cancel")

    assert provider.audit.active("run-") == (second,)


def test_fresh(asking: Callable[[Provider], Ask]) -> None:
    """Two providers know nothing of each other."""
    path = f"appointments/{SEED.paid_expense_appointment_ids[0]}"
    asking(Provider())("POST", f"{path}/cancel")

    assert b'"status":"completed"' in asking(Provider())("GET", path).body


def test_strangers(provider: Provider) -> None:
    """Strangers have the smallest ids, then come the seeded appointments, then those of a run."""
    numbers = sorted(provider.store.appointments)

    assert numbers == [1, 2, 3, 4, 4001, 4002, *SEED.paid_expense_appointment_ids]
    assert provider.store.first_id == 5000


def test_too_many_strangers() -> None:
    """More strangers than there are ids for them are refused."""
    with pytest.raises(ValueError, match=r"^strangers is 4000; give a number from 0 to 3900$"):
        Provider(strangers=4000)


def test_tokens_unseen() -> None:
    """The printed seed shows no token."""
    assert SEED.member_token not in repr(SEED)


def test_tokens_look_real() -> None:
    """The tokens have the length of real ones, and mixed letters, so that a nearly right one can be made."""
    for token in (SEED.member_token, SEED.foreign_token, SEED.unprivileged_token, SEED.second_token):
        assert len(token) >= 24
        assert token.lower() != token != token.upper()


def test_unknown_fault() -> None:
    """A name that no fault bears is reported with the nearest one."""
    with pytest.raises(UnknownNameError) as caught:
        Provider(faults=["repeat-conflikt"])

    assert str(caught.value) == "there is no fault 'repeat-conflikt'; did you mean 'repeat-conflict'?"


def test_unknown_variant() -> None:
    """A name that is like no other is reported alone."""
    with pytest.raises(UnknownNameError) as caught:
        Provider(variants=["0"])

    assert str(caught.value) == "there is no variant '0'"


def test_by_name() -> None:
    """A fault or variant is found by its name."""
    assert fault(FAULTS[0].name) is FAULTS[0]
    assert variant(VARIANTS[0].name) is VARIANTS[0]


def test_switch(ask: Ask, provider: Provider) -> None:
    """Behaviours are switched while the store stays."""
    path = f"appointments/{SEED.paid_expense_appointment_ids[0]}"
    provider.switch(["created-201"], ["slow", "repeat-rejected"])

    assert provider.behaviours == ("created-201", "slow", "repeat-rejected")
    assert (provider.latency, provider.repeat_policy) == (0.05, "rejected")
    assert ask("POST", f"{path}/cancel").status == 201
    provider.switch()
    assert (provider.latency, provider.repeat_policy) == (0.0, "idempotent")
    assert ask("POST", f"{path}/cancel").status == 200


def test_curl_line() -> None:
    """The line to try cancels a seeded appointment."""
    assert curl_line("http://127.0.0.1:8080") == (
        "curl --request POST --url "
        "'http://127.0.0.1:8080/api/v1/accounts/3/scheduling/appointments/4011/cancel' "
        f"--header 'api_access_token: {SEED.member_token}' --header 'Accept: application/json'"
    )


def test_banner(provider: Provider) -> None:
    """People are told what is served, as whom, and what to try."""
    lines = banner("http://127.0.0.1:8080", provider).splitlines()

    assert lines[0] == "provider                          http://127.0.0.1:8080"
    assert lines[1] == "behaviours                        none, it is honest"
    assert lines[-1] == curl_line("http://127.0.0.1:8080")
    assert f"token                             {SEED.member_token}" in lines
