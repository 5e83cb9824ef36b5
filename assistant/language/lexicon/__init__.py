"""The lexicon of a project: every word that names something in its catalogue."""

from assistant.language.lexicon.lexicon import TAIL, Asked, Found, Lexicon

__all__ = ["TAIL", "Asked", "Found", "Lexicon"]
