"""The two things the page asks of the browser itself; both scripts are fixed texts of ours.

Streamlit labels its own controls in English: people who hear the page get them in Chinese.
"""

from __future__ import annotations

import re

import streamlit as st

CHINESE = """<script>
document.documentElement.lang = "zh-CN";
if (!window.wenshuLabels) {
  const chinese = {
    "Copy to clipboard": "复制", "Copied": "已复制", "Send message": "发送", "Sidebar": "侧栏",
    "Collapse sidebar": "收起侧栏", "Expand sidebar": "展开侧栏", "Open": "打开",
    "Skip to main content": "跳到正文", "Clear value": "清除",
    "Select all": "全选", "No results": "没有找到",
  };
  const translate = () => {
    for (const name of ["aria-label", "title"])
      for (const found of document.querySelectorAll(`[${name}]`)) {
        const text = chinese[found.getAttribute(name)];
        if (text) found.setAttribute(name, text);
      }
    for (const found of document.querySelectorAll("[role=listbox] *"))
      if (!found.children.length && chinese[found.textContent])
        found.firstChild.data = chinese[found.textContent];
  };
  window.wenshuLabels = new MutationObserver(translate);
  window.wenshuLabels.observe(document.body, {childList: true, subtree: true});
  translate();
}
</script>"""
BRING_TO_TOP = """<script>
setTimeout(() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.querySelector(".st-key-%s")?.scrollIntoView(
    {block: "start", behavior: calm ? "auto" : "smooth"});
}, 60);
</script>"""


def speak_chinese() -> None:
    """Tells readers of the page aloud, and font choice, which language it is in."""
    st.html(CHINESE, unsafe_allow_javascript=True)


def bring_to_top(key: str) -> None:
    """Scrolls to a part of the page: an answer is read from its question on."""
    if not re.fullmatch(r"[a-z]+-\d+", key):
        raise ValueError(key)
    st.html(BRING_TO_TOP % key, unsafe_allow_javascript=True)
