"""The fixture `cancel_provider` in a project of a consumer, and the README's example of it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[3] / "README.md"


def example() -> str:
    """The README's test of a consumer."""
    section = README.read_text("utf-8").split("## I consume the API")[1].split("\n## ")[0]
    blocks: list[str] = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    return next(block for block in blocks if "cancel_provider" in block)


def test_the_readme_s_example_runs(pytester: pytest.Pytester) -> None:
    """The README's test of a consumer passes in a project that knows nothing but the installed package."""
    pytester.makepyfile(test_consumer=example())

    done = pytester.runpytest_subprocess("-W", "error", "-p", "no:cacheprovider")

    done.assert_outcomes(passed=len(re.findall(r"^def test_", example(), re.MULTILINE)))


def test_a_provider_is_in_hand(pytester: pytest.Pytester) -> None:
    """A test makes appointments, lets the provider misbehave in one line, and looks at what was done."""
    pytester.makepyfile(
        """
        import httpx
        import pytest

        def cancel(provider, number):
            path = f"/api/v1/accounts/{provider.account_id}/scheduling/appointments/{number}/cancel"
            return httpx.post(provider.base_url + path, headers={"api_access_token": provider.token})

        def test_honest(cancel_provider):
            one, other = cancel_provider.new_appointment(), cancel_provider.new_appointment(status="confirmed")
            assert one != other
            assert cancel(cancel_provider, one).status_code == 200
            assert cancel_provider.appointment(one)["status"] == "cancelled"
            assert cancel_provider.appointment(other)["status"] == "confirmed"

        def test_fault(cancel_provider):
            number = cancel_provider.new_appointment()
            cancel_provider.fault("created-201")
            assert cancel(cancel_provider, number).status_code == 201
            cancel_provider.honest()
            assert cancel(cancel_provider, number).status_code == 200

        def test_trouble(cancel_provider):
            number = cancel_provider.new_appointment()
            cancel_provider.error_rate(1)
            assert cancel(cancel_provider, number).status_code == 503
            cancel_provider.error_rate(0)
            cancel_provider.variant("repeat-rejected")
            asked = cancel_provider.requests
            assert [cancel(cancel_provider, number).status_code for _ in range(2)] == [200, 409]
            assert cancel_provider.requests == asked + 2
            cancel_provider.latency(0.05)
            assert cancel(cancel_provider, number).elapsed.total_seconds() >= 0.05

        def test_past_all_trouble(cancel_provider):
            cancel_provider.fault("status-kept", "not-lasting")
            cancel_provider.error_rate(1.0)
            cancel_provider.latency(30)
            cancel_provider.variant("gzip")
            number = cancel_provider.new_appointment()
            assert cancel_provider.appointment(number)["status"] == "scheduled"
            assert cancel_provider.requests == 0
            cancel_provider.latency(0)
            cancel_provider.error_rate(0)
            assert cancel(cancel_provider, number).status_code == 200
            assert cancel_provider.appointment(number)["status"] == "scheduled"
            assert cancel_provider.requests == 1

        def test_replacing(cancel_provider):
            number = cancel_provider.new_appointment()
            cancel_provider.variant("gzip")
            cancel_provider.fault("created-201")
            cancel_provider.fault("accepted-202")
            assert cancel_provider.behaviour.faults == ("accepted-202",)
            assert cancel_provider.behaviour.variants == ("gzip",)
            assert cancel(cancel_provider, number).status_code == 202
            cancel_provider.fault()
            assert cancel_provider.behaviour.faults == ()

        def test_mistakes(cancel_provider):
            with pytest.raises(LookupError, match="there is no fault 'created-202'; did you mean 'created-201'?"):
                cancel_provider.fault("created-202")
            with pytest.raises(LookupError, match="answered 404 for appointment 999999: see `seed` for ids"):
                cancel_provider.appointment(999999)
            with pytest.raises(Exception, match="the provider answered 422"):
                cancel_provider.new_appointment(status="late")
        """
    )

    pytester.runpytest_subprocess("-W", "error", "-p", "no:cacheprovider").assert_outcomes(passed=6)


def test_other_projects_start_as_fast_as_before(tmp_path: Path) -> None:
    """Loading the plugin loads neither the provider nor its server."""
    script = (
        "import sys, cancel_contract.pytest_provider as plugin\n"
        "loaded = ('cancel_contract.', 'uvicorn', 'pydantic', 'httpx')\n"
        "print(sorted(name for name in sys.modules if name.startswith(loaded)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)  # noqa: S603  our own module

    assert done.stdout == "['cancel_contract.pytest_provider']\n"
