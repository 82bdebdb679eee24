"""Faults of the answer as a message: status, type, JSON, envelope."""

import gzip
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.access import TOKEN_HEADER
from cancel_contract.provider.api.answers import HTML_TYPE, Answer, framework_error
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.behaviours import Around, Fault, Hooks
from cancel_contract.provider.faults.parts.making import (
    body,
    broken,
    crash,
    error,
    every,
    header,
    not_ascii,
    refused,
    status,
    succeeded,
    value,
)
from cancel_contract.provider.store.records import Appointment


def _status_twice(text: bytes) -> bytes:
    return text.replace(b'"status":', b'"status":"scheduled","status":', 1)


def _not_a_number(text: bytes) -> bytes:
    return text.replace(b'"custom_attributes":', b'"rating":NaN,"custom_attributes":', 1)


def _python_words(text: bytes) -> bytes:
    return text.replace(b":null", b":None")


def _in_code_page(text: bytes) -> bytes:
    return text.decode().encode("cp1251", "replace")


def _crashing(where: Callable[[Appointment], bool]) -> Around[Awaitable[Appointment]]:
    async def hook(call: Call, proceed: Stage[Awaitable[Appointment]]) -> Appointment:
        if where(call.found):
            raise crash()
        return await proceed(call)

    return hook


def _page_for_anything(call: Call, answer: Answer) -> Answer:
    if not (call.request.header("accept") or "*/*").startswith("*/*"):
        return answer
    return replace(answer, headers=(("Content-Type", HTML_TYPE),), body=b"<!DOCTYPE html><title>Cancelled</title>")


def _cut_when_plain(call: Call, answer: Answer) -> Answer:
    plain = "gzip" not in (call.request.header("accept-encoding") or "")
    return replace(answer, body=answer.body[:-2]) if plain else answer


