"""The lexicon of a project: every word that names something in its catalogue."""

from assistant.language.lexicon.lexicon import Asked, Found, Lexicon

__all__ = ["Asked", "Found", "Lexicon"]
