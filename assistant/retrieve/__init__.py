"""Finds what of the catalogue a text may be about: by spelling, by sound and by meaning."""

from assistant.retrieve.candidates import Candidates, Hit, Reason, ValueHit
from assistant.retrieve.index import Index

__all__ = ["Candidates", "Hit", "Index", "Reason", "ValueHit"]
