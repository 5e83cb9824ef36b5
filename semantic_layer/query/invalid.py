"""The one error that a query value raises when it breaks its own rules."""


class InvalidQueryError(ValueError):
    """A query that cannot be built; the text is one Chinese sentence."""
