"""Who asks: whom a trusted proxy names, else the project's default user, else nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from urllib.parse import unquote

import streamlit as st

from assistant.settings import ServerSection, Settings

LOCAL = "127.0.0.1"
UNNAMED = "没有收到您的登录信息,不能提问。请从统一登录的入口打开;如仍出现,请告诉管理员"
TWO_NAMES = "收到了两个不同的登录信息,不能确定您是谁。请关闭浏览器重新登录"


class Asker(NamedTuple):
    """The reader of this tab."""

    name: str
    may_switch: bool
    """Only where nobody signs in and the project says so: for demonstrations."""
    refusal: str = ""


def current_asker(settings: Settings) -> Asker:
    """The reader as this connection tells."""
    header = settings.server.user_header
    named = st.context.headers.get_all(header) if header else []
    return asker(settings.server, settings.project.default_user, named, st.context.ip_address)


def asker(
    server: ServerSection, default_user: str, named: Sequence[str], address: str | None
) -> Asker:
    """Whom the header names, if it comes straight from a trusted proxy.

    >>> section = ServerSection(user_header="X-Remote-User", trusted_proxies=["10.0.0.0/8"])
    >>> asker(section, "", ["张三"], "10.1.2.3").name, asker(section, "", ["张三"], "9.9.9.9").name
    ('张三', '')
    """
    if not server.user_header:
        return Asker(default_user, may_switch=server.switch_users)
    trusted = named if _is_trusted(address or LOCAL, server.trusted_proxies) else ()
    names = {name for given in trusted if (name := _readable(given))}
    if len(names) > 1:
        return Asker("", may_switch=False, refusal=TWO_NAMES)
    name = next(iter(names), default_user)
    return Asker(name, may_switch=False, refusal="" if name else UNNAMED)


def _is_trusted(address: str, proxies: Iterable[str]) -> bool:
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None) or found
    return any(mapped in ip_network(proxy, strict=False) for proxy in proxies)


def _readable(given: str) -> str:
    """Headers travel as Latin-1; Chinese names are UTF-8 within, plain or percent-encoded."""
    with suppress(UnicodeError):
        given = given.encode("latin-1").decode("utf-8")
    return unquote(given).strip()
