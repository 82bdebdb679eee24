"""Compares what a target really sends with the fragment."""