def _whoever_sends(name: str, word: str, answer: Callable[[Answer], Answer]) -> Around[Awaitable[Answer]]:
    """Answer otherwise to whoever shows a token and has a word in a header."""

    async def hook(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
        theirs = call.request.header(TOKEN_HEADER) and word in (call.request.header(name) or "").lower()
        return answer(Answer(0)) if theirs else await proceed(call)

    return hook


async def _refusing_nothing(call: Call, proceed: Stage[Awaitable[Answer]]) -> Answer:
    if call.request.media_type == "application/json" and not call.request.body:
        return framework_error(400, "Bad Request", accepts_json=call.request.accepts_json).answer
    return await proceed(call)


def _as_page(call: Call, answer: Answer) -> Answer:
    if call.request.header("accept") != "*/*":
        return answer
    return replace(answer, headers=(("Content-Type", HTML_TYPE),), body=b"<!DOCTYPE html><title>Cancelled</title>")


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("created-201", "answer/status-200", "The action is modelled as creating a cancellation.",
          Hooks(answer=succeeded(status(201)))),
    Fault("accepted-202", "answer/status-200", "The cancel is moved to a background job.",
          Hooks(answer=succeeded(status(202)))),
    Fault("no-content-204", "answer/status-200", "An answer without content is thought cleaner.",
          Hooks(answer=succeeded(lambda _: Answer(204)))),
    Fault("redirect-303", "answer/status-200", "The action redirects to the appointment, as HTML forms want it.",
          Hooks(answer=succeeded(lambda it: status(303)(it).with_header("Location", "/api/v1/profile")))),
    Fault("error-500-now-and-then", "answer/status-200",
          "A mail server that does not answer breaks the request after the cancel.",
          Hooks(answer=succeeded(broken()), when=every(4))),
    Fault("one-word-name-fails", "answer/status-200",
          "The letter to the client begins with the last name, and whoever has one name alone has none.",
          Hooks(transition=_crashing(lambda it: " " not in it.client_name))),
    Fault("comment-as-format", "answer/status-200",
          "The comment is glued into a format, and one with a per cent sign asks for a value that is not there.",
          Hooks(transition=_crashing(lambda it: "%" in (it.client_comment or "")))),
    Fault("card-refund-fails", "answer/status-200",
          "What was prepaid by card is paid back through a gateway whose key is set on one server alone.",
          Hooks(transition=_crashing(lambda it: it.prepaid_payment_method == "card" and it.prepaid_amount > 0))),
    Fault("typed-without-body-refused", "answer/status-200",
          "A parser refuses an empty body of the type JSON, which many libraries send with each POST.",
          Hooks(handle=_refusing_nothing)),
    Fault("curl-refused", "answer/status-200",
          "A filter against robots knows curl by its name, and the documentation's own example is one.",
          Hooks(handle=_whoever_sends("user-agent", "curl", error(403, {"error": "Forbidden", "code": "FORBIDDEN"})))),
    Fault("cookie-fails", "answer/status-200",
          "A session is looked for behind every cookie, whatever token comes with it, and there is none.",
          Hooks(handle=_whoever_sends("cookie", "=", broken()))),
    Fault("not-a-number", "answer/valid-json", "A division by zero is serialized as NaN.",
          Hooks(answer=succeeded(body(_not_a_number)))),
    Fault("key-twice", "answer/valid-json", "Two serializers write into one object.",
          Hooks(answer=succeeded(body(_status_twice)))),
    Fault("byte-order-mark", "answer/valid-json", "A template file was saved with a byte order mark.",
          Hooks(answer=succeeded(body(lambda text: b"\xef\xbb\xbf" + text)))),
    Fault("python-words", "answer/valid-json", "The object is printed instead of serialized.",
          Hooks(answer=succeeded(body(_python_words)))),
    Fault("two-documents", "answer/valid-json", "The action renders twice.",
          Hooks(answer=succeeded(body(lambda text: text + b"\n" + text)))),
    Fault("code-page", "answer/valid-json", "A legacy service in between speaks Windows-1251.",
          Hooks(answer=succeeded(body(_in_code_page)), when=not_ascii)),
    Fault("empty-body", "answer/valid-json", "The view is missing, and the framework renders nothing.",
          Hooks(answer=succeeded(body(lambda _: b"")))),
    Fault("json-prefix", "answer/valid-json", "A prefix against script inclusion is added to all answers.",
          Hooks(answer=succeeded(body(lambda text: b")]}',\n" + text)))),
    Fault("compressed-unsaid", "answer/valid-json", "A proxy compresses and loses the header that says so.",
          Hooks(answer=succeeded(body(lambda text: gzip.compress(text, 1, mtime=0))))),
    Fault("errors-with-byte-order-mark", "answer/valid-json",
          "Errors come from static files that were saved with a byte order mark.",
          Hooks(answer=refused(body(lambda text: b"\xef\xbb\xbf" + text), 404))),
    Fault("comment-unescaped", "answer/valid-json",
          "The answer is written by a template, and the line break of a comment goes into it as it is.",
          Hooks(answer=succeeded(body(lambda text: text.replace(rb"\n", b"\n"))))),
    Fault("plain-answer-cut", "answer/valid-json",
          "A filter compresses, and where it may not, it forgets its last buffer.",
          Hooks(answer=_cut_when_plain)),
    Fault("typed-as-html", "answer/content-type", "The framework's default type is left in place.",
          Hooks(answer=succeeded(header("Content-Type", "text/html; charset=utf-8")))),
    Fault("typed-twice", "answer/content-type",
          "App and proxy each state a type, and every client library takes another one of the two.",
          Hooks(answer=succeeded(lambda it: replace(it, headers=(("Content-Type", "text/plain"), *it.headers))))),
    Fault("untyped", "answer/content-type", "A proxy strips the type.",
          Hooks(answer=succeeded(lambda it: it.without_header("Content-Type")))),
    Fault("charset-wrong", "answer/content-type", "A server-wide default charset is set for old pages.",
          Hooks(answer=succeeded(header("Content-Type", "application/json; charset=windows-1251")))),
    Fault("page-for-anything", "answer/content-type",
          "Who takes anything gets the format that is named first, a page: every caller that uses curl.",
          Hooks(answer=_page_for_anything)),
    Fault("page-for-anybody", "answer/content-type",
          "The action renders a page for whoever takes one, and curl takes anything.",
          Hooks(answer=_as_page)),
    Fault("compression-unasked", "answer/encoding",
          "A cache labels all that it hands out as it had once got it, for a caller who takes Brotli.",
          Hooks(answer=succeeded(header("Content-Encoding", "br")))),
    Fault("bare-payload", "answer/envelope", "A serializer without the root key is used.",
          Hooks(answer=succeeded(value(lambda it: it["payload"])))),
    Fault("payload-in-list", "answer/envelope", "The view of the list is reused.",
          Hooks(answer=succeeded(value(lambda it: {"payload": [it["payload"]]})))),
    Fault("data-envelope", "answer/envelope", "The API moves to another envelope in a hurry.",
          Hooks(answer=succeeded(value(lambda it: {"data": it["payload"]})))),
    Fault("json-in-json", "answer/envelope", "What is a text already is serialized again.",
          Hooks(answer=succeeded(value(json.dumps)))),
    Fault("error-with-200", "answer/envelope", "Errors are told in the body alone; this one comes now and then.",
          Hooks(answer=succeeded(value(lambda _: {"error": "Please try again"})), when=every(3))),
    Fault("error-beside-payload", "answer/no-error",
          "The expense could not be removed, and the answer is a success that says so in passing.",
          Hooks(answer=succeeded(value(lambda it: {**it, "error": "The expense could not be removed"})))),
    Fault("success-that-is-none", "answer/no-error",
          "A wrapper for all answers says whether everything went well, and here something did not.",
          Hooks(answer=succeeded(value(lambda it: {**it, "success": False})))),
)  # fmt: skip
"""In the order of the clauses that they break."""
