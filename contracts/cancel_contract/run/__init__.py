"""Plays the scenarios: context, profiles, case generator, preflight, session."""
