"""Faults of unusual methods, paths and headers of negotiation."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from cancel_contract.provider.api.answers import Answer
from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.api.requests import Request
from cancel_contract.provider.behaviours import EVERY, Around, Fault, Hooks
from cancel_contract.provider.faults.parts.credentials import owner_when
from cancel_contract.provider.faults.parts.making import broken
from cancel_contract.provider.store.records import User


def _cancelling(*methods: str) -> Callable[[Call, Request], Request]:
    """Take other methods on the cancel path for POST."""

    def hook(_: Call, request: Request) -> Request:
        meant = request.method in methods and request.path.rstrip("/").endswith("/cancel")
        return replace(request, method="POST") if meant else request

    return hook


def _overriding(_: Call, request: Request) -> Request:
    names = ("x-http-method-override", "x-http-method", "x-method-override")
    given = next((found for name in names if (found := request.header(name))), "")
    meant = given or request.parameters.get("_method", "")
    others = tuple(pair for pair in request.headers if pair[0] not in names)
    return replace(request, method="POST", headers=others) if meant.upper() == "POST" else request


def _overriding_otherwise(_: Call, request: Request) -> Request:
    names = ("x-http-method", "x-method-override")
    return replace(request, method="POST") if any(request.header(name) == "POST" for name in names) else request


def _decoding(_: Call, request: Request) -> Request:
    return replace(request, path=unquote(request.path)) if "%" in request.path else request


def _without_line_end(_: Call, request: Request) -> Request:
    return replace(request, path=request.path.removesuffix("%0A"))


def _folding(_: Call, request: Request) -> Request:
    return replace(request, path=request.path.lower())


def _unguarded(spelled: Callable[[str], bool]) -> Around[User]:
    """Let anybody in whose path is spelled so."""
    return owner_when(lambda call: call.token is None and spelled(call.original.path))


def _misspelled(spelled: Callable[[Request], bool]) -> Callable[[Call, Answer], Answer]:
    return lambda call, answer: broken()(answer) if spelled(call.request) else answer


def _confused(call: Call, answer: Answer) -> Answer:
    return broken()(answer) if "xml" in (call.request.header("accept") or "") else answer


FAULTS: Final[tuple[Fault, ...]] = (
    Fault("xml-fails", "input/accept", "A view in XML is looked for and missing.", Hooks(answer=_confused)),
    Fault("get-cancels", "input/other-methods",
          "The route matches all methods, and a crawler or a preview of a link cancels.",
          Hooks(arrive=_cancelling("GET"))),
    Fault("head-cancels", "input/other-methods", "The framework sends HEAD where GET goes, and the route takes both.",
          Hooks(arrive=_cancelling("HEAD"))),
    Fault("delete-cancels", "input/other-methods", "A resourceful route makes the deletion of a cancel.",
          Hooks(arrive=_cancelling("DELETE", "PUT", "PATCH"))),
    Fault("options-cancels", "input/other-methods",
          "The route takes every method that is no GET, and the question of a browser cancels.",
          Hooks(arrive=_cancelling("OPTIONS"))),
    Fault("options-fails", "input/other-methods", "The handler of preflights expects an origin.",
          Hooks(operations=frozenset({"unrouted"}), answer=_misspelled(lambda request: request.method == "OPTIONS"))),
    Fault("get-overridden", "input/method-override", "An override is taken for every method, and links can cancel.",
          Hooks(arrive=_overriding)),
    Fault("get-overridden-otherwise", "input/method-override",
          "The usual header is off for GET, and two others that a library knows besides are not.",
          Hooks(arrive=_overriding_otherwise)),
    Fault("slash-unguarded", "input/path-access",
          "The proxy guards the path as it is written, the app takes it with a slash at its end.",
          Hooks(authenticate=_unguarded(lambda path: path.endswith("/")))),
    Fault("double-slash-unguarded", "input/path-access",
          "The guard compares prefixes, and two slashes are another prefix.",
          Hooks(authenticate=_unguarded(lambda path: "//" in path))),
    Fault("suffix-unguarded", "input/path-access", "The guard compares ends, and the app takes a format after them.",
          Hooks(authenticate=_unguarded(lambda path: path.endswith(".json")))),
    Fault("line-end-unguarded", "input/path-access", "The guard's pattern ends where a line ends.",
          Hooks(arrive=_without_line_end, authenticate=_unguarded(lambda path: path.endswith("%0A")))),
    Fault("escape-unguarded", "input/path-access", "The guard compares what the app decodes afterwards.",
          Hooks(arrive=_decoding, authenticate=_unguarded(lambda path: "%" in path))),
    Fault("case-unguarded", "input/path-access", "The guard's rules know case, the app's routes do not.",
          Hooks(arrive=_folding, authenticate=_unguarded(lambda path: path != path.lower()))),
    Fault("format-fails", "input/path-spelling", "A format without a view raises.",
          Hooks(answer=_misspelled(lambda request: request.path.endswith((".xml", ".html"))))),
    Fault("slash-fails", "input/path-spelling", "A rule of redirection loops.",
          Hooks(answer=_misspelled(lambda request: request.path.endswith("/")))),
    Fault("dots-fail", "input/path-spelling", "A rule against climbing paths raises.",
          Hooks(operations=EVERY, answer=_misspelled(lambda request: "/./" in request.path or "/../" in request.path))),
    Fault("capitals-fail", "input/path-spelling", "The router's fallback raises for a name it nearly knows.",
          Hooks(operations=frozenset({"unrouted"}),
                answer=_misspelled(lambda request: request.path.rstrip("/").lower().endswith("/cancel")))),
)  # fmt: skip
"""In the order of the clauses that they break."""
