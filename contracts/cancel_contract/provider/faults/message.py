"""Faults of the answer as a message: status, JSON, type, envelope."""

import gzip
import json
from dataclasses import replace
from typing import Final

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.behaviours import Fault, Hooks
from cancel_contract.provider.faults.making import (
    body,
    broken,
    every,
    header,
    not_ascii,
    refused,
    status,
    succeeded,
    value,
)


def _status_twice(text: bytes) -> bytes:
    return text.replace(b'"status":', b'"status":"scheduled","status":', 1)


def _not_a_number(text: bytes) -> bytes:
    return text.replace(b'"custom_attributes":', b'"rating":NaN,"custom_attributes":', 1)


def _python_words(text: bytes) -> bytes:
    return text.replace(b":null", b":None")


def _in_code_page(text: bytes) -> bytes:
    return text.decode().encode("cp1251", "replace")


STATUS: Final = (
    Fault(
        "created-201",
        "answer/status-200",
        "The action is modelled as creating a cancellation.",
        Hooks(answer=succeeded(status(201))),
    ),
    Fault(
        "accepted-202",
        "answer/status-200",
        "The cancel is moved to a background job.",
        Hooks(answer=succeeded(status(202))),
    ),
    Fault(
        "no-content-204",
        "answer/status-200",
        "An answer without content is thought cleaner.",
        Hooks(answer=succeeded(lambda _: Answer(204))),
    ),
    Fault(
        "redirect-303",
        "answer/status-200",
        "The action redirects to the appointment, as HTML forms want it.",
        Hooks(answer=succeeded(lambda it: status(303)(it).with_header("Location", "/api/v1/profile"))),
    ),
    Fault(
        "error-500-now-and-then",
        "answer/status-200",
        "A mail server that does not answer breaks the request after the cancel.",
        Hooks(answer=succeeded(broken()), when=every(4)),
    ),
)
"""Statuses that are not 200."""

JSON: Final = (
    Fault(
        "not-a-number",
        "answer/valid-json",
        "A division by zero is serialized as NaN.",
        Hooks(answer=succeeded(body(_not_a_number))),
    ),
    Fault(
        "key-twice",
        "answer/valid-json",
        "Two serializers write into one object.",
        Hooks(answer=succeeded(body(_status_twice))),
    ),
    Fault(
        "byte-order-mark",
        "answer/valid-json",
        "A template file was saved with a byte order mark.",
        Hooks(answer=succeeded(body(lambda text: b"\xef\xbb\xbf" + text))),
    ),
    Fault(
        "python-words",
        "answer/valid-json",
        "The object is printed instead of serialized.",
        Hooks(answer=succeeded(body(_python_words))),
    ),
    Fault(
        "two-documents",
        "answer/valid-json",
        "The action renders twice.",
        Hooks(answer=succeeded(body(lambda text: text + b"\n" + text))),
    ),
    Fault(
        "code-page",
        "answer/valid-json",
        "A legacy service in between speaks Windows-1251.",
        Hooks(answer=succeeded(body(_in_code_page)), when=not_ascii),
    ),
    Fault(
        "empty-body",
        "answer/valid-json",
        "The view is missing, and the framework renders nothing.",
        Hooks(answer=succeeded(body(lambda _: b""))),
    ),
    Fault(
        "json-prefix",
        "answer/valid-json",
        "A prefix against script inclusion is added to all answers.",
        Hooks(answer=succeeded(body(lambda text: b")]}',\n" + text))),
    ),
    Fault(
        "compressed-unsaid",
        "answer/valid-json",
        "A proxy compresses and loses the header that says so.",
        Hooks(answer=succeeded(body(lambda text: gzip.compress(text, 1, mtime=0)))),
    ),
    Fault(
        "compression-claimed",
        "answer/valid-json",
        "A proxy claims to compress and does not.",
        Hooks(answer=succeeded(header("Content-Encoding", "gzip"))),
    ),
    Fault(
        "compression-unasked",
        "answer/encoding",
        "A cache labels all that it hands out as it had once got it, for a caller who takes Brotli.",
        Hooks(answer=succeeded(header("Content-Encoding", "br"))),
    ),
    Fault(
        "typed-as-html",
        "answer/content-type",
        "The framework's default type is left in place.",
        Hooks(answer=succeeded(header("Content-Type", "text/html; charset=utf-8"))),
    ),
    Fault(
        "typed-twice",
        "answer/content-type",
        "App and proxy each state a type, and every client library takes another one of the two.",
        Hooks(answer=succeeded(lambda it: replace(it, headers=(("Content-Type", "text/plain"), *it.headers)))),
    ),
    Fault(
        "errors-with-byte-order-mark",
        "answer/valid-json",
        "Errors come from static files that were saved with a byte order mark.",
        Hooks(answer=refused(body(lambda text: b"\xef\xbb\xbf" + text), 404)),
    ),
    Fault(
        "untyped",
        "answer/content-type",
        "A proxy strips the type.",
        Hooks(answer=succeeded(lambda it: it.without_header("Content-Type"))),
    ),
    Fault(
        "charset-wrong",
        "answer/content-type",
        "A server-wide default charset is set for old pages.",
        Hooks(answer=succeeded(header("Content-Type", "application/json; charset=windows-1251"))),
    ),
    Fault(
        "bare-payload",
        "answer/envelope",
        "A serializer without the root key is used.",
        Hooks(answer=succeeded(value(lambda it: it["payload"]))),
    ),
    Fault(
        "payload-in-list",
        "answer/envelope",
        "The view of the list is reused.",
        Hooks(answer=succeeded(value(lambda it: {"payload": [it["payload"]]}))),
    ),
    Fault(
        "data-envelope",
        "answer/envelope",
        "The API moves to another envelope in a hurry.",
        Hooks(answer=succeeded(value(lambda it: {"data": it["payload"]}))),
    ),
    Fault(
        "json-in-json",
        "answer/envelope",
        "What is a text already is serialized again.",
        Hooks(answer=succeeded(value(json.dumps))),
    ),
    Fault(
        "error-beside-payload",
        "answer/no-error",
        "The expense could not be removed, and the answer is a success that says so in passing.",
        Hooks(answer=succeeded(value(lambda it: {**it, "error": "The expense could not be removed"}))),
    ),
    Fault(
        "success-that-is-none",
        "answer/no-error",
        "A wrapper for all answers says whether everything went well, and here something did not.",
        Hooks(answer=succeeded(value(lambda it: {**it, "success": False}))),
    ),
    Fault(
        "error-with-200",
        "answer/envelope",
        "Errors are told in the body alone; this one comes now and then.",
        Hooks(answer=succeeded(value(lambda _: {"error": "Please try again"})), when=every(3)),
    ),
)
"""Bodies that are not what they are said to be."""

FAULTS: Final[tuple[Fault, ...]] = STATUS + JSON
"""Every fault of a status or a body."""
