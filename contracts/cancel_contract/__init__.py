"""Contract tests for OneLink's endpoint that cancels an appointment.

The flow is fragment -> case -> guard -> target -> exchange -> clause -> ledger -> report; a package imports only
packages that come before it.
"""
