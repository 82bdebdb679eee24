"""What the provider holds: records, store, seed."""
