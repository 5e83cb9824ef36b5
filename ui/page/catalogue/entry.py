"""One entry of the catalogue in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from html import escape

import streamlit as st

from assistant import Assistant
from assistant.catalogue import Kind
from assistant.duties import has_duty
from assistant.explain import definition_card
from assistant.information import dimension_card, dimensions_of, segment_card
from assistant.language.periods_text import day_text
from assistant.lineage import lineage, used_by
from semantic_layer.model import Aggregate, Manifest, Metric
from ui.page.catalogue.lineage_graph import legend_html, lineage_dot
from ui.page.catalogue.search import Entry
from ui.page.definition import definition_html
from ui.page.going import go_to
from ui.page.literal import label, paragraph
from ui.page.session import ask_later
from ui.page.visit import Visit

MOST_MEMBERS = 200


def draw_entry(visit: Visit, kind: Kind, entry: Entry) -> None:
    """Definition, questions to try, what it can be seen by, where it comes from."""
    _DRAWINGS[kind](visit, entry)


def _draw_metric(visit: Visit, entry: Entry) -> None:
    manifest = visit.assistant.manifest
    metric = manifest.metrics[str(entry["id"])]
    st.html(definition_html(definition_card(metric, manifest)))
    _draw_tries(visit, _tries(metric, manifest))
    st.html('<h4 class="ws-part">从哪里来</h4>' + legend_html())
    with st.container(key="lineage"):
        st.graphviz_chart(lineage_dot(lineage(metric.name, manifest)), width="content")
    _draw_tags("可以按这些维度看", (d.label for d in dimensions_of((metric.name,), manifest)))
    _draw_tags("用到它的指标", (m.label for m in used_by(metric.name, manifest)))
    if metric.at:
        st.html(paragraph(f"定义在 {metric.at}", "ws-note"))
    _draw_way_to_editing(visit, "metrics", metric.name)


def _draw_way_to_editing(visit: Visit, kind: Kind, name: str) -> None:
    """Owners change it, others see how it is written."""
    is_owner = has_duty(visit.assistant.settings.user(visit.user), "owner")
    words = "维护这个口径" if is_owner else "查看口径的写法"
    if st.button(words, key="to-editing", icon=":material/edit_note:"):
        go_to("editing", **{kind: name})


def _tries(metric: Metric, manifest: Manifest) -> tuple[str, ...]:
    spine = [d.label for d in dimensions_of((metric.name,), manifest) if d.field.spine]
    name = metric.label
    return (
        f"{name}是多少",
        *(f"各{word}{name}" for word in spine[:1]),
        f"{name}近12个月的走势",
        f"{name}同比",
    )


def _draw_tries(visit: Visit, questions: Iterable[str]) -> None:
    assistant = visit.assistant
    now = (assistant.manifest.hash, assistant.today().isoformat())
    understood = [q for q in questions if _is_answered(assistant, q, visit.user, now)]
    if not understood:
        return
    st.html('<h4 class="ws-part">试一试</h4>')
    with st.container(key="tries", horizontal=True):
        for number, question in enumerate(understood, start=1):
            if st.button(label(question), key=f"try-{number}"):
                ask_later(question)
                go_to("ask")


@lru_cache(maxsize=4096)
def _is_answered(assistant: Assistant, question: str, user: str, _now: tuple[str, str]) -> bool:
    """A question is offered only where it is read and may be asked."""
    return assistant.is_answerable(question, user)


def _draw_tags(title: str, names: Iterable[str]) -> None:
    tags = "".join(f"<span>{escape(name)}</span>" for name in dict.fromkeys(names))
    if tags:
        st.html(f'<h4 class="ws-part">{title}</h4><div class="ws-tags">{tags}</div>')


def _draw_dimension(visit: Visit, entry: Entry) -> None:
    assistant = visit.assistant
    dimension = assistant.manifest.dimensions[str(entry["id"])]
    st.html(definition_html(dimension_card(dimension, assistant.manifest)))
    members = assistant.members(dimension.name, visit.user)
    if members:
        more = f"(前{MOST_MEMBERS}个)" if len(members) > MOST_MEMBERS else ""
        _draw_tags(f"取值,共{len(members):,}个{more}", members[:MOST_MEMBERS])
    _draw_way_to_editing(visit, "dimensions", dimension.name)


def _draw_segment(visit: Visit, entry: Entry) -> None:
    segment = visit.assistant.manifest.segments[str(entry["id"])]
    st.html(definition_html(segment_card(segment)))
    _draw_tries(visit, (f"{segment.label}有多少", f"各分行{segment.label}数"))


def _draw_dataset(visit: Visit, entry: Entry) -> None:
    manifest = visit.assistant.manifest
    dataset = manifest.datasets[str(entry["id"])]
    days = visit.assistant.snapshot()
    first, last = days.first_dates.get(dataset.name), days.data_dates.get(dataset.name)
    span = f"{day_text(first)}—{day_text(last)}" if first and last else ""
    facts = {
        "库中名称": dataset.table or "",
        "主键": "、".join(dataset.key),
        "数据起止": span,
        "说明": dataset.description,
    }
    lines = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts.items() if text
    )
    st.html(
        f'<section class="ws-definition"><h3>{escape(dataset.label)}</h3></section>'
        f'<dl class="ws-facts">{lines}</dl>'
    )
    _draw_tags("字段", (str(field["label"]) for field in entry["fields"]))
    own = [m for m in manifest.metrics.values() if not m.hidden and _stands_on(m, dataset.name)]
    _draw_tags("取自这里的指标", (m.label for m in own))


def _stands_on(metric: Metric, dataset: str) -> bool:
    definitions = (metric.definition, *metric.also)
    return any(isinstance(d, Aggregate) and d.dataset == dataset for d in definitions)


_DRAWINGS: Mapping[Kind, Callable[[Visit, Entry], None]] = {
    "metrics": _draw_metric,
    "dimensions": _draw_dimension,
    "segments": _draw_segment,
    "datasets": _draw_dataset,
}
