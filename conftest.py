"""Loads the contract's pytest plugin; its logic is in cancel_contract.plugin.hooks."""

# pytester: the plugin's own tests run pytest inside pytest.
pytest_plugins = ["cancel_contract.plugin.hooks", "pytester"]
