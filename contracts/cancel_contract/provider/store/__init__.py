"""The provider's data: records, store, seed."""
