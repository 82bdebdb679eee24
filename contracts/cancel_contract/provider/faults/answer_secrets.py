"""Faults of extra fields, refusals and headers that show secrets of the house, or other clients.

All secrets are made up; each has the form in which real ones leak.
"""

import json
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from typing import Any, Final
from urllib.parse import quote

from cancel_contract.provider.api.answers import Answer, encode
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.render import appointment_payload, instant
from cancel_contract.provider.behaviours import EVERY, SHOWING, Fault, Hooks, Map
from cancel_contract.provider.faults.parts.making import (
    error,
    header,
    in_payments,
    put,
    refused,
    shown,
    succeeded,
    value,
)
from cancel_contract.provider.faults.parts.rows import in_list, made_here
from cancel_contract.provider.store.records import Appointment, Payload

BCRYPT: Final = "$2a$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"
ARGON: Final = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG"
DIGEST: Final = "5f4dcc3b5aa765d61d8327deb882cf995f4dcc3b5aa765d61d8327deb882cf99"
JWT: Final = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjo3LCJyb2xlIjoiYWRtaW4ifQ.4pcPyMD09olPSyXnrXCjTwXyr4BsezdI1AVTmud2fU4"
PRIVATE_KEY: Final = (
    "-----BEGIN PRIVATE KEY-----\nMIIBVAIBADANBgkqhkiG9w0BAQEFAASCAT4wggE6AgEAAkEA\n-----END PRIVATE KEY-----\n"
)
DATABASE: Final = "postgres://scheduling:Wint3r-Rain@10.0.3.17:5432/production"
BOT: Final = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawq"
CARD: Final = "4111 1111 1111 1111"
FRESH: Final = "Wq8sT2nYk5Lr9Xc4Vb7Zm1Pd"
BASE32: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SESSION: Final = "8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab91"
"""Forms of secrets: digests of passwords, a signed token, a key, an address with a password, a card, texts, a session.

The card's is the number by which everybody tries out payments.
"""

OK: Final = 200


def _maker(**secrets: str) -> Map[Payload]:
    """Show who made the appointment, with more of them than a name."""
    return lambda _, payload: {**payload, "created_by": {"id": 101, "name": "Desk", **secrets}}


def _extra(**fields: Any) -> Map[Payload]:  # noqa: ANN401 - the fields of an answer
    return lambda _, payload: {**payload, **fields}


def _others(call: Call) -> Appointment | None:
    """Return another client's appointment at the same resource, whoever's it is."""
    ours = shown(call)
    rows = (row for row in call.store.of_account(ours.account_id) if row.resource_id == ours.resource_id)
    return next((row for row in rows if row.client_name != ours.client_name), None)


def _of_another(field: str, view: Callable[[Appointment], Any]) -> Map[Payload]:
    """Show something of another client in a field that no page documents."""

    def hook(call: Call, payload: Payload) -> Payload:
        other = _others(call)
        return {**payload, field: view(other)} if other else payload

    return hook


def _person(it: Appointment) -> Payload:
    return {"name": it.client_name, "phone": it.client_phone}


def _visit(it: Appointment) -> Payload:
    return {"at": instant(it.starts_at), "patient": it.client_name, "contact": {"mobile": it.client_phone}}


def _next_client(call: Call, answer: Answer) -> Answer:
    other = _others(call) if answer.status == 200 else None
    told = f"{quote(other.client_name)};tel={quote(other.client_phone or '')}" if other else ""
    return answer.with_header("X-Next-Client", told) if told else answer


def _notified(call: Call, answer: Answer) -> Answer:
    other = _others(call) if answer.status == OK else None
    return answer.with_header("X-Notify", (other.client_phone or "").replace(" ", "")) if other else answer


def _with_a_strangers(call: Call, answer: Answer) -> Answer:
    ours = call.account.id if call.account else 0
    others = (row for row in call.store.appointments.values() if row.account_id != ours)
    strangers = [appointment_payload(row) for row in islice(others, 1)]
    return in_list(lambda listed: [*listed, *strangers])(call, answer)


def _with_visits(call: Call, payload: Payload) -> Payload:
    ours = shown(call)
    if ours.contact_id is None:
        return payload
    rows = (row for row in call.store.of_account(ours.account_id) if row.resource_id == ours.resource_id)
    visits = [_person(row) for row in islice(rows, 3)]
    return {**payload, "contact": {"id": ours.contact_id, "visits": visits}}


def _beside(field: str, content: object) -> Map[Answer]:
    return succeeded(value(lambda it: {**it, field: content}))


def _token_digest(call: Call, answer: Answer) -> Answer:
    return answer.with_header("X-Token-Hash", sha256((call.token or "").encode()).hexdigest())


def _token_encoded(call: Call, payload: Payload) -> Payload:
    secret = b64encode((call.token or "").encode()).decode()
    return {**payload, "links": {"ics": f"/calendar/{secret}.ics"}}


