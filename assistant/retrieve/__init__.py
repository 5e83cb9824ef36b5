"""Finds what of the catalogue a text may be about: by spelling, by sound and by meaning."""

from assistant.retrieve.candidates import Candidates, Hit, Reason, ValueHit
from assistant.retrieve.embedding import Embedding
from assistant.retrieve.index import Index
from assistant.retrieve.shelf import Shelf

__all__ = ["Candidates", "Embedding", "Hit", "Index", "Reason", "Shelf", "ValueHit"]
