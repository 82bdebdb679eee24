"""What plays the scenarios: context, profiles, case generator, preflight, session."""
