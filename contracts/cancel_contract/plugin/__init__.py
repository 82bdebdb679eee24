"""The door for pytest and pytest-xdist."""
