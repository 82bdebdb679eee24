"""The server under test: settings, and what they mean."""
