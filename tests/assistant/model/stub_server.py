"""An OpenAI-compatible server on loopback that behaves as scripted and records every byte.

>>> server = StubServer(answers({"cannot": "不知道"}))
>>> server.url.startswith("http://127.0.0.1:")
True
>>> server.close()
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

Json = Mapping[str, Any]
LONGEST_WAIT = 600.0
"""A server that hangs lets go when it is closed, at the latest after this."""


@dataclass(frozen=True)
class Call:
    """One request as it came in."""

    number: int
    """From 1."""
    path: str
    headers: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.raw or b"{}")
        return parsed

    @property
    def rung(self) -> str:
        """What the client asks for: json_schema, tool, json_object or text."""
        kind = (self.body.get("response_format") or {}).get("type")
        if kind:
            return str(kind)
        return "tool" if self.body.get("tools") else "text"

    @property
    def streams(self) -> bool:
        return bool(self.body.get("stream"))

    @property
    def said(self) -> str:
        """All messages, one after another."""
        return "\n".join(str(message.get("content")) for message in self.body["messages"])


@dataclass(frozen=True)
class Reply:
    """What goes back over the wire."""

    status: int = 200
    message: Json = field(default_factory=dict)
    """The assistant's message, if the status is 200."""
    error: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    finish: str = "stop"
    raw: bytes | None = None
    """Instead of all that: this body."""
    wait: float = 0.0
    """Seconds before the first byte."""
    drip: float = 0.0
    """Seconds between single bytes of the body."""
    tokens: tuple[int, int] = (900, 60)


Script = Callable[[Call], Reply]


class StubServer:
    """Serves one script until it is closed."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.calls: list[Call] = []
        self._lock = threading.Lock()
        self.closing = threading.Event()
        handler = type("Handler", (_Handler,), {"stub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def bytes_seen(self) -> bytes:
        """Every byte that reached us: request lines, headers and bodies."""
        return b"\n".join(
            b"\n".join(
                [c.path.encode(), *(f"{k}: {v}".encode() for k, v in c.headers.items()), c.raw]
            )
            for c in self.calls
        )

    @property
    def text_seen(self) -> str:
        """The same with JSON escapes read, to look for Chinese words in it."""
        bodies = (json.dumps(c.body, ensure_ascii=False) for c in self.calls if c.raw)
        return "\n".join((self.bytes_seen.decode("utf-8", "replace"), *bodies))

    @property
    def rungs(self) -> list[str]:
        return [call.rung for call in self.calls]

    def note(self, path: str, headers: Mapping[str, str], raw: bytes) -> Call:
        with self._lock:
            call = Call(len(self.calls) + 1, path, headers, raw)
            self.calls.append(call)
        return call

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    stub: StubServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        call = self.stub.note(self.path, dict(self.headers), raw)
        reply = self.stub.script(call)
        if reply.wait and self.stub.closing.wait(reply.wait):
            return
        try:
            self._send(call, reply)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_GET(self) -> None:
        self.stub.note(self.path, dict(self.headers), b"")
        self._send_body(200, json.dumps({"data": [{"id": "stub"}]}).encode(), {}, 0)

    def _send(self, call: Call, reply: Reply) -> None:
        if reply.raw is not None:
            self._send_body(reply.status, reply.raw, reply.headers, reply.drip)
        elif reply.status != 200:
            body = json.dumps({"error": {"message": reply.error, "type": "stub"}}).encode()
            self._send_body(reply.status, body, reply.headers, reply.drip)
        elif call.streams:
            body = b"".join(_events(reply))
            self._send_body(200, body, {"Content-Type": "text/event-stream"}, reply.drip)
        else:
            body = json.dumps(_completion(reply), ensure_ascii=False).encode()
            self._send_body(200, body, reply.headers, reply.drip)

    def _send_body(self, status: int, body: bytes, headers: Mapping[str, str], drip: float) -> None:
        self.send_response(status)
        sent = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
        for name, value in sent.items():
            self.send_header(name, value)
        self.end_headers()
        if not drip:
            self.wfile.write(body)
            return
        for at in range(len(body)):
            if self.stub.closing.wait(drip):
                return
            self.wfile.write(body[at : at + 1])
            self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Silent: what came in is in `calls`."""


def _completion(reply: Reply) -> Json:
    message = {"role": "assistant", "content": None, **reply.message}
    choice = {"index": 0, "message": message, "finish_reason": reply.finish}
    return {**_frame("chat.completion"), "choices": [choice], "usage": _usage(reply)}


def _events(reply: Reply) -> Iterator[bytes]:
    text = str(reply.message.get("content") or "")
    deltas: list[Json] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": text[at : at + 4]} for at in range(0, len(text), 4)]
    for delta in deltas:
        yield _event([{"index": 0, "delta": delta, "finish_reason": None}])
    yield _event([{"index": 0, "delta": {}, "finish_reason": reply.finish}])
    yield _event([], usage=_usage(reply))
    yield b"data: [DONE]\n\n"


def _event(choices: Sequence[Json], **more: Any) -> bytes:
    event = {**_frame("chat.completion.chunk"), "choices": choices, **more}
    return b"data: " + json.dumps(event, ensure_ascii=False).encode() + b"\n\n"


def _frame(kind: str) -> Json:
    return {"id": "stub-1", "object": kind, "created": 1, "model": "stub"}


def _usage(reply: Reply) -> Json:
    asked, told = reply.tokens
    return {"prompt_tokens": asked, "completion_tokens": told, "total_tokens": asked + told}


def said(content: str | None, **more: Any) -> Reply:
    """A message with this content."""
    return Reply(message={"content": content}, **more)


