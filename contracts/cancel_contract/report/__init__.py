"""What people read: drawn from the ledger, free of secrets and of persons' data."""
