"""How a Chinese business question is read, from characters to a query."""
