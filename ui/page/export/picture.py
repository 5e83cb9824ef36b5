"""The chart as a PNG file, put together in the reader's own browser.

What the page shows is drawn wide for a moment, however little room it has there, and copied
onto a sheet with the sentence above it and, beneath it, scope, dates, 口径, user and the mark of
invented data: a picture travels without its page.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import NamedTuple

from assistant.answer import Answer
from ui.page.export.lines import file_name
from ui.page.notes import source_text
from ui.page.shared import VIRTUAL


class Picture(NamedTuple):
    """What the script is told."""

    chart: str
    """The key of the container that holds the chart."""
    name: str
    title: str
    below: tuple[str, ...]


def picture(answer: Answer, project: str, at: datetime, chart: str) -> Picture:
    """Title and footnotes of a chart that leaves the page."""
    cards = "、".join(f"{c.label} 第{c.version}版" for c in answer.definitions)
    taken = f"{answer.user or ''} 于{at:%Y-%m-%d %H:%M}导出".strip()
    mark = "" if VIRTUAL not in project else "(非真实业务数据)"
    return Picture(
        chart,
        file_name(answer, "png"),
        answer.headline or answer.reading or "",
        (
            " · ".join(filter(None, (answer.reading, source_text(answer)))),
            " · ".join(filter(None, (f"口径:{cards}" if cards else "", project + mark, taken))),
        ),
    )


def picture_script(wanted: Picture, nonce: str) -> str:
    """A script that saves the picture once; its texts cannot end the script."""
    told = json.dumps({**wanted._asdict(), "nonce": nonce}).replace("<", "\\u003c")
    return f"<script>{SAVE.replace('__TOLD__', told)}</script>"


SAVE = """(async () => {
  const told = __TOLD__, least = 1200, patience = 40;
  const box = document.querySelector(`.st-key-${told.chart} .stEChartsChart`);
  const drawn = () => [...(box?.querySelectorAll("canvas") ?? [])];
  if (!drawn().length) return;
  const frame = () => new Promise((next) => setTimeout(next, 25));
  const resized = async (width) => {
    for (let n = 0; n < patience && drawn()[0]?.clientWidth !== width; n++) await frame();
    await frame(); await frame();
  };
  const before = box.getAttribute("style") ?? "";
  if (box.clientWidth < least) {
    const height = box.clientHeight;
    box.style.cssText = `${before};position:absolute;visibility:hidden;` +
      `width:${least}px;max-width:none;height:${height}px`;
    await resized(least);
  }
  const layers = drawn();
  const page = getComputedStyle(document.querySelector(".stApp"));
  const width = layers[0].clientWidth, height = layers[0].clientHeight;
  const scale = layers[0].width / width, pad = 20, room = width;
  const sheet = document.createElement("canvas"), pen = sheet.getContext("2d");
  const font = (size, weight) => `${weight} ${size}px ${page.fontFamily}`;
  const wrapped = (text, style) => {
    pen.font = style;
    const lines = [""];
    for (const letter of text) {
      if (pen.measureText(lines.at(-1) + letter).width > room && lines.at(-1)) lines.push("");
      lines[lines.length - 1] += letter;
    }
    return lines;
  };
  const bold = font(17, 600), small = font(12, 400);
  const title = wrapped(told.title, bold);
  const below = told.below.filter(Boolean).flatMap((text) => wrapped(text, small));
  const top = pad + title.length * 26 + 10;
  sheet.width = (width + 2 * pad) * scale;
  sheet.height = (top + height + 12 + below.length * 19 + pad) * scale;
  pen.scale(scale, scale);
  pen.fillStyle = page.backgroundColor;
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.fillStyle = page.color;
  pen.textBaseline = "top";
  pen.font = bold;
  title.forEach((line, at) => pen.fillText(line, pad, pad + at * 26));
  for (const layer of layers) pen.drawImage(layer, pad, top, width, height);
  box.setAttribute("style", before);
  pen.font = small;
  pen.globalAlpha = 0.72;
  below.forEach((line, at) => pen.fillText(line, pad, top + height + 12 + at * 19));
  sheet.toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = told.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }, "image/png");
})();"""
