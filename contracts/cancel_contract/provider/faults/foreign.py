"""What a careless provider tells of an appointment that is another account's."""

from uuid import uuid4

from cancel_contract.provider.api.answers import Refused, refusal
from cancel_contract.provider.api.calls import Call, Stage
from cancel_contract.provider.api.routes import to_i
from cancel_contract.provider.behaviours import Around
from cancel_contract.provider.store.records import Appointment


def refusing_foreign(change: Refused) -> Around[Appointment]:
    """Refuse another account's appointment in words of its own."""

    def hook(call: Call, proceed: Stage[Appointment]) -> Appointment:
        if _foreign(call) is not None:
            raise change
        return proceed(call)

    return hook


def naming_client(call: Call, proceed: Stage[Appointment]) -> Appointment:
    """Tell whose appointment it is."""
    foreign = _foreign(call)
    if foreign is not None:
        raise refusal(404, f"Appointment of {foreign.client_name} ({foreign.client_phone}) is in another account")
    return proceed(call)


def numbered(call: Call, proceed: Stage[Appointment]) -> Appointment:
    """Give each refusal the number of its request, and tell what is another account's."""
    try:
        return proceed(call)
    except Refused:
        where = "in another account" if _foreign(call) else "not there"
        raise refusal(404, f"The appointment is {where} (request {uuid4().hex[:12]})") from None


def _foreign(call: Call) -> Appointment | None:
    row = call.store.appointments.get(to_i(call.route.appointment))
    return row if row is not None and row.account_id != call.tenant.id else None
