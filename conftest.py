"""pytest's way to the contract; the logic lives in contracts.plugin."""

# pytester: the plugin's own tests run pytest inside pytest.
pytest_plugins = ["contracts.plugin", "pytester"]
