"""Requests of callers who may not cancel, or who ask as few do, in the form of the scripts of faults."""

from collections.abc import Iterator

from cancel_contract.provider import SEED
from cancel_contract.provider.api.requests import Request
from tests.unit.provider.scripts import Make

TOKEN = SEED.member_token


def odd_callers(make: Make, number: int) -> Iterator[Request]:
    """Ask with odd tokens, with other headers beside them, as another member, and where the feature is off."""
    cancel, half = f"appointments/{number}/cancel", len(TOKEN) // 2
    tokens = ("null", "undefined", "true", "0", "x' OR '1'='1", "_" * 24, "*", ".*", TOKEN[:half], TOKEN[half:])
    yield from (make("POST", cancel, token=token) for token in (*tokens, TOKEN[:half] + "x" * (len(TOKEN) - half)))
    viewer = {"token": SEED.unprivileged_token}
    for name in ("x_forwarded_for", "x_real_ip", "forwarded"):
        yield make("POST", cancel, token=None, **{name: "for=127.0.0.1"})
    yield make("POST", cancel, token=None, remote_user="admin")
    yield make("POST", cancel, token=None, x_user_id=str(SEED.member_id))
    yield make("POST", cancel, **viewer, x_forwarded_for="127.0.0.1")
    yield make("POST", cancel, **viewer, x_user_id=str(SEED.member_id))
    yield make("POST", cancel, **viewer, x_role="administrator")
    yield make("POST", cancel, **viewer, x_permissions="administrator")
    yield make("POST", cancel, **viewer, query="role=administrator")
    yield make("POST", cancel, **viewer, data={"role": "administrator"})
    yield make("POST", cancel, **viewer, data={"on_behalf_of": "admin"})
    yield make("POST", cancel, token=None, x_middleware_subrequest="middleware")
    yield make("POST", cancel, token=None, user_agent="kube-probe/1.29")
    yield make("POST", cancel, token=None, origin="http://127.0.0.1")
    yield make("POST", cancel, token=None, cookie=f"user_id={SEED.member_id}")
    yield make("POST", cancel, token=SEED.foreign_token, data={"account_id": SEED.foreign_account_id})
    for name in ("x_account_id", "x_tenant_id"):
        yield make("POST", cancel, token=SEED.foreign_token, **{name: str(SEED.foreign_account_id)})
    yield make("POST", cancel, token=SEED.foreign_token, query=f"account_id={SEED.foreign_account_id}")
    yield make("POST", cancel, **viewer, authorization=f"Bearer {TOKEN}")
    yield make("POST", cancel, **viewer, cookie=f"api_access_token={TOKEN}")
    yield make("POST", cancel, **viewer, query=f"api_access_token={TOKEN}")
    yield make("POST", f"/api/v1/accounts/{SEED.disabled_account_id}/scheduling/{cancel}")
    yield make("GET", f"appointments/{number}")
    yield make("POST", f"appointments/{number + 1}/cancel", token=SEED.second_token)
    yield from (make("POST", cancel, authorization=it) for it in ("Bearer MTIz", "Basic MTIz", "Negotiate x"))


def odd_paths(make: Make, number: int) -> Iterator[Request]:
    """Spell the path in every way, without a token and with those of others; then ask as other programs do."""
    base = f"/api/v1/accounts/{SEED.account_id}/scheduling/"
    cancel = f"appointments/{number}/cancel"
    plain = base + cancel
    spelled = (f"{plain}/{number + 1}", f"{plain}.", f"{plain}%20", f"{plain}%0A", f"{plain}.html",
               f"{base}x/../{cancel}",
               plain.replace("cancel", "%2563ancel"), plain.replace("/api/", "/API/"),
               plain.replace("/cancel", "%5Ccancel"))  # fmt: skip
    yield from (make("POST", path, token=None) for path in spelled)
    tokens = (SEED.unprivileged_token, SEED.foreign_token)
    yield from (make("POST", path, token=it) for path in (f"{plain}/", f"{plain}.json") for it in tokens)
    yield make("POST", spelled[0])
    yield make("GET", f"appointments/{number}")
    agents = ("curl/8.5.0", "Googlebot", "Mozilla/5.0 (iPhone) Mobile")
    yield from (make("POST", cancel, user_agent=agent) for agent in agents)
    bare = make("POST", cancel)
    yield Request(bare.method, bare.path, "", tuple(it for it in bare.headers if it[0] != "accept"), b"")
    yield from (make("GET", f"appointments/{number}") for number in (number, number + 1))
