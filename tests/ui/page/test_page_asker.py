"""Who asks: a header is believed only where the project says so, and only from its proxies."""

from __future__ import annotations

import pytest

from assistant.settings import ServerSection
from ui.page.asker import TWO_NAMES, UNNAMED, Asker, asker

SERVER = ServerSection(
    user_header="X-Remote-User", trusted_proxies=["10.1.0.0/16", "192.0.2.7", "fd00::/8"]
)


def signed_in(*names: str, address: str | None = "10.1.2.3", default: str = "") -> Asker:
    return asker(SERVER, default, names, address)


@pytest.mark.parametrize("address", ["10.1.2.3", "192.0.2.7", "::ffff:10.1.2.3", "fd00::1"])
def test_a_trusted_proxy_says_who_has_signed_in(address: str):
    assert signed_in("张三", address=address) == Asker("张三", may_switch=False)


@pytest.mark.parametrize("address", ["10.2.0.1", "192.0.2.8", None, "", "unknown"])
def test_nobody_else_is_believed(address: str | None):
    assert signed_in("行长", address=address) == Asker("", may_switch=False, refusal=UNNAMED)
    assert signed_in("行长", address=address, default="访客").name == "访客"


def test_a_header_is_nothing_where_none_is_configured():
    open_server = ServerSection(trusted_proxies=["10.1.0.0/16"])
    assert asker(open_server, "默认", ["行长"], "10.1.2.3") == Asker("默认", may_switch=False)


@pytest.mark.parametrize(("header", "may_switch"), [("", True), ("X-Remote-User", False)])
def test_users_are_switched_only_in_demonstrations(header: str, may_switch: bool):
    server = ServerSection(user_header=header, switch_users=True)
    assert asker(server, "演示", [], "10.1.2.3") == Asker("演示", may_switch=may_switch)


def test_a_proxy_on_the_same_machine_is_trusted_only_by_its_address():
    local = ServerSection(user_header="X-Remote-User", trusted_proxies=["127.0.0.1"])
    assert asker(local, "", ["张三"], None).name == "张三"


def test_names_may_be_utf_8_or_percent_encoded():
    assert signed_in("张三".encode().decode("latin-1")).name == "张三"
    assert signed_in("%E5%BC%A0%E4%B8%89").name == "张三"


def test_two_names_are_none_and_the_same_name_twice_is_one():
    assert signed_in("张三", "李四").refusal == TWO_NAMES
    assert signed_in("张三", " 张三 ").name == "张三"


def test_without_a_name_the_default_user_asks_and_nobody_without_one():
    assert signed_in(default="访客") == Asker("访客", may_switch=False)
    assert signed_in("  ").refusal == UNNAMED
