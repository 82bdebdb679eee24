"""Correct servers of other web frameworks, each with its documented defaults."""

from typing import Any, Final
from uuid import uuid4

from cancel_contract.provider.api.answers import HTML_TYPE
from cancel_contract.provider.api.calls import Call
from cancel_contract.provider.behaviours import Variant
from cancel_contract.provider.variants.frameworks import (
    Failure,
    Manners,
    allowing,
    bare,
    in_json,
    in_text,
    manners,
    page,
    tidied,
)

_KEYS: Final = frozenset({"input/error-keys"})
_CODES: Final = _KEYS | {"readonly/code"}


def _detail(_: Call, told: Failure) -> Any:  # noqa: ANN401  JSON's boundary
    return {"detail": told.text}


def _not_an_integer(call: Call, _: Failure) -> Any:  # noqa: ANN401  JSON's boundary
    wish = "Input should be a valid integer, unable to parse string as an integer"
    return {"detail": [{"type": "int_parsing", "loc": ["path", "id"], "msg": wish, "input": call.route.appointment}]}


def _metadata(_: Call, __: Failure) -> Any:  # noqa: ANN401  JSON's boundary
    return {"name": "Cancel", "description": "", "renders": ["application/json"], "parses": ["application/json"]}


def _whitelabel(call: Call, told: Failure) -> Any:  # noqa: ANN401  JSON's boundary
    now = call.store.now().isoformat(timespec="milliseconds")
    return {"timestamp": now, "status": told.status, "error": told.phrase, "path": call.original.path}


def _exception(call: Call, told: Failure) -> Any:  # noqa: ANN401  JSON's boundary
    asked = call.original
    url = f"{asked.path}?{asked.query}" if asked.query else asked.path
    return {"statusCode": told.status, "message": told.text, "error": told.phrase, "path": url}


def _message(_: Call, told: Failure) -> Any:  # noqa: ANN401  JSON's boundary
    return {"message": told.text}


def _by_field(_: Call, told: Failure) -> Any:  # noqa: ANN401  JSON's boundary
    return {"errors": {"base": [told.text]}}


def _phrase(_: Call, told: Failure) -> Any:  # noqa: ANN401  JSON's boundary
    return {"errors": {"detail": told.phrase}}


def _object(_: Call, told: Failure) -> Any:  # noqa: ANN401  JSON's boundary
    return {"error": {"code": told.phrase.lower().replace(" ", "_"), "message": told.text}}


def _traced(_: Call, told: Failure) -> Any:  # noqa: ANN401  JSON's boundary
    trace = f"00-{uuid4().hex}-{uuid4().hex[:16]}-00"
    kind = f"https://tools.ietf.org/html/rfc9110#section-15.5.{told.status - 399}"
    return {"type": kind, "title": told.phrase, "status": told.status, "traceId": trace}


def _problem(call: Call, told: Failure) -> Any:  # noqa: ANN401  JSON's boundary
    said = {"type": "about:blank", "title": told.phrase, "status": told.status, "detail": told.text}
    code = {"code": told.code} if told.code else {}
    return {**said, **code, "instance": call.original.path, "request_id": str(uuid4())}


def _embedded(call: Call, told: Failure) -> Any:  # noqa: ANN401  JSON's boundary
    links = {"self": {"href": call.original.path, "templated": False}}
    return {"message": told.phrase, "_links": links, "_embedded": {"errors": [{"message": told.text}]}}


def _listed(_: Call, told: Failure) -> Any:  # noqa: ANN401  JSON's boundary
    return {"errors": [{"id": str(uuid4()), "status": str(told.status), "title": told.phrase, "detail": told.text}]}


def _nonced(call: Call, told: Failure) -> Any:  # noqa: ANN401  JSON's boundary
    now = call.store.now().isoformat()
    code = {"code": told.code} if told.code else {}
    return {
        "error": f"{told.text} (request {uuid4().hex[:12]}, {call.number} on {now})",
        "trace": {"id": f"Root=1-{uuid4().hex}", "sampled": True},
        **code,
    }


