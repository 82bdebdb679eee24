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
    """The root of all errors that the suite raises itself."""


class Misconfigured(ContractsError):
    """Settings or options that a run cannot use; contains every problem, one a line."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class Refused(ContractsError):
    """A request that the guard did not let leave, with the reason."""


class Afresh(ContractsError):
    """A gateway answered, so that nobody knows what was done: the scenario starts again on other appointments.

    `appointment` gets no further requests; None if the request named it ambiguously.
    """

    def __init__(self, appointment: int | None, told: str) -> None:
        self.appointment = appointment
        super().__init__(told)


class Inconclusive(ContractsError):
    """A state in which nothing can be said about the contract."""


class Unreachable(Inconclusive):
    """The target gives no answer."""


class Overspent(Inconclusive):
    """A budget (requests, appointments, waiting) is spent."""


class Impatient(Overspent):
    """A throttled target asks for a longer wait than a run spends in all; more requests would only add to it."""


class Unprepared(Inconclusive):
    """The appointment that a scenario needs cannot be created."""


class NoRoom(Unprepared):
    """No slot is long enough for an appointment, or none that is long enough is given."""
