"""Verdicts, known deviations, and the gate's decision."""
