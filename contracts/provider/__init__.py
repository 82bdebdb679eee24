"""The reference provider: a real HTTP server of the scheduling API in memory, honest unless told otherwise.

Fresh at each start; its faults break the contract by name, its variants keep it in other ways.
"""

from contracts.provider.behaviours import Fault, Hooks, Variant
from contracts.provider.core import Provider
from contracts.provider.faults import FAULTS, fault
from contracts.provider.seed import SEED, Seed
from contracts.provider.server import Running, banner, curl_line, running, serve
from contracts.provider.variants import VARIANTS, variant

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
    "running",
    "serve",
    "variant",
]
