"""Exploring an answer without typing: chips, drill, toggles, steps back."""
