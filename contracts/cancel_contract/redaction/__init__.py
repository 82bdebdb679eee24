"""Decides what may be shown: secrets by value, personal data, headers."""
