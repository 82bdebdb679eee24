"""Honest variants: different ways of being right, which break no clause."""
