"""From a Chinese question to an honest answer."""
