"""The only door to the target: rules, ownership, budgets, wire, sender."""
