"""Records without I/O: cases, credentials, exchanges, episodes."""
