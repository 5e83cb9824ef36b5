"""How good the answers are, and what got worse."""
