"""What can go wrong when the demonstration bank is built.

BuildError
└── ImpossibleWishError      the size, seed or day that was asked for cannot be had
"""


class BuildError(Exception):
    """The bank was not built; the message is one Chinese sentence saying why and what to do."""


class ImpossibleWishError(BuildError):
    """What was asked for does not exist; nothing was begun."""