def in_kind(call: Call, draft: Json) -> Reply:
    """The draft as a good server gives it on the rung that was asked for."""
    text = json.dumps(draft, ensure_ascii=False)
    if call.rung != "tool":
        return said(text)
    name = call.body["tools"][0]["function"]["name"]
    used = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": text}}
    return Reply(message={"content": None, "tool_calls": [used]}, finish="tool_calls")


def answers(*drafts: Json) -> Script:
    """One draft after another, the last one for ever."""
    return lambda call: in_kind(call, drafts[min(call.number, len(drafts)) - 1])


def then(*replies: Script) -> Script:
    """One behaviour after another, the last one for ever."""
    return lambda call: replies[min(call.number, len(replies)) - 1](call)


def rejects(*rungs: str, otherwise: Script) -> Script:
    """Servers that answer 400 to a response format they do not know."""

    def script(call: Call) -> Reply:
        if call.rung in rungs:
            return Reply(400, error=f"'response_format.type' {call.rung} is not supported")
        return otherwise(call)

    return script


def ignores_tool_choice(draft: Json) -> Script:
    """llama.cpp: a forced tool gives fenced JSON in the text and no call."""

    def script(call: Call) -> Reply:
        fenced = f"好的,结果如下:\n```json\n{json.dumps(draft, ensure_ascii=False)}\n```\n"
        return said(fenced)

    return script


def sections(call: Call) -> dict[str, list[str]]:
    """The lines of each tag of the question as it was sent."""
    asked = call.body["messages"][1]["content"]
    found = re.findall(r"<(\w+)>\n(.*?)\n</\1>", asked, flags=re.DOTALL)
    return {tag: lines.split("\n") for tag, lines in found}


def wrong_names() -> Script:
    """Ids that were never told, for all the words of the question."""

    def script(call: Call) -> Reply:
        words = sections(call)["question"][0]
        named = {"id": "net_profit_total", "words": words}
        return in_kind(call, {"metrics": [named], "groups": [{"id": "planet", "words": words}]})

    return script


def wrong_meaning(seed: int) -> Script:
    """Valid drafts over the ids that were told, with whatever words and meaning chance gives."""

    def script(call: Call) -> Reply:
        told, chance = sections(call), Random(f"{seed} {call.body['messages'][1]['content']}")
        question = told["question"][0]
        unknown = told.get("unknown", [question])
        metrics = [line.split(" | ")[0] for line in told.get("metrics", ["x"])]
        dimensions = [line.split(" | ")[0] for line in told.get("dimensions", ["x"])]
        values = [line.split(" | ") for line in told.get("values", [])]
        at = chance.randrange(len(question))
        words = chance.choice([*unknown, *unknown, question, question[at:], question[:at]])
        named = {"id": chance.choice(metrics[:3] * 4 + metrics), "words": words}
        group = {"id": chance.choice([*dimensions, "month"]), "words": chance.choice(unknown)}
        member, value = chance.choice(values) if values else ("x", "x")
        held = {"dimension": member, "value": value, "words": chance.choice(unknown)}
        return in_kind(call, {
            "cannot": "",
            "metrics": [named],
            "groups": [group] if chance.random() < 0.25 else [],
            "filters": [held] if chance.random() < 0.25 else [],
            "time": chance.choice(["", "", question[:4], "去年"]),
            "compare": "",
            "conditions": [],
            "order": chance.choice(["", "", "前三"]),
            "ignored": unknown if chance.random() < 0.4 else [],
        })  # fmt: skip

    return script


def drops_the_unknown() -> Script:
    """Takes the first metric that is told and calls all else noise."""

    def script(call: Call) -> Reply:
        told = sections(call)
        metric = told.get("metrics", ["x"])[0].split(" | ")
        words = next((name for name in metric[1:] if name in told["question"][0]), "")
        draft = {"metrics": [{"id": metric[0], "words": words}], "ignored": told.get("unknown", [])}
        return in_kind(call, draft)

    return script


def takes_the_next_best(place: int = 0) -> Script:
    """Well-formed and plausible: every unknown word becomes a metric, a member or a group."""

    def script(call: Call) -> Reply:
        told = sections(call)
        said = [line.partition(" = ") for line in told.get("known", [])]
        metrics = [{"id": m[2].split()[1], "words": m[0]} for m in said if m[2].startswith("指标 ")]
        unknown, found = told.get("unknown", []), told.get("metrics", ["x"])
        filters, groups = [], []
        if metrics and "values" in told:
            dimension, value = told["values"][place % len(told["values"])].split(" | ")
            filters = [{"dimension": dimension, "value": value, "words": w} for w in unknown[:1]]
        elif metrics and place and "dimensions" in told:
            dimension = told["dimensions"][place % len(told["dimensions"])].split(" | ")[0]
            groups = [{"id": dimension, "words": words} for words in unknown[:1]]
        else:
            name = found[min(place, len(found) - 1)].split(" | ")[0]
            metrics += [{"id": name, "words": words} for words in unknown[:1]]
        return in_kind(call, {"metrics": metrics, "groups": groups, "filters": filters})

    return script


def says(content: str | None, **more: Any) -> Script:
    """Always this text: None, half a JSON, SQL, an essay."""
    return lambda call: said(content, **more)


def fails(status: int, **headers: str) -> Script:
    """429, 500, 503 …"""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda call: Reply(status, error="stub", headers=given)


def hangs() -> Script:
    """Takes the request and says nothing."""
    return lambda call: Reply(wait=LONGEST_WAIT)


def drips(draft: Json, seconds: float = 0.05) -> Script:
    """One byte at a time."""
    return lambda call: replace(in_kind(call, draft), drip=seconds)