FRAMEWORKS: Final = (
    Variant(
        "fastapi",
        "FastAPI: `detail`, 422 for an id that is no integer, 307 for a slash at the end, bodies unread.",
        manners(
            Manners(
                in_json(_detail),
                method=allowing(in_json(_detail, status=405)),
                odd_id=in_json(_not_an_integer, status=422),
                untidy=tidied(307),
                reads_body=False,
            )
        ),
        should=_CODES,
    ),
    Variant(
        "django-rest",
        "Django REST framework: 403 without credentials, metadata for OPTIONS, pages for browsers and unknown paths.",
        manners(
            Manners(
                in_json(_detail),
                below=page,
                method=allowing(in_json(_detail, status=405)),
                options=in_json(_metadata, status=200),
                odd_id=page,
                untidy=page,
                unacceptable=in_json(_detail),
                page=True,
                reads_body=False,
                unauthorized=403,
                forbidden=403,
            )
        ),
        should=_CODES | {"access/status-401"},
    ),
    Variant(
        "spring-boot",
        "Spring Boot: time and path in each error, 400 for an id of another type, an empty 406, Allow for OPTIONS.",
        manners(
            Manners(
                in_json(_whitelabel),
                method=allowing(in_json(_whitelabel, status=405)),
                options=allowing(bare(200), "POST,OPTIONS"),
                odd_id=in_json(_whitelabel, status=400),
                untidy=in_json(_whitelabel, status=404),
                unacceptable=bare(),
                reads_body=False,
                forbidden=403,
            )
        ),
        should=_CODES,
    ),
    Variant(
        "nest",
        "NestJS: statusCode, message, error and the URL; 400 for an id that is no number; other methods have no route.",
        manners(Manners(in_json(_exception), odd_id=in_json(_exception, status=400))),
        should=_CODES,
    ),
    Variant(
        "express",
        "Express: `message`, pages for what has no route or cannot be read, the methods as text for OPTIONS.",
        manners(Manners(in_json(_message), below=page, options=allowing(in_text("POST", 200)))),
        should=_CODES,
    ),
    Variant(
        "rails",
        "Rails: `errors` by field, pages from the public folder.",
        manners(Manners(in_json(_by_field, "application/json; charset=utf-8"), below=page)),
        should=_CODES,
    ),
    Variant(
        "asp-net-core",
        "ASP.NET Core: problem details with a trace; the router's answers are empty.",
        manners(
            Manners(
                in_json(_traced, "application/problem+json; charset=utf-8"),
                below=bare(),
                method=allowing(bare(405)),
                odd_id=bare(404),
                untidy=bare(404),
                reads_body=False,
                forbidden=403,
            )
        ),
        should=_CODES,
    ),
    Variant(
        "laravel",
        "Laravel: `message`, an empty 200 for OPTIONS.",
        manners(
            Manners(
                in_json(_message),
                method=allowing(in_json(_message, status=405)),
                options=allowing(bare(200, ("Content-Type", HTML_TYPE)), "POST"),
                odd_id=in_json(_message, status=404),
            )
        ),
        should=_CODES,
    ),
    Variant(
        "go",
        "Go's net/http: `error` as an object, lines of plain text from the router, 301 for a path that it would clean.",
        manners(
            Manners(
                in_json(_object),
                below=in_text("404 page not found\n"),
                method=allowing(bare(405)),
                odd_id=in_text("invalid id\n", 400),
                untidy=tidied(301),
                options=allowing(bare(204), "OPTIONS, POST"),
                reads_body=False,
            )
        ),
        should=_CODES,
    ),
    Variant(
        "phoenix",
        "Phoenix: `detail` inside `errors`, 400 for an id that cannot be cast, 406 for whoever takes no JSON.",
        manners(
            Manners(in_json(_phrase), odd_id=in_json(_phrase, status=400), unacceptable=in_json(_phrase), forbidden=403)
        ),
        should=_CODES,
    ),
    Variant(
        "micronaut",
        "Micronaut: errors embedded, with a link to the request's path.",
        manners(
            Manners(
                in_json(_embedded),
                method=allowing(in_json(_embedded, status=405)),
                odd_id=in_json(_embedded, status=400),
                unacceptable=in_json(_embedded),
                reads_body=False,
            )
        ),
        should=_CODES,
    ),
)
"""One of each, as it comes."""

ERRORS: Final = (
    Variant(
        "problem-details",
        "Errors are problem details with the path and a number of the request (RFC 9457).",
        manners(Manners(in_json(_problem, "application/problem+json"))),
        should=_KEYS,
    ),
    Variant(
        "errors-listed",
        "Errors are a list, as JSON:API has them.",
        manners(Manners(in_json(_listed, "application/vnd.api+json"))),
        should=_CODES,
    ),
    Variant(
        "errors-numbered",
        "Each error names its request and the time in its sentence, so that support finds it.",
        manners(Manners(in_json(_nonced))),
    ),
)
"""Errors in other words."""
