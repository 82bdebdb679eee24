"""Parses YAML with the fastest safe loader that is installed."""

from typing import Any, Final

import yaml

# Python's own loader takes ten times as long as the one on libyaml, which not every build of PyYAML has.
_LOADER: Final[type[Any]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parsed(text: str | bytes) -> Any:  # noqa: ANN401 - YAML's boundary
    """Return the value of a YAML text; raises yaml.YAMLError, or ValueError for a date that does not exist."""
    try:
        return yaml.load(text, _LOADER)  # noqa: S506 - both loaders named above are safe ones
    except yaml.YAMLError:
        # The messages are the same on every build.
        return yaml.safe_load(text)
