"""pytest's way to the contract; the logic lives in contracts.plugin."""

pytest_plugins = ["contracts.plugin"]
