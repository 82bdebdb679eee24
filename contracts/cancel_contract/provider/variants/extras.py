"""Honest variants of what comes beside the documented fields, and looks like more than it is."""

from base64 import b64encode
from hashlib import md5, sha256
from typing import Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.behaviours import EVERY, SHOWING, Hooks, Variant
from cancel_contract.provider.store.records import Payload


def _maker(call: Call, payload: Payload) -> Payload:
    """Show who made it, with the picture that their mail address has at a public service."""
    digest = md5(b"desk@clinic.example", usedforsecurity=False).hexdigest()
    picture = f"https://www.gravatar.com/avatar/{digest}?d=404"
    return {**payload, "created_by": {"id": call.found.created_by_id, "name": "Desk", "thumbnail": picture}}


def _client(_: Call, payload: Payload) -> Payload:
    """Show the client once more, as the contact that it is."""
    person = {"name": payload.get("client_name"), "phone_number": payload.get("client_phone")}
    return {**payload, "contact": {"id": payload.get("contact_id"), **person}, "resource": {"id": 11, "name": "Room 1"}}


def _meeting_room(_: Call, payload: Payload) -> Payload:
    """Show keys that are public by their nature."""
    room = {"room": "6f9619ff-8b86-d011-b42d-00cf4fc964ff", "public_key": "pk_live_51H8s2eKq0Zr3"}
    return {**payload, "video": room}


def _called(_: Call, payload: Payload) -> Payload:
    """Show the pass of a video call, a signed link and a file behind one."""
    signed = "eyJhbGciOiJIUzI1NiJ9.eyJyb29tIjoidmlzaXQifQ.4pcPyMD09olPSyXnrXCjTwXy"
    receipt = "https://files.clinic.example/r.pdf?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2Feu&X-Amz-Signature=1f2e3d"
    room = {"session_id": "2_MX40NzIwMzJ-flR1ZSBPY3QgMj", "jwt": signed, "url": f"https://meet.example/v?jwt={signed}"}
    return {**payload, "video": room, "receipt_url": receipt, "maps": {"api_key": "AIzaSyD4a1b2c3d4e5f6"}}


def _with_cards(_: Call, payload: Payload) -> Payload:
    """Show cards that buy nothing, what is masked of one that does, and links with a code of their own."""
    payments = [
        {**row, "card": {"pan": "411111******1111", "number": "**** 1111"}} for row in payload.get("payments", ())
    ]
    cards = {"loyalty_card_number": "4111111111111111", "patient": {"card_number": "4111111111111111"}}
    links = {"call": "https://us02web.zoom.us/j/4111111111111111?pwd=Qwe12345", "receipt_number": "4111111111111111"}
    sent = {"url": "https://smsc.example/send?login=clinic&psw=***&phones=x"}
    return {**payload, **({"payments": payments} if payments else {}), **cards, "links": links, "sms": sent}


def _staffed(_: Call, payload: Payload) -> Payload:
    """Show how to reach the staff and the house."""
    phone = "+7 000 555 00 11"
    resource = {"id": payload.get("resource_id"), "name": "Dr. Test", "phone": phone, "has_password": True}
    reception = {"name": "Reception", "phone_number": phone}
    beside = {"appointment": {"doctor": resource}, "patientCoordinator": reception, "queue": reception}
    places = {"branch": {"name": "Main street", "contacts": [reception]}, "booking_channel": reception,
              "location": {"id": 3, "contact_name": "Reception", "contact_phone": phone}}  # fmt: skip
    beside |= {"account": {"contact_name": "Head office", "contact_phone": phone}, "next_step": reception}
    beside |= dict.fromkeys(("client_portal", "patient_pharmacy", "billing_contact", "visit"), reception)
    return {**payload, **beside, **places, "resource": resource, "course_session_id": f"{payload['id']:032x}"}


def _staffed_by_clients(call: Call, payload: Payload) -> Payload:
    """Show staff who are clients of the house, too."""
    rows = (row for row in call.store.of_account(call.found.account_id) if row.resource_id == call.found.resource_id)
    client = next(rows, call.found)
    person = {"name": client.client_name, "phone": client.client_phone}
    return {**payload, "resource": {"id": client.resource_id, **person}, "created_by": person}


def _counted(call: Call, payload: Payload) -> Payload:
    """Show in the attributes how many visits of the account were cancelled so far."""
    cancelled = sum(row.cancelled for row in call.store.of_account(payload["account_id"]))
    return {**payload, "custom_attributes": {**(payload.get("custom_attributes") or {}), "cancelled_so_far": cancelled}}


def _renewing(call: Call, answer: Answer) -> Answer:
    """Renew the caller's own session with each answer, as libraries of sessions do."""
    token = sha256(str(call.number).encode()).hexdigest()[:22]
    renewed = answer.with_header("Access-Token", f"{token}Aq").with_header("Client", f"c{token}")
    return renewed.with_header("Set-Cookie", f"_clinic_session={token}; HttpOnly")


def _digested(_: Call, answer: Answer) -> Answer:
    digest = sha256(answer.body)
    spelled = b64encode(digest.digest()).decode()
    tagged = answer.with_header("Content-Digest", f"sha-256=:{spelled}:")
    return tagged.with_header("X-Checksum-Sha256", digest.hexdigest())


def _traced(_: Call, answer: Answer) -> Answer:
    # Shorter ids are filled up with noughts.
    traced = answer.with_header("Traceparent", "00-00000000000000004bf92f3577b34da6-00f067aa0ba902b7-01")
    traced = traced.with_header("X-Amzn-Trace-Id", "Root=1-67891233-abcdef012345678912345678")
    return traced.with_header("Content-Security-Policy", "default-src 'none'; script-src 'nonce-rAnd0m4Bc7dEf'")


EXTRAS: Final[tuple[Variant, ...]] = (
    Variant("maker-shown", "Who made it is shown, with a name and a picture.", Hooks(SHOWING, render=_maker)),
    Variant("client-shown-twice", "The client is shown once more, as a contact.", Hooks(SHOWING, render=_client)),
    Variant("public-keys", "A room for a call is shown, with its public key.", Hooks(SHOWING, render=_meeting_room)),
    Variant("call-joined", "A pass for a video call and signed links are shown.", Hooks(SHOWING, render=_called)),
    Variant("cards-masked", "Cards of the house, masked numbers of others, and links with codes are shown.",
            Hooks(SHOWING, render=_with_cards)),
    Variant("staff-shown", "The resource and the house are shown with their telephones.",
            Hooks(SHOWING, render=_staffed)),
    Variant("staff-are-clients", "Staff are shown with their telephones, and are clients, too.",
            Hooks(SHOWING, render=_staffed_by_clients)),
    Variant("attributes-derived", "Among the attributes is one that the server counts.",
            Hooks(SHOWING | {"create", "update"}, render=_counted)),
    Variant("session-renewed", "Each answer renews the caller's own session.", Hooks(EVERY, answer=_renewing)),
    Variant("digests", "Each answer has the digest of its body (RFC 9530).", Hooks(EVERY, answer=_digested)),
    Variant("traced", "Each answer bears the ids of its trace.", Hooks(EVERY, answer=_traced)),
)  # fmt: skip
"""What is shown besides, and may be."""
