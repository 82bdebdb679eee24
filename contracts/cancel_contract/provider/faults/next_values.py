"""Faults of values that no appointment of a gate has yet: references of digits, where a run's marker has to stand."""

from typing import Final

from cancel_contract.provider.behaviours import Fault
from cancel_contract.provider.faults.values import REFERENCES

NEXT: Final[tuple[Fault, ...]] = REFERENCES
"""Faults whose appointments are to be made."""
