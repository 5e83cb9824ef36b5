"""The two things the page asks of the browser itself; both scripts are fixed texts of ours."""

from __future__ import annotations

import re

import streamlit as st

CHINESE = '<script>document.documentElement.lang = "zh-CN";</script>'
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
