"""The lexicon of a project: every word that names something in its catalogue."""

from assistant.language.lexicon.lexicon import Found, Lexicon

__all__ = ["Found", "Lexicon"]
