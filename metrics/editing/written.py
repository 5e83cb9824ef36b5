"""A value as it is written into a definition file, on one line."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

Plain: TypeAlias = "str | int | float | bool | Sequence[Plain] | Mapping[str, Plain]"
_ENDLESS = 10**9


def written(value: Plain, *, quoted: bool = False) -> str:
    """The value as YAML that fits anywhere, also between brackets.

    >>> written("是"), written("on"), written(["理财", "a, b"]), written({"to": "loan_bal"})
    ('是', '"on"', '[理财, "a, b"]', '{to: loan_bal}')
    """
    writer = YAML()
    writer.default_flow_style = True
    writer.width = _ENDLESS
    writer.allow_unicode = True
    out = io.StringIO()
    if isinstance(value, Mapping):
        writer.dump(_safe(value), out)
        return out.getvalue().rstrip("\n")
    writer.dump([_safe(value, quoted)], out)
    return out.getvalue().rstrip("\n")[1:-1]


def _safe(value: Plain, quoted: bool = False) -> Any:
    """Texts that could be read as something else stand in double quotes."""
    if isinstance(value, str):
        return DoubleQuotedScalarString(value) if quoted or not _is_plain(value) else value
    if isinstance(value, Mapping):
        return {key: _safe(held) for key, held in value.items()}
    if isinstance(value, Sequence):
        return [_safe(held) for held in value]
    return value


def _is_plain(text: str) -> bool:
    """Whether YAML reads the bare text as just this text, also inside brackets."""
    if any(mark in text for mark in ",[]{}#&*!|>%@`\"':\\\n\t") or text.startswith(("-", "?")):
        return False
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return False
    return (
        isinstance(node, yaml.ScalarNode)
        and node.tag == "tag:yaml.org,2002:str"
        and node.value == text
    )
