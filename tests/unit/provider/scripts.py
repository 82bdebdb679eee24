"""What scripts of requests are made of."""

from collections.abc import Callable, Iterator

from cancel_contract.provider.api.requests import Request

Make = Callable[..., Request]
"""Makes a request by method, path and parts."""
Turn = list[Request]
"""Requests that are sent together."""
Script = Callable[[Make], Iterator[Turn]]
