"""Faults of values that no appointment of a gate has yet: references of digits, what begins soon or has begun."""

from typing import Final

from cancel_contract.provider.behaviours import Fault
from cancel_contract.provider.faults.values import CLOCK, REFERENCES

NEXT: Final[tuple[Fault, ...]] = REFERENCES + CLOCK
"""Faults whose appointments are to be made."""
