"""The catalogue of honest variants: correct but different servers, which break no clause."""

from functools import partial
from typing import Final

from cancel_contract.provider.behaviours import EVERY, Hooks, Variant
from cancel_contract.provider.names import named
from cancel_contract.provider.variants import booking_rules as booking
from cancel_contract.provider.variants import gateways
from cancel_contract.provider.variants import proxies as road
from cancel_contract.provider.variants import renderings as otherwise
from cancel_contract.provider.variants.afterwards import AFTERWARDS
from cancel_contract.provider.variants.behind import BEHIND
from cancel_contract.provider.variants.callers import CALLERS
from cancel_contract.provider.variants.desks import DESKS
from cancel_contract.provider.variants.extras import EXTRAS
from cancel_contract.provider.variants.instants import INSTANTS
from cancel_contract.provider.variants.lists import LISTS
from cancel_contract.provider.variants.request_ids import REQUEST_IDS
from cancel_contract.provider.variants.rules import OTHER_RULES
from cancel_contract.provider.variants.serializers import SERIALIZERS
from cancel_contract.provider.variants.stacks import ERRORS, FRAMEWORKS
from cancel_contract.provider.variants.values import VALUES
from cancel_contract.provider.variants.waiting import WAITING
from cancel_contract.provider.variants.writers import WRITERS

LARGE_FIRST_ID: Final = 2**63 - 100_000
"""Where ids begin that only just fit into 64 bits (observed: the column is a bigint)."""

SPELLINGS: Final = (
    *INSTANTS,
    Variant(
        "extra-fields",
        "A later generation adds fields everywhere.",
        Hooks(EVERY, render=otherwise.extended),
    ),
    Variant(
        "documented-fields-only",
        "Nothing but the documented fields comes.",
        Hooks(EVERY, render=otherwise.documented_only),
    ),
    Variant(
        "nullables-null",
        "Everything personal that may be null is null for this caller.",
        Hooks(EVERY, render=otherwise.nulled),
    ),
    Variant("large-ids", "Ids need nearly all of their 64 bits.", first_id=LARGE_FIRST_ID),
    Variant(
        "edge-ids",
        "The run's own ids are at an edge of the numbers, as they are where ids begin at 1.",
        first_id=2**31 - 2,
    ),
    Variant("key-order", "Keys come in another order.", Hooks(EVERY, answer=otherwise.reordered)),
    Variant("pretty-printed", "JSON is indented.", Hooks(EVERY, answer=otherwise.indented)),
    Variant("payments-any-order", "Payments come in no particular order.", Hooks(EVERY, render=road.turned)),
    Variant(
        "signed-links",
        "A field that nobody has documented differs from answer to answer.",
        Hooks(EVERY, render=road.signed),
    ),
    Variant("unicode-escaped", "JSON is pure ASCII.", Hooks(EVERY, answer=otherwise.escaped)),
)
"""Other spellings of the same content."""

TRANSPORT: Final = (
    Variant("gzip", "A proxy compresses for whoever accepts it.", Hooks(EVERY, answer=otherwise.compressed)),
    Variant(
        "gzip-members",
        "A proxy compresses what comes to it in two pieces, each by itself (RFC 1952, 2.2).",
        Hooks(EVERY, answer=partial(otherwise.compressed, members=2)),
    ),
    Variant("chunked", "Answers are chunked, as observed.", Hooks(EVERY, answer=otherwise.chunked)),
    Variant("in-pieces", "Answers arrive in several pieces.", Hooks(EVERY, answer=otherwise.in_pieces)),
    Variant(
        "content-type-spelled",
        "The content type comes in other letters and with parameters (RFC 9110, 8.3.1).",
        Hooks(EVERY, answer=road.parametrised),
    ),
    Variant("early-hints", "An interim answer comes first (RFC 8297).", Hooks(EVERY, answer=road.hinted)),
    Variant("closing", "Each answer closes its connection.", Hooks(EVERY, answer=otherwise.closing)),
    Variant("extra-headers", "A proxy adds headers and a cookie of its own.", Hooks(EVERY, answer=otherwise.adorned)),
    Variant("slow", "Each answer takes 50 ms more.", latency=0.05),
    Variant("jitter", "Answers take up to 60 ms more, each another time.", Hooks(EVERY, answer=otherwise.jittered)),
)
"""Other ways of the same message."""

THROTTLES: Final = (
    Variant(
        "throttled-seconds",
        "Each 25th request is answered 429 with Retry-After in seconds.",
        Hooks(EVERY, handle=otherwise.throttled(otherwise.after_seconds)),
    ),
    Variant(
        "throttled-date",
        "Each 25th request is answered 429 with Retry-After as a date.",
        Hooks(EVERY, handle=otherwise.throttled(otherwise.after_date)),
    ),
    Variant(
        "throttled-bare",
        "Each 25th request is answered 429 in plain text without Retry-After.",
        Hooks(EVERY, handle=otherwise.throttled(otherwise.after_nothing)),
    ),
    Variant(
        "throttled-rate",
        "More than 40 requests within a second are answered 429.",
        Hooks(EVERY, handle=otherwise.rated(otherwise.after_seconds)),
    ),
)
"""Throttling: a request answered 429 has no effect."""

