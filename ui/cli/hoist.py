"""Global options may stand after the verb too: they are moved to the front."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

WITH_VALUE = ("--project", "--as-of", "--user", "--format")
FLAGS = ("--debug",)


def hoisted(arguments: Sequence[str]) -> list[str]:
    """The arguments with every global option first; nothing after `--` is touched.

    >>> hoisted(["ask", "上个月存款", "--format", "json", "--user=张三"])
    ['--format', 'json', '--user=张三', 'ask', '上个月存款']
    """
    front: list[str] = []
    rest: list[str] = []
    pending = iter(arguments)
    for argument in pending:
        if argument == "--":
            return [*front, *rest, argument, *pending]
        if argument in WITH_VALUE:
            front += [argument, *_value(pending)]
        elif argument in FLAGS or argument.startswith(tuple(f"{o}=" for o in WITH_VALUE)):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def _value(pending: Iterator[str]) -> list[str]:
    value = next(pending, None)
    return [] if value is None else [value]


def wished_format(arguments: Sequence[str]) -> str:
    """The output format, also when the rest of the command line is wrong."""
    found = "text"
    front = hoisted(arguments)
    for position, argument in enumerate(front):
        if argument == "--":
            break
        if argument.startswith("--format="):
            found = argument.partition("=")[2]
        elif argument == "--format" and position + 1 < len(front):
            found = front[position + 1]
    return found
