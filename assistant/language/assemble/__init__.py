"""Which word fills which slot: small ordered rules, then one query."""

from assistant.language.assemble.run import Assembled, assemble

__all__ = ["Assembled", "assemble"]
