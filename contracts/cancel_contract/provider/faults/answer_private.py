"""Faults of answers that show what is nobody's business."""

from base64 import b64encode
from typing import Final

from cancel_contract.provider.api.access import TOKEN_HEADER
from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.api.render import appointment_payload
from cancel_contract.provider.behaviours import EVERY, Fault, Hooks
from cancel_contract.provider.faults.parts import rows
from cancel_contract.provider.faults.parts.making import error, header, refused, shown, succeeded
from cancel_contract.provider.store.records import Payload

TRACE: Final = (
    "ActiveRecord::RecordNotFound (Couldn't find Appointment):\n"
    "app/services/scheduling/cancel_service.rb:42:in `call'\n"
    "app/controllers/api/v1/accounts/scheduling/appointments_controller.rb:88:in `cancel'\n"
)
"""What a framework prints in its development mode."""


SQL: Final = 'PG::Error: SELECT "appointments".* FROM "appointments" WHERE "appointments"."account_id" = $1 LIMIT 1'
"""What a database driver puts into its errors."""
_LOOK_UP: Final = 'SELECT "users".* FROM "users" INNER JOIN "access" ON "access"."user_id" = "users"."id" LIMIT 1'
"""A query as Rails writes it, with every name in quotes."""


def _echoing(call: Call, answer: Answer) -> Answer:
    return answer.with_header("X-Debug-User", call.request.header(TOKEN_HEADER) or "none")


def _telling_token(call: Call, answer: Answer) -> Answer:
    told = {"error": f"Invalid Access Token {call.request.header(TOKEN_HEADER) or ''}"}
    return error(401, told)(answer) if answer.status == 401 else answer


def _hinting(call: Call, answer: Answer) -> Answer:
    right = call.store.directory.users[0].token
    told = {"error": "Invalid Access Token", "hint": f"expected {right[:12]}…"}
    return error(401, told)(answer) if answer.status == 401 and call.user is None else answer


def _remembering(call: Call, answer: Answer) -> Answer:
    session = b64encode((call.token or "").encode()).decode()
    return answer.with_header("Set-Cookie", f"session={session}; HttpOnly")


def _suggesting(call: Call, answer: Answer) -> Answer:
    if answer.status != 404 or call.account is None:
        return answer
    near = next(call.store.of_account(call.account.id))
    told = {"error": "Resource could not be found", "did_you_mean": [appointment_payload(near)]}
    return error(404, told)(answer)


def _showing_the_day(call: Call, payload: Payload) -> Payload:
    day = [row for row in rows.made_here(call.store) if row.resource_id == shown(call).resource_id]
    return {**payload, "day": [appointment_payload(row) for row in day]}


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("token-echoed", "answer/no-token", "A debug header is left in.", Hooks(answer=_echoing)),
    Fault("token-in-refusal", "answer/no-token", "The error tells what it did not like.",
          Hooks(operations=EVERY, answer=_telling_token)),
    Fault("token-hinted", "answer/no-token", "The error tells support which token it had expected.",
          Hooks(operations=EVERY, answer=_hinting)),
    Fault("token-in-cookie-set", "answer/no-token", "A session is opened for API calls, with the token encoded in it.",
          Hooks(answer=_remembering)),
    Fault("trace-in-404", "answer/no-internals", "The development mode is on.",
          Hooks(answer=refused(error(404, {"error": "Resource could not be found", "traces": TRACE}), 404))),
    Fault("sql-in-404", "answer/no-internals", "The driver's message is passed on.",
          Hooks(answer=refused(error(404, {"error": SQL}), 404))),
    Fault("quoted-sql-in-401", "answer/no-internals", "The look-up of the token is logged, and so is the answer.",
          Hooks(answer=refused(error(401, {"error": _LOOK_UP}), 401))),
    Fault("sql-in-header", "answer/no-internals", "A profiler tells each query that found nothing.",
          Hooks(answer=refused(header("X-Query", _LOOK_UP), 404))),
    Fault("trace-in-header", "answer/no-internals", "An error collector adds a header.",
          Hooks(answer=refused(header("X-Exception", TRACE.splitlines()[1]), 401))),
    Fault("neighbour-in-404", "answer/no-appointment",
          "Whoever mistypes a number is shown the appointment that comes nearest, a stranger's.",
          Hooks(answer=_suggesting)),
    Fault("day-beside-payload", "answer/nobody-else",
          "The page that cancels draws the day anew, and the answer brings it along, patients by name and telephone.",
          Hooks(render=_showing_the_day)),
    Fault("cached-in-public", "answer/private", "A cache rule of the whole site covers the API.",
          Hooks(answer=succeeded(header("Cache-Control", "public, max-age=3600")))),
    Fault("cached-by-network", "answer/private", "The content network is told what browsers are not.",
          Hooks(answer=succeeded(header("CDN-Cache-Control", "max-age=300")))),
    Fault("cached-for-minutes", "answer/private", "Answers are to be kept for some minutes, and nobody says by whom.",
          Hooks(answer=succeeded(header("Cache-Control", "max-age=600")))),
)  # fmt: skip
"""In the order of the clauses that they break."""