RULES: Final = (
    Variant(
        "errors-with-code",
        "A 404 of the app bears a code, as the vendor's schema documents.",
        Hooks(EVERY, answer=otherwise.coded),
    ),
    Variant("404-fingerprinted", "A 404 bears a digest of its path.", Hooks(EVERY, answer=otherwise.fingerprinted)),
    Variant(
        "method-not-allowed",
        "Other methods are answered 405 with Allow (RFC 9110, 15.5.6).",
        Hooks(EVERY, answer=otherwise.not_allowed),
    ),
    Variant(
        "framework-pages",
        "Errors below the app are pages, whatever is accepted.",
        Hooks(EVERY, answer=otherwise.paged),
    ),
    Variant(
        "challenge",
        "A 401 bears WWW-Authenticate (RFC 9110, 11.6.1).",
        Hooks(EVERY, answer=otherwise.challenging),
    ),
    Variant(
        "not-acceptable",
        "Who accepts no JSON is answered 406 (RFC 9110, 15.5.7).",
        Hooks(EVERY, handle=otherwise.acceptable_only),
    ),
    Variant(
        "strict-ids",
        "Ids that are not purely digits are answered 404.",
        Hooks(EVERY, identify=otherwise.strict_id, enter=otherwise.strict_account),
    ),
    Variant(
        "number-routes",
        "The framework answers with a page for an id that is not a number.",
        Hooks(EVERY, identify=otherwise.strict_id, answer=road.routed),
    ),
    Variant(
        "permission-404",
        "A missing permission is answered as if there were nothing.",
        Hooks(EVERY, permit=otherwise.hiding),
    ),
    Variant(
        "readonly-conflict",
        "An imported appointment is refused with 409, as a later generation does.",
        Hooks(writable=partial(otherwise.conflicting, status=409)),
    ),
    Variant(
        "readonly-forbidden",
        "Nobody may change what was imported: 403.",
        Hooks(writable=partial(otherwise.conflicting, status=403)),
        # A recording does not show that it was the member's own token.
        should=frozenset({"access/status-401"}),
    ),
    Variant("repeat-rejected", "A repeated cancel is answered 409 (policy).", repeat_policy="rejected"),
    Variant(
        "calendar-off",
        "The calendar does not exist.",
        Hooks(frozenset({"calendar"}), handle=otherwise.absent),
    ),
    Variant("list-absent", "Nothing is listed.", Hooks(frozenset({"list"}), handle=otherwise.absent)),
    Variant(
        "creation-refused",
        "The token may not make appointments.",
        Hooks(frozenset({"create"}), handle=otherwise.forbidden),
    ),
    Variant(
        "amount-required",
        "A create without service and amount is answered 422, as observed.",
        Hooks(frozenset({"create"}), handle=otherwise.priced_only),
    ),
)
"""Other legal answers."""

GATEWAYS: Final = (
    Variant(
        "gateway-limit",
        "Each 25th request is answered 503 by a limiter, which is nginx' default.",
        Hooks(EVERY, handle=gateways.LIMITED),
    ),
    Variant(
        "gateway-forbids",
        "Each 25th request is answered 403 by a firewall that limits the rate, and says when to come back.",
        Hooks(EVERY, handle=gateways.FORBIDDEN),
    ),
    Variant(
        "gateway-rate",
        "More than 40 requests within a second are answered 503 by a limiter.",
        Hooks(EVERY, handle=otherwise.rated(lambda _: gateways.unavailable())),
    ),
    Variant(
        "gateway-restarted-worker",
        "A worker is restarted now and then: each 140th request is answered 502.",
        Hooks(EVERY, handle=gateways.RESTARTED),
    ),
    Variant(
        "firewall-of-headers",
        "A firewall answers long headers, what looks like an attack, and chunked bodies by itself.",
        Hooks(EVERY, handle=gateways.firewalled),
    ),
    Variant("challenged", "A delivery network challenges what is odd.", Hooks(EVERY, handle=gateways.challenged)),
    Variant("xml-by-ending", "What is asked for with .xml is answered in XML.", Hooks(EVERY, answer=otherwise.in_xml)),
    Variant("default-backend", "An ingress forwards no other path or method.", Hooks(EVERY, handle=gateways.unrouted)),
    Variant(
        "site-for-other-methods",
        "A header that names another method is heeded, and leads to the page of the site, whatever is asked.",
        Hooks(EVERY, arrive=gateways.sited),
    ),
    Variant("gateway-timeout", "One request is answered 504.", Hooks(EVERY, handle=gateways.TIMED_OUT)),
    Variant(
        "network-timeout",
        "A delivery network answers one request 524: it waits no longer for the server behind it.",
        Hooks(EVERY, handle=gateways.GIVEN_UP),
    ),
    Variant(
        "gateway-impatient",
        "Each 40th request is answered 408: it took the gateway too long to come in.",
        Hooks(EVERY, handle=gateways.IMPATIENT),
    ),
    Variant(
        "create-timed-out",
        "The third create is done, and answered 408: the server waits no longer for its own work.",
        Hooks(frozenset({"create"}), handle=gateways.done_too_late),
    ),
    Variant(
        "create-ended-later",
        "The third create is answered 504, and done later; whose an appointment is no answer shows.",
        Hooks(EVERY, handle=gateways.ended_later, render=gateways.unmarked),
    ),
    Variant(
        "gateway-restart",
        "A short restart: some requests in a row are answered 503 with Retry-After.",
        Hooks(EVERY, handle=gateways.SHUT),
    ),
)
"""Answers of what stands before the provider, in its place (RFC 9110, 15.6.3 to 15.6.5)."""

VARIANTS: Final[tuple[Variant, ...]] = (
    *SPELLINGS, *TRANSPORT, *THROTTLES, *RULES, *booking.BOOKING, *FRAMEWORKS, *ERRORS, *OTHER_RULES, *GATEWAYS,
    *WAITING, *BEHIND,
    *WRITERS, *CALLERS, *VALUES, *EXTRAS, *AFTERWARDS, *REQUEST_IDS, *DESKS, *LISTS,
    *SERIALIZERS,
)  # fmt: skip
"""Every variant."""


def variant(name: str) -> Variant:
    """Return the variant of a name."""
    return named("variant", name, VARIANTS)
