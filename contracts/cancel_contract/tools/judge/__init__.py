"""Judges recorded traffic by the clauses."""
