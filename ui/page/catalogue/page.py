"""The page 指标目录: a list on the left, one definition on the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from assistant.catalogue import Kind, kind_word
from semantic_layer.problem import Problem
from ui.page.catalogue.entry import draw_entry
from ui.page.catalogue.search import Entry, by_domain, entries_like
from ui.page.literal import label, paragraph
from ui.page.visit import Visit

SHOWN: tuple[Kind, ...] = ("metrics", "dimensions", "segments", "datasets")
MOST_FOUND = 60
"""More are not a help: the reader types another letter."""


class Chosen(NamedTuple):
    """What the address names: ?metrics=npl_rate."""

    kind: Kind
    name: str


def draw_catalogue(visit: Visit) -> None:
    """Search, tree and one entry in full."""
    if visit.found is None:
        return
    chosen = _chosen()
    with st.container(key="catalogue"):
        left, right = st.columns([10, 27], gap="large")
        with left:
            kind = _draw_kinds(chosen)
            entries = visit.assistant.catalogue(kind, visit.user)
            _draw_list(kind, entries, chosen)
        with right, st.container(key="entry"):
            _draw_chosen(visit, chosen or _first(kind, entries))


def _chosen() -> Chosen | None:
    for kind in SHOWN:
        if name := str(st.query_params.get(kind, "")):
            return Chosen(kind, name)
    return None


def _first(kind: Kind, entries: Sequence[Entry]) -> Chosen | None:
    return Chosen(kind, str(entries[0]["id"])) if entries else None


def _choose(kind: Kind, name: str) -> None:
    for other in SHOWN:
        if other in st.query_params:
            del st.query_params[other]
    st.query_params[kind] = name


def _draw_kinds(chosen: Chosen | None) -> Kind:
    picked: Kind | None = st.segmented_control(
        "目录",
        SHOWN,
        default=chosen.kind if chosen else SHOWN[0],
        format_func=kind_word,
        key="catalogue-kind",
        label_visibility="collapsed",
        width="stretch",
        on_change=_forget,
        required=True,
    )
    return picked or SHOWN[0]


def _forget() -> None:
    """Another kind begins with its first entry."""
    for kind in SHOWN:
        if kind in st.query_params:
            del st.query_params[kind]


def _draw_list(kind: Kind, entries: Sequence[Entry], chosen: Chosen | None) -> None:
    word = kind_word(kind)
    text = st.text_input(
        f"找{word}",
        key=f"catalogue-find-{kind}",
        placeholder=f"找{word}:名称、别名、拼音",
        label_visibility="collapsed",
    )
    found = entries_like(entries, text)
    if not entries:
        st.html(paragraph(f"当前用户没有可以查看的{word}。", "ws-note"))
    elif text:
        more = f",这里是前{MOST_FOUND}个" if len(found) > MOST_FOUND else ""
        told = f"找到{len(found)}个{word}{more}" if found else "没有找到,换个说法试试"
        st.html(paragraph(told, "ws-note"))
        _draw_names(kind, found[:MOST_FOUND], "found", chosen)
    elif kind == "metrics":
        _draw_tree(kind, by_domain(found), chosen)
    else:
        _draw_names(kind, found, "all", chosen)


def _draw_tree(kind: Kind, domains: Mapping[str, Sequence[Entry]], chosen: Chosen | None) -> None:
    wanted = chosen.name if chosen else ""
    for number, (domain, entries) in enumerate(domains.items()):
        is_open = any(entry["id"] == wanted for entry in entries) or (not wanted and number == 0)
        with st.expander(f"{label(domain)} :gray[{len(entries)}]", expanded=is_open):
            _draw_names(kind, entries, domain, chosen)


def _draw_names(kind: Kind, entries: Sequence[Entry], place: str, chosen: Chosen | None) -> None:
    for entry in entries:
        is_chosen = chosen is not None and chosen.name == entry["id"]
        st.button(
            label(str(entry["label"])),
            key=f"{'chosen' if is_chosen else 'pick'}-{kind}-{place}-{entry['id']}",
            type="tertiary",
            width="stretch",
            on_click=_choose,
            args=(kind, str(entry["id"])),
        )


def _draw_chosen(visit: Visit, chosen: Chosen | None) -> None:
    if chosen is None:
        return
    entry = visit.assistant.catalogue_entry(chosen.kind, chosen.name, visit.user)
    if isinstance(entry, Problem):
        st.html(paragraph(entry.message, "ws-headline refusal"))
        return
    draw_entry(visit, chosen.kind, entry)
