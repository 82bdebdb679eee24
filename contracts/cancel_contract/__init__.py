"""Contract tests for OneLink's endpoint that cancels an appointment.

fragment -> case -> guard -> target -> exchange -> clause -> ledger -> report; each arrow is one module, no module skips
an arrow. README.md maps the modules.
"""
