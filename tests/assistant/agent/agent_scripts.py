"""Models that call tools one after another, as scripted."""

from __future__ import annotations

import json
from typing import Any

from stub_server import Call, Reply, Script, said

Used = tuple[str, dict[str, Any]]


def uses(*used: Used) -> Reply:
    """The tools called in one message."""
    calls = [
        {
            "id": f"call_{n}_{name}",
            "type": "function",
            "function": {"name": name, "arguments": json.dumps(given, ensure_ascii=False)},
        }
        for n, (name, given) in enumerate(used)
    ]
    return Reply(message={"content": None, "tool_calls": calls}, finish="tool_calls")


def runs(query: str) -> Used:
    return ("run_query", {"query": query})


def plays(*turns: Used | str) -> Script:
    """One turn after another: a tool, or the last words."""

    def script(call: Call) -> Reply:
        turn = turns[min(call.number, len(turns)) - 1]
        return said(turn) if isinstance(turn, str) else uses(turn)

    return script
