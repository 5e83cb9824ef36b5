"""The definitions and their government."""
