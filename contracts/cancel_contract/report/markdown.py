"""Escapes texts for Markdown."""

import re
from typing import Final

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#|~$&])")


def plain(text: str) -> str:
    """Return a text on one line, of which Markdown makes nothing."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
