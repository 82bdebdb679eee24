"""The reference provider: a real HTTP server of the scheduling API with its data in memory.

It is correct by default and fresh at each start. Its faults break the contract by name, its variants keep it in other
ways.
"""

from cancel_contract.provider.app import Provider
from cancel_contract.provider.behaviours import Fault, Hooks, Variant
from cancel_contract.provider.faults import FAULTS, fault
from cancel_contract.provider.server.server import (
    Running,
    banner,
    curl_line,
    listening,
    running,
    serve,
)
from cancel_contract.provider.store.seed import SEED, Seed
from cancel_contract.provider.variants.catalogue import VARIANTS, variant

__all__ = [
    "FAULTS",
    "SEED",
    "VARIANTS",
    "Fault",
    "Hooks",
    "Provider",
    "Running",
    "Seed",
    "Variant",
    "banner",
    "curl_line",
    "fault",
    "listening",
    "running",
    "serve",
    "variant",
]
