"""Checks whether a target is fit for a gate, with reads alone."""
