"""Checks that no answer shows a secret of the house: a password or its digest, a key, another's token, a
session, a bank card.

A caller's own renewed token or session cookie, a link that is signed, a key that is public by its nature and a pass for
a video call are no secrets of the house.
"""

import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Final

from cancel_contract.clauses.bank_cards import of_a_card
from cancel_contract.clauses.clause import Finding, Terms, under_test
from cancel_contract.clauses.places import Leaf, leaves, pointer
from cancel_contract.exchange.difference import Broken, broken
from cancel_contract.exchange.exchange import Answer, Exchange
from cancel_contract.exchange.spoken import companion
from cancel_contract.redaction.headers import discreet_name
from cancel_contract.redaction.personal_data import discreet_key

_LOGIN: Final = r"[?&](?:login|user|username|account)=[^&\s]"
_ITS_KEY: Final = r"[?&](?:password|passwd|passw|psw|pwd|pass)=(?![*x•\[<{$]|%[0-9a-f]|masked|filtered)[^&\s]{4}"
"""Parameters of an address: one that is masked, encoded or filled in later is no password."""
_LOGIN_IN_ADDRESS: Final = "an address with a login and its password"
_ANYWHERE: Final = (
    ("the digest of a password", re.compile(
        r"\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}|\$argon2(?:id|i|d)\$|\$(?:5|6|y|scrypt|pbkdf2[\w-]*)\$[^\s\"]{16}"
        r"|\bpbkdf2_sha\d+\$\d+\$|\bscrypt:\d+:\d+:\d+\$|\{S?SHA\d*\}[A-Za-z0-9+/]{20}")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")),
    ("a service's secret key", re.compile(
        r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{10}|\bwhsec_[A-Za-z0-9+/]{16}|\bgh[pousr]_[A-Za-z0-9]{30}"
        r"|\bglpat-[\w-]{20}|\bxox[abprs]-[\w-]{10}|\bSG\.[\w-]{16,}\.[\w-]{16}|\b\d{8,10}:AA[\w-]{33}\b")),
    ("an address with a password", re.compile(
        r"\b[a-z][a-z0-9+.-]*://[^\s/:@?#\"'<>\\]*:(?!\*+@|x+@|\[|\$)[^\s/@?#\"'<>\\]+@[\w.\[-]", re.IGNORECASE)),
    (_LOGIN_IN_ADDRESS, re.compile(
        rf"://[^\s?\"'<>]+(?=\?)(?=[^\s\"'<>]*{_LOGIN})[^\s\"'<>]*{_ITS_KEY}", re.IGNORECASE)),
    ("the secret address of a webhook", re.compile(
        r"://(?:hooks\.slack\.com/services/T\w+/B\w+/\w{16}|(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\d+/[\w-]{16}"
        r"|[\w-]+\.webhook\.office\.com/webhookb2/[\w-]{16}|api\.telegram\.org/bot\d+:[\w-]{16})")),
    ("the secret of a second factor", re.compile(r"otpauth://[^\s\"'<>]*[?&]secret=[A-Z2-7]{8}", re.IGNORECASE)),
    ("the secret address of a calendar", re.compile(r"/private-[0-9a-f]{16,}/(?:basic|full)\.ics")),
    ("a secret of the server's own settings", re.compile(
        r"\b(?:SECRET_KEY(?:_BASE)?|RAILS_MASTER_KEY|APP_KEY|JWT_SECRET|(?:DATABASE|DB|REDIS|SMTP)_PASSWORD)=[^\s\"'<*$]{8}")),
)  # fmt: skip
"""Forms that secrets alone have, wherever they stand."""
_SIGNED_IN: Final = re.compile(
    r"\b(Basic|Bearer) (?!eyJ)((?=\S*\d)(?=\S*[A-Za-z])[A-Za-z0-9+/_.-]{16,}={0,2})(?![\w$])"
)
"""By what a service is signed in, as a log has it; a header may renew the caller's own."""
_LOGIN_AND_PASSWORD: Final = re.compile(rb"[ -~]+:[ -~]+")
"""What stands behind `Basic` (RFC 7617, 2), which is a word of its own, too."""
_KEY_IN_ERROR: Final = re.compile(
    r"[?&\s](?:api_?key|access_?token|client_?secret|auth_?token)=(?=\w*\d)(?=\w*[A-Za-z])\w{12,}", re.IGNORECASE
)
"""A key in the address of a service, where an error tells of it; a link that an appointment shows may be signed."""
_JWT: Final = re.compile(r"(?:Bearer )?eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}")
_WHOLE: Final = (
    ("a cloud's access key", re.compile(r"(?:AKIA|ASIA)[A-Z0-9]{16}")),
    ("a signed token", _JWT),
)
"""Forms of a whole text: as a part of a signed link they are no secrets."""
_NAMES: Final = (
    "password", "passwd", "passworddigest", "passwordhash", "passwordsalt", "secret", "secretkey", "secretaccesskey",
    "privatekey", "signingkey", "encryptionkey", "apikey", "accesstoken", "refreshtoken", "authtoken", "apitoken",
    "privatetoken", "sessiontoken", "resetpasswordtoken", "passwordresettoken", "remembertoken", "unlocktoken",
    "invitationtoken", "tokendigest", "tokenhash", "backupcodes", "recoverycodes", "pubsubtoken", "hmactoken",
    "bottoken", "webhookverifytoken",
)  # fmt: skip
"""How names of secrets end, in small letters and without separators."""
_RANDOM: Final = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[!-~]{8,}")
_NO_SECRET: Final = re.compile(r"\$(?:ONELINK|RECORDED)_|.*(?:\*\*|\[|<|\.\.\.)|(?:pk|pi|seti|cs|phc)_|pk\.eyJ|AIza")
"""What stands for a secret or hides it, and keys that browsers are given."""
_SESSION: Final = re.compile(r"(?:[a-z]+_)?(?=\w*\d)(?=\w*[a-z])[a-z0-9]{26,128}")
"""A session's id as servers make it; a uuid may name anything, a video call's for example."""
_SESSION_NAME: Final = re.compile(
    r"(?:user|auth|login|web|php|j|asp|aspnet|server|app|browser|current|rails|laravel|django|connect|cookie|x)?sessionid"
)
"""Names of a session of somebody who has signed in; a course of treatment has sessions, too."""
_FOR_GUESTS: Final = frozenset(
    {
        "archive", "call", "conference", "consultation", "jitsi", "livekit", "meet", "meeting", "online", "pdf", "results",
        "room", "teams", "telehealth", "telemedicine", "video", "webinar", "wifi", "wlan", "zip", "zoom",
    }
)  # fmt: skip
"""Words for what guests are given a password of: a video call, a network, a document."""
_OF_BROWSERS: Final = frozenset(
    {"algolia", "amplitude", "analytics", "captcha", "dgis", "map", "mapbox", "maps", "posthog", "public", "publishable",
     "recaptcha", "search", "yandex"}
)  # fmt: skip
"""Words for what browsers are given a key of."""
_OF_A_LINK: Final = frozenset({"manage", "confirm", "confirmation", "chat", "link"})
"""Words for what a client is sent to confirm or to change an appointment of its own by."""
_PLACES: Final = 3
"""Places of a secret that are told."""
_OWN_HEADERS: Final = frozenset({"set-cookie", "authorization", "www-authenticate"})
"""Headers that renew what the caller has anyhow; so may those with `token` in their name."""


def no_secrets(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    """No answer, refusal or header shows a secret."""
    if under_test(exchange) and exchange.answer:
        yield next(_found(exchange.answer), None)


def no_token(exchange: Exchange, _: Terms) -> Iterator[Finding]:
    """No answer gives back what its caller has shown; an error may repeat a URL, whatever is in it.

    What a cancel has written down is shown by reads, lists and calendars; alone they keep no promise of a cancel.
    """
    if exchange.answer is None:
        return
    echoes = [name for name in exchange.answer.echoes if not _repeats_the_url(exchange, name)]
    whose = companion(exchange.case)
    told = "; ".join(_at(exchange.answer, name, f" to {whose}" if whose else "") for name in echoes)
    if echoes or under_test(exchange):
        yield broken("leak", "token", f"${', $'.join(echoes)}", "none in an answer", told) if echoes else None


def _at(answer: Answer, name: str, whose: str) -> str:
    """The sentence for a secret, behind a dollar sign where it was: in which header or field, and how encoded."""
    known = re.compile(rf"\${name}(?!_)")
    encoding = next((how for one, how in zip(answer.echoes, answer.encodings, strict=False) if one == name and how), "")
    headers = [f"in header {discreet_name(key)}" for key, text in answer.headers if known.search(text)]
    fields = [
        f"in the body at {pointer(leaf.keys)}" for leaf in leaves(answer.json) if leaf.keys and known.search(leaf.text)
    ]
    in_body = fields or (["in the body"] if known.search(answer.body.decode(errors="replace")) else [])
    places = [*dict.fromkeys((*headers, *in_body))][:_PLACES]
    where = ", ".join(filter(None, (*places, encoding)))
    return f"the answer{whose} holds the value of ${name}{' ' if where else ''}{where}"


def _repeats_the_url(exchange: Exchange, name: str) -> bool:
    """Whether a secret stands in an answer only as it does in the query of the request, whose URL an error may repeat.

    Its caller had put it there. Where a secret was, its name stands behind a dollar sign.
    """
    answer = exchange.answer
    if answer is None or f"=${name}" not in exchange.url:
        return False
    text = "\n".join((answer.body.decode(errors="replace"), *(value for _, value in answer.headers)))
    return not re.search(rf"(?<!=)\${name}\b", text)


def _found(answer: Answer) -> Iterator[Broken]:
    for leaf in leaves(answer.json):
        if kind := _kind(leaf):
            yield _shown(kind, pointer(leaf.keys), "in the body")
    for name, value in answer.headers:
        if kind := _of_header(name.lower(), value):
            yield _shown(kind, discreet_key(name.lower().replace("-", "_")), "in a header")
    text = answer.body.decode(errors="replace")
    if answer.json is None and (kind := _anywhere(text)):
        yield _shown(kind, "body", "in the answer")
    if answer.payload is None and _KEY_IN_ERROR.search(text):
        places = (pointer(leaf.keys) for leaf in leaves(answer.json) if leaf.keys and _KEY_IN_ERROR.search(leaf.text))
        yield _shown("the key of a service", next(places, "body"), "in the answer")


def _shown(kind: str, place: str, where: str) -> Broken:
    return broken("leak", place, kind, "none in an answer", f"{kind} is shown {where}, at {place}")


def _kind(leaf: Leaf) -> str | None:
    """The kind of secret that a text of a body is."""
    kind, is_for_guests = _anywhere(leaf.text), bool(_FOR_GUESTS & leaf.words)
    if kind and not (is_for_guests and kind == _LOGIN_IN_ADDRESS):
        return kind
    if is_for_guests:
        return None
    is_a_link = bool(_OF_A_LINK & leaf.words)
    whole = (kind for kind, form in _WHOLE if form.fullmatch(leaf.text) and not (is_a_link and form is _JWT))
    signed_in = "the password or key that signs a service in" if _signs_in(leaf.text) else None
    by_name = None if _OF_BROWSERS & leaf.words else _by_name(leaf.name, leaf.text)
    return next(whole, None) or signed_in or by_name or of_a_card(leaf)


def _signs_in(text: str) -> bool:
    found = _SIGNED_IN.search(text)
    if found is None or found[1] != "Basic":
        return found is not None
    try:
        return _LOGIN_AND_PASSWORD.fullmatch(b64decode(found[2] + "==")) is not None
    except ValueError:
        return False


def _anywhere(text: str) -> str | None:
    return next((kind for kind, form in _ANYWHERE if form.search(text)), None)


def _by_name(name: str, text: str) -> str | None:
    if _SESSION_NAME.fullmatch(name) and _SESSION.fullmatch(text):
        return "a session's id"
    if name.endswith(_NAMES) and _RANDOM.fullmatch(text) and not _NO_SECRET.match(text):
        return "a secret by its name"
    return None


def _of_header(name: str, text: str) -> str | None:
    if kind := _anywhere(text):
        return kind
    if name in _OWN_HEADERS or "token" in name:
        return None
    whole = (kind for kind, form in _WHOLE if form.fullmatch(text))
    return next(whole, None) or _by_name(name.replace("-", "").replace("_", ""), text)
