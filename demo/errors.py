"""What can go wrong when the demonstration bank is built."""


class BuildError(Exception):
    """The bank was not built; the message is one Chinese sentence saying why and what to do."""
