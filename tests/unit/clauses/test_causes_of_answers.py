"""What sets breaches of clauses answer/... apart: each is of the cause that its difference tells."""

import pytest

from tests.unit.clauses import test_answer as answers
from tests.unit.clauses.conftest import Maker
from tests.unit.clauses.tables_of_causes import causes

CAUSES = [
    ("answer/status-200", "status status: 409, not 200"),
    ("answer/given", "answer message: none to many cancels, not one to each cancel"),
    ("answer/given", "status status: 502, not an answer of the application"),
    ("answer/valid-json", "json body: NaN is not a JSON number, not JSON that any parser takes"),
    ("answer/valid-json", "json body: the key 'id' stands twice in one object, not JSON that any parser takes"),
    ("answer/valid-json", "json body: it begins with a byte order mark, not JSON that any parser takes"),
    ("answer/valid-json", "json body: empty, not JSON that any parser takes"),
    ("answer/content-type", "header content-type: text/html, not application/json in UTF-8"),
    ("answer/content-type", "header content-type: missing, not application/json in UTF-8"),
    ("answer/length", "answer length: not to be trusted, not that of the body"),
    ("answer/length", "answer message: broken off or no HTTP, not whole"),
    ("answer/envelope", "body body: an array, not an object with a payload"),
    ("answer/envelope", "body body: a number, not an object with a payload"),
    ("answer/envelope", "body /payload: missing, not an object"),
    ("answer/envelope", "body /payload: null, not an object"),
    ("answer/documented-fields", "field /expense: missing, not a value"),
    ("answer/documented-fields", "field /id: missing, not a value"),
    ("answer/documented-fields", "field /status: missing, not a value"),
    ("answer/documented-fields", "field /payments: missing, not a value"),
    ("answer/documented-fields", "field /payments/*/amount: missing, not a value"),
    ("answer/documented-fields", "field /payments/*/payment_method: missing, not a value"),
    ("answer/documented-fields", "field /payments/*/payment_kind: missing, not a value"),
    ("answer/types", "field /client_name: an array, not string"),
    ("answer/types", "field /id: a string, not integer"),
    ("answer/nulls", "field /client_name: null, not a value"),
    ("answer/enumerations", "field /status: a string, not one of scheduled, confirmed, completed, cancelled, no_show"),
    ("answer/formats", "field /client_birth_date: a string, not a date"),
    ("answer/formats", "field /starts_at: a string, not a date-time"),
    ("answer/bounds", "field /duration_min: 4, not >= 5"),
    ("answer/bounds", "field /contact_id: 9223372036854775808, not <= 9223372036854775807"),
    ("answer/whole-money", "field /service_amount: -1, not >= 0"),
    ("answer/whole-money", "field /prepaid_amount: a number, not integer"),
    ("answer/whole-money", "field /settlement_amount: a number, not integer"),
    ("answer/money-adds-up", "field /prepaid_amount: more with settlement_amount, not no more than service_amount"),
    ("answer/id-echo", "field /id: another id, not the id in the path"),
    ("answer/account-echo", "field /account_id: another id, not the account in the path"),
    ("answer/end-after-start", "field /ends_at: not after starts_at, not after starts_at"),
    ("answer/duration", "field /duration_min: 60, not 30"),
    ("answer/time-limit", "answer time: too late, not within 10 s"),
    ("answer/no-token", "leak token: $ONELINK_API_TOKEN, not none in an answer"),
    ("answer/no-internals", "leak server internals: 'PG::UniqueViolation', not none in an answer"),
    ("answer/no-internals", "leak server internals: 'NoMethodError', not none in an answer"),
    ("answer/no-internals", "leak server internals: 'SELECT id FROM', not none in an answer"),
    ("answer/no-internals", "leak server internals: the key 'exception', not none in an answer"),
    ("answer/no-internals", "leak server internals: the key 'trace', not none in an answer"),
    ("answer/no-internals", "leak server internals: the key 'stack', not none in an answer"),
    ("answer/nobody-else", "leak /client_name: another appointment's, not its own alone"),
    ("answer/nobody-else", "leak /client_phone: another appointment's, not its own alone"),
    ("answer/inner-secrets", "leak /user/api_key: a secret by its name, not none in an answer"),
    ("answer/private", "header cache-control: 'public, max-age=60', not private"),
    ("answer/private", "header cache-control: 'max-age=600', not private"),
    ("answer/encoding", "header content-encoding: zstd, br, not one of gzip, br;q=0"),
    ("answer/encoding", "header content-encoding: br, not one of gzip, deflate;q=0.5, br;q=0"),
    ("answer/no-error", "body /success: an error, not none"),
    ("answer/no-error", "body /ok: an error, not none"),
    ("answer/no-error", "body /error: an error, not none"),
    ("answer/no-error", "body /errors: an error, not none"),
    ("answer/no-appointment", "leak /starts_at: told in a refusal, not told to nobody"),
    ("answer/no-appointment", "leak /client_name: told in a refusal, not told to nobody"),
    ("answer/nobody-seen", "leak /payload/notice: another client's, not its own alone"),
]  # fmt: skip


@pytest.mark.parametrize(("clause", "cause"), CAUSES)
def test_a_breach_is_of_its_cause(maker: Maker, clause: str, cause: str) -> None:
    """Breaches of one clause are told apart by what differs, where, and what came in the place of what."""
    assert cause in causes(maker, answers.BROKEN, clause)
