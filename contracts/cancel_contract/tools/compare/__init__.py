"""Compares the reports of two runs."""
