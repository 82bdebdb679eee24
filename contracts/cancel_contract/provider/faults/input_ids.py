"""Faults of ids and accounts that do not exist, and of the errors that say so."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer, Refused, failure, framework_error
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import Around, Fault, Hooks
from cancel_contract.provider.faults.parts.making import broken, crash, error, refused
from cancel_contract.provider.store.records import Account, Payload


def _crashing(condition: Callable[[Call], bool]) -> Around[int]:
    def hook(call: Call, proceed: Stage[int]) -> int:
        if condition(call):
            raise crash()
        return proceed(call)

    return hook


def _last_of_own(call: Call, proceed: Stage[int]) -> int:
    number = proceed(call)
    return max(row.id for row in call.store.appointments.values()) if number in {0, -1} else number


def _wrapped(call: Call, proceed: Stage[int]) -> int:
    return proceed(call) % 2**32


def _positive(call: Call, proceed: Stage[int]) -> int:
    return abs(proceed(call))


def _own_account(call: Call, proceed: Stage[Account]) -> Account:
    if call.store.directory.account(to_i(call.route.account)) is not None:
        return proceed(call)
    own = call.store.directory.account(min(call.caller.accounts))
    return proceed(call) if own is None else own


def _positive_account(call: Call, proceed: Stage[Account]) -> Account:
    number = to_i(call.route.account)
    account = call.store.directory.account(-number) if number < 0 else None
    return account or proceed(call)


def _crash_unknown_account(call: Call, proceed: Stage[Account]) -> Account:
    if call.store.directory.account(to_i(call.route.account)) is None:
        raise crash()
    return proceed(call)


def _crash_malformed_account(call: Call, proceed: Stage[Account]) -> Account:
    if not call.route.account.isdecimal():
        raise crash()
    return proceed(call)


def _stub(_: Answer) -> Answer:
    return failure(200, {"payload": None})


def _nothing_done() -> Refused:
    return Refused(failure(200, {"payload": None}))


def _nought_done(call: Call, proceed: Stage[int]) -> int:
    if call.route.appointment.isdecimal() and proceed(call) == 0:
        raise _nothing_done()
    return proceed(call)


def _cut_to_nought(call: Call, proceed: Stage[int]) -> int:
    number = proceed(call)
    if 0 < number < 2**63 and number % 2**32 == 0:
        raise framework_error(404, "Not Found", accepts_json=False)
    return number


def _malformed_account_done(call: Call, proceed: Stage[Account]) -> Account:
    if not call.route.account.lstrip("+-").isdecimal():
        raise _nothing_done()
    return proceed(call)


def _as_it_came(call: Call, payload: Payload) -> Payload:
    text = call.route.appointment
    return payload if text.isdecimal() else {**payload, "id": text}


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("unknown-id-fails", "input/unknown-id", "Nothing is found, and a method of nothing is called.",
          Hooks(answer=refused(broken(), 404))),
    Fault("unknown-id-succeeds", "input/unknown-id", "An update of no rows is a success to the database.",
          Hooks(answer=refused(_stub, 404))),
    Fault("error-empty", "input/unknown-id", "The error page is missing.",
          Hooks(answer=refused(lambda it: replace(it, body=b""), 404))),
    Fault("cut-id-unworded", "input/unknown-id",
          "An id is cut to four bytes, and where nought is left the router answers with its page.",
          Hooks(identify=_cut_to_nought)),
    Fault("not-found-403", "input/not-found", "The policy is asked about nothing, and nothing may be done with it.",
          Hooks(answer=refused(error(403, {"error": "Forbidden", "code": "FORBIDDEN"}), 404))),
    Fault("past-32-bits-fails", "input/boundary-id", "The column is an integer of four bytes, and the driver raises.",
          Hooks(identify=_crashing(lambda call: to_i(call.route.appointment) >= 2**31))),
    Fault("past-64-bits-fails", "input/boundary-id", "The driver raises for a number that no column holds.",
          Hooks(identify=_crashing(lambda call: abs(to_i(call.route.appointment)) >= 2**63))),
    Fault("past-32-bits-wraps", "input/boundary-id",
          "The id goes through an integer of four bytes and names another appointment.",
          Hooks(identify=_wrapped)),
    Fault("zero-is-last", "input/boundary-id", "Nought means the latest one, as in the old interface.",
          Hooks(identify=_last_of_own)),
    Fault("sign-ignored", "input/boundary-id", "The sign is lost in a parser, and minus twelve is twelve.",
          Hooks(identify=_positive)),
    Fault("nought-succeeds", "input/boundary-id", "An update of the row nought changes none, and that is a success.",
          Hooks(identify=_nought_done)),
    Fault("unknown-account-fails", "input/unknown-account", "The account is taken for granted.",
          Hooks(enter=_crash_unknown_account)),
    Fault("unknown-account-is-own", "input/unknown-account", "Without a known account the user's first one is taken.",
          Hooks(enter=_own_account)),
    Fault("account-sign-ignored", "input/unknown-account", "The sign is lost in a parser, and minus three is three.",
          Hooks(enter=_positive_account)),
    Fault("malformed-id-fails", "input/malformed-id", "The conversion raises, and nobody rescues.",
          Hooks(identify=_crashing(lambda call: not call.route.appointment.lstrip("+-").isdecimal()))),
    Fault("nul-fails", "input/malformed-id", "The database refuses a text with a zero byte.",
          Hooks(identify=_crashing(lambda call: "\0" in call.route.appointment))),
    Fault("malformed-id-echoed", "input/malformed-id",
          "The answer repeats the id as it came instead of the one that was read.",
          Hooks(render=_as_it_came)),
    Fault("malformed-account-fails", "input/malformed-account", "The conversion raises, and nobody rescues.",
          Hooks(enter=_crash_malformed_account)),
    Fault("malformed-account-succeeds", "input/malformed-account",
          "An account that cannot be read is skipped in silence.",
          Hooks(enter=_malformed_account_done)),
    Fault("error-as-list", "input/error-shape", "Validation errors are sent bare.",
          Hooks(answer=refused(error(404, ["Resource could not be found"]), 404))),
    Fault("error-without-words", "input/error-shape",
          "A wrapper says that it went wrong, and what it was stands in the log alone.",
          Hooks(answer=refused(error(404, {"success": False, "status": 404}), 404))),
    Fault("error-as-message", "input/error-keys", "Another framework's error handler is in front.",
          Hooks(answer=refused(error(404, {"message": "Not found", "statusCode": 404}), 404))),
    Fault("error-as-object", "input/error-keys", "Errors become objects in the next version of the API.",
          Hooks(answer=refused(error(401, {"error": {"type": "auth", "text": "Invalid Access Token"}}), 401))),
    Fault("gone-410", "input/named-status", "A status is chosen for its meaning, and no consumer knows it.",
          Hooks(answer=refused(error(410, {"error": "Resource could not be found"}), 404))),
    Fault("locked-423", "input/named-status", "A status of WebDAV is chosen for its meaning.",
          Hooks(answer=refused(error(423, {"error": "Imported Medelement appointments are read-only"}), 422))),
    Fault("teapot-418", "input/named-status", "A rule against robots answers in place of the app.",
          Hooks(answer=refused(error(418, {"error": "Resource could not be found"}), 404))),
)  # fmt: skip
"""In the order of the clauses that they break."""
