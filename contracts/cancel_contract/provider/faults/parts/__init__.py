"""What faults are made of: conditions, changes of answers and rows, careless look-ups of a token."""
