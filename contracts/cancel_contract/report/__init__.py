"""What people read: made from the ledger, free of secrets and of personal data."""
