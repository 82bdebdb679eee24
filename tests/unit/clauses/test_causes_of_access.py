"""What sets breaches of clauses access/... and readonly/... apart: each is of the cause that its difference tells."""

import pytest

from tests.unit.clauses import test_access as refusals
from tests.unit.clauses import test_readonly as imported
from tests.unit.clauses.conftest import Maker
from tests.unit.clauses.tables_of_causes import causes

CAUSES = [
    ("access/no-token", "status status: 500, not 401 or 403"),
    ("access/no-token", "status status: 200, not 401 or 403"),
    ("access/no-token", "status status: 404, not 401 or 403"),
    ("access/empty-token", "status status: 500, not 401 or 403"),
    ("access/wrong-token", "status status: 500, not 401 or 403"),
    ("access/token-prefix", "status status: 500, not 400 or 401 or 403 or 422"),
    ("access/token-suffix", "status status: 500, not 400 or 401 or 403 or 422"),
    ("access/token-case", "status status: 500, not 401 or 403"),
    ("access/token-blank", "status status: 500, not 400 or 401 or 403 or 422"),
    ("access/token-in-query", "status status: 500, not 401 or 403"),
    ("access/token-as-bearer", "status status: 500, not 401 or 403"),
    ("access/token-in-cookie", "status status: 500, not 401 or 403"),
    ("access/token-in-other-header", "status status: 500, not 401 or 403"),
    ("access/token-in-body", "status status: 500, not 401 or 403"),
    ("access/token-in-body", "status status: 200, not 401 or 403"),
    ("access/two-tokens", "status status: 500, not 401 or 403"),
    ("access/two-tokens", "status status: 500, not 200 or 401 or 403"),
    ("access/two-tokens", "status status: 200, not 401 or 403"),
    ("access/status-401", "status status: 403, not 401"),
    ("access/foreign-token", "status status: 200, not 401 or 403 or 404"),
    ("access/foreign-appointment", "status status: 200, not 401 or 403 or 404"),
    ("access/foreign-account", "status status: 200, not 401 or 403 or 404"),
    ("access/unprivileged", "status status: 200, not 401 or 403 or 404"),
    ("access/refusal-in-json", "json body: not JSON: Expecting value, not JSON that any parser takes"),
    ("access/refusal-in-json", "error body: without a text of the error, not an object with a text of the error"),
    ("access/refused-untouched", "field /payment_status: 'cancelled', not another word"),
    ("access/refused-untouched", "field /status: 'cancelled', not another word"),
    ("access/refused-untouched", "status read: 404, not 200"),
    ("access/refusal-tells-nothing", "leak /payload: told in a refusal, not told to nobody"),
    ("access/refusal-tells-nothing", "leak /client_phone: told in a refusal, not told to nobody"),
    ("access/refusal-alike", "status status: 403, not 404"),
    ("access/refusal-alike", "body /error: 'Not yours', not 'No'"),
    ("access/refusal-alike", "body /code: missing, not 'NO'"),
    ("access/refusal-headers", "header etag: another, not as for none"),
    ("access/refusal-headers", "header cache-control: another, not as for none"),
    ("access/token-words", "status status: 200, not a 4xx"),
    ("access/token-words", "status status: 302, not a 4xx"),
    ("access/token-words", "status status: 500, not a 4xx"),
    ("access/token-patterns", "status status: 200, not a 4xx"),
    ("access/token-patterns", "status status: 302, not a 4xx"),
    ("access/token-patterns", "status status: 500, not a 4xx"),
    ("access/token-half", "status status: 200, not a 4xx"),
    ("access/token-half", "status status: 302, not a 4xx"),
    ("access/token-half", "status status: 500, not a 4xx"),
    ("access/internal-headers", "status status: 200, not a 4xx"),
    ("access/internal-headers", "status status: 302, not a 4xx"),
    ("access/internal-headers", "status status: 500, not a 4xx"),
    ("access/identity-headers", "status status: 200, not a 4xx"),
    ("access/identity-headers", "status status: 302, not a 4xx"),
    ("access/identity-headers", "status status: 500, not a 4xx"),
    ("access/scheme-wins", "status status: 200, not a 4xx"),
    ("access/scheme-wins", "status status: 302, not a 4xx"),
    ("access/scheme-wins", "status status: 500, not a 4xx"),
    ("access/feature-off", "status status: 200, not a 4xx"),
    ("access/feature-off", "status status: 302, not a 4xx"),
    ("access/feature-off", "status status: 500, not a 4xx"),
    ("access/feature-off", "field /status: 'cancelled', not another word"),
    ("access/beside-authorization", "status status: 302, not 200"),
    ("access/beside-authorization", "status status: 500, not 200 or a 4xx"),
    ("access/second-member", "status status: 201, not 200"),
    ("access/second-member", "status status: 401, not 200"),
    ("access/second-member", "status status: 403, not 200"),
    ("access/second-member", "status status: 404, not 200"),
    ("readonly/refused", "status status: 200, not 403 or 409 or 422"),
    ("readonly/untouched", "field /status: 'cancelled', not another word"),
    ("readonly/code", "body /code: 'NO', not 'APPOINTMENT_READ_ONLY'"),
    ("readonly/code", "body /code: null, not 'APPOINTMENT_READ_ONLY'"),
    ("readonly/code", "body /code: 'null', not 'APPOINTMENT_READ_ONLY'"),
    ("readonly/code", "body /code: missing, not 'APPOINTMENT_READ_ONLY'"),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "cause"), CAUSES)
def test_a_breach_is_of_its_cause(maker: Maker, clause: str, cause: str) -> None:
    """Breaches of one clause are told apart by what differs, where, and what came in the place of what."""
    assert cause in causes(maker, [*refusals.BROKEN, *imported.BROKEN], clause)
