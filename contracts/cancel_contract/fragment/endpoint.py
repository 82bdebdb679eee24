"""The one endpoint that the fragment describes: its addresses, and the header of its token."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cancel_contract.fragment.pointers import followed, mapping, pointer_to

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PLACE: Final = re.compile(r"\{[^}]*\}")
_SHAPE: Final = re.compile(r"(/[^/{}]+)+/\{[^/{}]+\}(/[^/{}]+)+/\{[^/{}]+\}/[^/{}]+")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An action on one appointment of one account, as the fragment describes it.

    `path`, `member` and `collection` are templates, with the places of ids in braces.
    """

    method: str
    path: str
    operation_id: str
    token_header: str

    @property
    def pointer(self) -> str:
        """The JSON pointer of the operation in the fragment."""
        return pointer_to("paths", self.path, self.method.lower())

    @property
    def verb(self) -> str:
        """The last segment of the path, which names the action."""
        return self.path.rpartition("/")[2]

    @property
    def member(self) -> str:
        """The path of one appointment."""
        return self.path.rpartition("/")[0]

    @property
    def collection(self) -> str:
        """The path of an account's appointments."""
        return self.member.rpartition("/")[0]

    @property
    def calendar(self) -> str:
        """The path of an account's calendar, a sibling of its appointments (sibling)."""
        return f"{self.collection.rpartition('/')[0]}/calendar"

    @property
    def accounts(self) -> str:
        """The path before the account's id."""
        return self.path.partition("/{")[0]

    @property
    def nouns(self) -> tuple[str, str]:
        """The segments that an account's and an appointment's id follow."""
        account, appointment = (part.rpartition("/")[2] for part in self.path.split("/{")[:2])
        return account, appointment

    def ids(self, path: str) -> tuple[str, str] | None:
        """Return the account's and the appointment's id that a path of this endpoint names, as they are spelled."""
        found = re.search(rf"{pattern(self.path, '([^/]*)', '([^/]*)')}\Z", path)
        return (found[1], found[2]) if found else None


def filled(template: str, *ids: int | str) -> str:
    """Return the path with these ids in their places, unchanged."""
    given = map(str, ids)
    return _PLACE.sub(lambda _: next(given), template)


def pattern(template: str, *ids: str) -> str:
    """Return the regular expression of a path, with these expressions in the places of its ids."""
    parts = _PLACE.split(template)
    return "".join(f"{re.escape(part)}{expression}" for part, expression in zip(parts, (*ids, ""), strict=True))


def endpoint_of(document: Mapping[str, Any]) -> Endpoint:
    """Return the endpoint of a fragment; `ValueError` says what the fragment has instead of one documented action."""
    version = str(document.get("openapi", "missing"))
    if not version.startswith("3.1."):
        raise ValueError(f"has OpenAPI version {version}, not 3.1; rewrite it in 3.1")
    items = mapping(document.get("paths")).items()
    found = [(path, method) for path, item in items for method in mapping(item) if method in METHODS]
    if len(found) != 1:
        raise ValueError(f"has {len(found)} operations, not 1; move the others elsewhere")
    path, method = found[0]
    operation = document["paths"][path][method]
    if "default" in operation["responses"]:
        # Library checks take `default` for "anything goes", and pass.
        raise ValueError("has a default answer; name each status instead")
    if not _SHAPE.fullmatch(path):
        raise ValueError(f"has the path {path}, not one that ends in an account, an appointment and an action")
    return Endpoint(method.upper(), path, operation["operationId"], _token_header(document, operation))


def _token_header(document: Mapping[str, Any], operation: Mapping[str, Any]) -> str:
    schemes = mapping(mapping(document.get("components")).get("securitySchemes"))
    named = [followed(document, schemes[name]) for one in operation.get("security", ()) for name in one]
    headers = [str(scheme["name"]) for scheme in named if scheme.get("in") == "header"]
    if len(headers) != 1:
        raise ValueError(f"names {len(headers)} headers for the token, not 1; name one under its security")
    return headers[0]
