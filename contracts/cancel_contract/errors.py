"""Exception hierarchy.

ContractsError
├── Misconfigured     wrong settings or options; nothing was sent (exit 4)
├── Refused           the guard did not let a request leave
├── Afresh            a scenario starts again, on other appointments
└── Inconclusive      the run cannot give a verdict (exit 6)
    ├── Unreachable   the target does not answer
    ├── Overspent     a budget of the run is spent
    │   └── Impatient the target throttles for longer than the run waits
    └── Unprepared    no appointment could be created for a scenario
        └── NoRoom    no free slot was found, or none was given
"""


class ContractsError(Exception):
    """The root of every error that the suite raises by itself."""


class Misconfigured(ContractsError):
    """Settings or options that cannot be run with; holds every problem found, each a line."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class Refused(ContractsError):
    """A request that the guard did not let leave, with the reason."""


class Afresh(ContractsError):
    """A gateway answered, so that nobody knows what was done: the scenario begins anew on other appointments.

    `appointment` is the one that is sent nothing any more; None where the request named it in no certain way.
    """

    def __init__(self, appointment: int | None, told: str) -> None:
        self.appointment = appointment
        super().__init__(told)


class Inconclusive(ContractsError):
    """A state of the world in which nothing can be said about the contract."""


class Unreachable(Inconclusive):
    """The target gives no answer."""


class Overspent(Inconclusive):
    """A budget (requests, appointments, waiting) is used up."""


class Impatient(Overspent):
    """A throttled target asks to wait for longer than a run waits all in all: more requests would ask for more."""


class Unprepared(Inconclusive):
    """The appointment that a scenario asks for cannot be had."""


class NoRoom(Unprepared):
    """No slot is long enough for an appointment, or none of those that are is given."""
