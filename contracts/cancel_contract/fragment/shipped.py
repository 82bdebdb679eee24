"""The endpoint of the fragment that ships with the suite."""

from typing import Final

from cancel_contract.fragment.document import load

ENDPOINT: Final = load().endpoint
"""The endpoint under contract; every path and the token's header are made and read by it."""
