"""The suite against faulty and honest providers."""
