"""Writing definition files: one change at a time, every other byte as it was."""
