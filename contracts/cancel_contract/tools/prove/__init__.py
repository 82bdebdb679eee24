"""Proves the suite against faulty and honest providers."""
