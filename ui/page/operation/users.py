"""Who is registered, with roles, attributes and what follows from them."""

from __future__ import annotations

import streamlit as st

from assistant import Assistant
from assistant.duties import duties_of
from assistant.settings import ServerSection, UserSection
from ui.page.literal import paragraph
from ui.page.operation.html import table_html
from ui.page.shared import overview
from ui.page.visit import Visit

NOTE = "用户和角色在 wenshu.toml 的 [[users]] 里登记,这里只能查看。"


def draw_users(visit: Visit) -> None:
    """Read-only: users are registered in the project's file."""
    assistant = visit.assistant
    default = assistant.settings.project.default_user
    signs_in = _signs_in(assistant.settings.server)
    st.html(paragraph(NOTE + f"登录:{signs_in}。默认用户:{default or '无'}。", "ws-note"))
    lines = [_line(assistant, user) for user in assistant.settings.users]
    st.html(table_html(("用户", "角色", "属性", "数据范围", "职责"), lines))


def _signs_in(server: ServerSection) -> str:
    if server.user_header:
        return f"由代理的 {server.user_header} 头告知"
    return "不登录,可以切换用户(演示方式)" if server.switch_users else "不登录,都是默认用户"


def _line(assistant: Assistant, user: UserSection) -> tuple[str, ...]:
    attributes = ";".join(
        f"{name} = {value if isinstance(value, str) else '、'.join(value)}"
        for name, value in user.attributes.items()
    )
    duties = "、".join(duties_of(user.principal())) or "—"
    scope = overview(assistant, user.name).scope
    return user.name, "、".join(user.roles) or "—", attributes or "—", scope, duties
