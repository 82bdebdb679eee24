"""Honest variants: correct but different servers, which break no clause."""
