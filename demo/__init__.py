"""The demonstration bank with planted truths."""
