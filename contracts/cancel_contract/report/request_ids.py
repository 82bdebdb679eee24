"""Says by which ids a failure is found in the target's log."""

from cancel_contract.ledger.breach import Breach


def log_line(breach: Breach) -> str:
    """Return what to look for in the log; empty where neither request nor answer bears an id.

    An answer that only repeats the request's id has none of its own.
    """
    answered = f"the answer's own request id is {breach.answer_id}" if breach.answer_id else ""
    if breach.request_id:
        return f"look in your log for {breach.request_id}" + (f"; {answered}" if answered else "")
    return f"look in your log for what was answered: {answered}" if answered else ""
