"""Recorded traffic, put to the clauses."""