def _canceller(call: Call, payload: Payload) -> Payload:
    return {**payload, "cancelled_by": call.token} if payload["status"] == "cancelled" else payload


def _last_client(call: Call, answer: Answer) -> Answer:
    """Name in each 404 whom the last request was about that found, or made, an appointment."""
    if row := call.after or call.before:
        call.memory["client"] = row.client_name
    if answer.status != 404 or not answer.body.startswith(b'{"error"') or "client" not in call.memory:
        return answer
    return replace(answer, body=encode({**json.loads(answer.body), "context": call.memory["client"]}))


async def _noted_elsewhere(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
    """Note in what was cancelled before who has given up a visit since."""
    was_active, done = not call.found.cancelled, await proceed(call)
    last = call.store.appointments.get(call.memory.get("given up", 0))
    if was_active and last:
        line = f"{last.client_comment or ''} Then given up by {done.client_name}".strip()
        call.store.put(replace(last, client_comment=line))
    call.memory["given up"] = done.id if done.id in {row.id for row in made_here(call.store)} else 0
    return done


SECRETS: Final = (
    Fault("maker-with-password", "answer/inner-secrets",
          "Who made it is rendered with all columns of the table, the digest of a password among them.",
          Hooks(SHOWING, render=_maker(encrypted_password=BCRYPT))),
    Fault("maker-with-tokens", "answer/inner-secrets",
          "Who made it is rendered with all columns of the table, and whoever may read may act as that member.",
          Hooks(SHOWING, render=_maker(access_token=FRESH))),
    Fault("maker-with-reset", "answer/inner-secrets", "Who made it is rendered while a new password is asked for.",
          Hooks(SHOWING, render=_maker(reset_password_token=DIGEST))),
    Fault("maker-with-socket", "answer/inner-secrets", "Whoever has this token hears all that its owner is told.",
          Hooks(SHOWING, render=_maker(pubsub_token=FRESH))),
    Fault("bot-shown", "answer/inner-secrets", "The bot that tells the client is rendered with what it signs in by.",
          Hooks(render=_extra(channel={"bot": {"id": 7, "key": BOT}}))),
    Fault("maker-with-second-factor", "answer/inner-secrets", "The secret of a second factor is a column like others.",
          Hooks(SHOWING, render=_maker(otp_secret=BASE32))),
    Fault("second-factor-address-shown", "answer/inner-secrets", "The picture by which a telephone is enrolled has it.",
          Hooks(SHOWING, render=_maker(enrol="otpauth://totp/OneLink:a?secret=JBSWY3DPEHPK3PXP&issuer=OneLink"))),
    Fault("calendar-address-shown", "answer/inner-secrets", "Whoever has the address reads the whole calendar.",
          Hooks(SHOWING, render=_extra(links={"ics": f"https://calendar.test/ical/a/private-{DIGEST[:32]}/basic.ics"}))),
    Fault("settings-of-the-process-shown", "answer/inner-secrets", "A debug page of the framework is a field.",
          Hooks(SHOWING, render=_extra(debug={"env": f"PATH=/usr/bin SECRET_KEY_BASE={DIGEST}"}))),
    Fault("webhook-secret-shown", "answer/inner-secrets",
          "The account's settings come along, with what its webhooks are signed by.",
          Hooks(SHOWING, render=_extra(account={"id": 3, "settings": {"webhook_secret": f"whsec_{SESSION}"}}))),
    Fault("cloud-key-shown", "answer/inner-secrets", "The receipt is uploaded by the caller, with the house's own key.",
          Hooks(render=_extra(receipt={"upload": {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "bucket": "receipts"}}))),
    Fault("private-key-shown", "answer/inner-secrets", "The synchronization's settings hold the key it signs with.",
          Hooks(SHOWING, render=_extra(sync={"calendar": {"credentials": {"private_key": PRIVATE_KEY}}}))),
    Fault("signed-token-beside", "answer/inner-secrets", "An administrator's signed token is what the widget needs.",
          Hooks(answer=_beside("meta", {"widget": {"jwt": JWT}}))),
    Fault("database-shown", "answer/inner-secrets", "The connection is shown, so that one sees which copy answered.",
          Hooks(answer=_beside("debug", {"replica": DATABASE}))),
    Fault("session-in-header", "answer/inner-secrets", "The session of the job that did it is there to be looked up.",
          Hooks(answer=succeeded(header("X-Session-Id", SESSION)))),
    Fault("password-in-refusal", "answer/inner-secrets", "The refusal renders the user whom it refuses.",
          Hooks(answer=refused(error(401, {
              "error": "You are not authorized to do this action",
              "user": {"id": 103, "password_digest": ARGON}}), 401))),
    Fault("password-in-not-found", "answer/inner-secrets", "The error page dumps its variables as JSON.",
          Hooks(answer=refused(error(404, {
              "error": "Resource could not be found",
              "context": {"current_user": {"encrypted_password": BCRYPT}}}), 404))),
    Fault("service-login-in-refusal", "answer/inner-secrets",
          "The refusal repeats what the clinic's own system was asked, with all its headers.",
          Hooks(answer=refused(error(401, {
              "error": "You are not authorized to do this action",
              "detail": f"GET /visits with Authorization: Basic {b64encode(b'onelink:Wint3r-Rain').decode()}"}), 401))),
    Fault("service-key-in-not-found", "answer/inner-secrets",
          "What was not found is told by the address that was asked.",
          Hooks(answer=refused(error(404, {
              "error": f"Resource could not be found: https://clinic.example/visits?api_key={FRESH}"}), 404))),
    Fault("card-shown", "answer/inner-secrets", "A payment is rendered with all that the terminal sent of the card.",
          Hooks(SHOWING, render=in_payments(put("card", {"pan": CARD, "expires": "11/29"})))),
    Fault("card-code-shown", "answer/inner-secrets", "The code of a card is kept with its payment, and shown.",
          Hooks(SHOWING, render=in_payments(put("card", {"cvv": "123", "last": "1111"})))),
    Fault("webhook-address-shown", "answer/inner-secrets",
          "What was told to whom is rendered with addresses to which whoever knows them may write.",
          Hooks(render=_extra(deliveries=[{"url": f"https://hooks.slack.com/services/T02AB3CD4/B05EF6GH7/{FRESH}"}]))),
    Fault("gateway-password-shown", "answer/inner-secrets",
          "The message to the client is shown as it was sent, with login and password of the house.",
          Hooks(render=_extra(message={"sent": "https://smsc.example/send?login=clinic&psw=Qwe12345&mes=x"}))),
    Fault("token-digest-in-header", "answer/no-token",
          "The log finds requests by the digest of their token, and so does everybody with a list of tokens.",
          Hooks(EVERY, answer=_token_digest)),
    Fault("token-in-link", "answer/no-token", "A link for calendars has the token in it, in other letters.",
          Hooks(render=_token_encoded)),
    Fault("token-in-reads", "answer/no-token", "Who has cancelled is written down by the token, which reads show.",
          Hooks(frozenset({"read", "list"}), render=_canceller)),
)  # fmt: skip
"""Secrets of the house."""

CLIENTS: Final = (
    Fault("waiting-list-shown", "answer/nobody-else", "Whoever cancels is shown who could have the slot now.",
          Hooks(render=_of_another("waiting_list", lambda it: [_person(it)]))),
    Fault("next-visit-shown", "answer/nobody-else", "The resource is rendered with what it has to do next.",
          Hooks(render=_of_another("resource", lambda it: {"id": it.resource_id, "next": _visit(it)}))),
    Fault("contact-with-family", "answer/nobody-else", "The contact is rendered with all who share its phone.",
          Hooks(render=_of_another("contact", lambda it: {"relatives": [{"person": _person(it)}]}))),
    Fault("conversation-shown", "answer/nobody-else", "The conversation in which it was booked is the room's last one.",
          Hooks(render=_of_another("conversation", lambda it: {"id": 7, "contact": _person(it)}))),
    Fault("sender-shown", "answer/nobody-else", "The last message about the room is rendered with who has sent it.",
          Hooks(render=_of_another("messages", lambda it: [{"content": "Hello", "sender": _person(it)}]))),
    Fault("next-client-in-header", "answer/nobody-else", "The desk's display reads who comes next from a header.",
          Hooks(answer=_next_client)),
    Fault("list-of-every-account", "answer/nobody-seen",
          "The filter for cancelled ones is joined by OR, and whatever stands beside it is whoever's.",
          Hooks(frozenset({"list"}), answer=_with_a_strangers)),
    Fault("last-client-in-404", "answer/nobody-seen", "The context of errors is kept from one request to the next.",
          Hooks(EVERY, answer=_last_client)),
    Fault("next-client-noted", "answer/nobody-seen",
          "The journal of what was given up is kept in the comment of its first entry.",
          Hooks(transition=_noted_elsewhere)),
    Fault("neighbour-in-notice", "answer/nobody-seen", "A notice for the desk names who was offered the slot.",
          Hooks(render=_of_another(
              "notice", lambda it: f"The slot was offered to {it.client_name}, {it.client_phone}"))),
    Fault("neighbours-phone-in-header", "answer/nobody-seen", "The notifier's header has the number that it calls.",
          Hooks(answer=_notified)),
    Fault("room-shows-who-is-in", "answer/nobody-seen", "The room is rendered with who is in it.",
          Hooks(render=_of_another("resource", lambda it: {
              "name": "Test room 1", "current": {"full": it.client_name, "whatsapp": it.client_phone}}))),
    Fault("contact-with-the-rooms-visits", "answer/nobody-seen",
          "A contact is rendered with its visits, which are joined by the room.", Hooks(render=_with_visits)),
)  # fmt: skip
"""Other clients."""

FAULTS: Final[tuple[Fault, ...]] = SECRETS + CLIENTS
"""In the order of the clauses that they break."""
