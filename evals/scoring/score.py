"""One case scored on every layer; the verdict is the worst that happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from evals.case import Case, Gold, Layer, Verdict
from evals.scoring.headline import score_headline
from evals.scoring.leaks import NOBODY, Names, score_leaks
from evals.scoring.rows import score_rows, score_totals
from evals.scoring.slots import score_slots

RunGold = Callable[[str], tuple[Sequence[str], Sequence[tuple[Any, ...]]]]


def score(
    case: Case, answer: dict[str, Any], run_gold: RunGold, hidden: Names = NOBODY
) -> tuple[Verdict, tuple[Layer, ...]]:
    """Right, wrong or abstained, with the finding of each layer."""
    leak = score_leaks(answer, case.must_not_say, hidden, _not_to_show(case, run_gold))
    if not leak.passed:
        return "wrong", (leak,)
    outcome = _score_outcome(case, answer)
    answered = answer["outcome"] in ("answer", "info")
    if not outcome.passed:
        return ("wrong" if answered else "abstained"), (outcome,)
    if answer["outcome"] != "answer" or not case.any_of:
        return "right", (outcome,)
    tried = [_score_gold(gold, answer, run_gold) for gold in case.any_of]
    best = max(tried, key=lambda layers: sum(layer.passed for layer in layers))
    right = any(all(layer.passed for layer in layers) for layers in tried)
    return ("right" if right else "wrong"), (outcome, *best)


def _not_to_show(case: Case, run_gold: RunGold) -> set[Any]:
    """Cells that are not for this user, less those that are also his own."""
    secret = {cell for sql in case.must_not_show for row in run_gold(sql)[1] for cell in row}
    own = {cell for gold in case.any_of for row in run_gold(gold.sql)[1] for cell in row}
    return secret - own


def _score_outcome(case: Case, answer: dict[str, Any]) -> Layer:
    got, code = answer["outcome"], answer["code"]
    if code in case.accept:
        return Layer("outcome", True)
    if got != case.outcome:
        return Layer("outcome", False, f"应为 {case.outcome},实为 {got}({code})")
    if case.codes and code not in case.codes:
        return Layer("outcome", False, f"代码应为 {'或'.join(case.codes)},实为 {code}")
    offered = {m.get("metric") for o in answer["options"] for m in o["query"].get("measures", ())}
    lacking = [name for name in case.options if name not in offered]
    return Layer("outcome", not lacking, f"选项里没有 {'、'.join(lacking)}" if lacking else "")


def _score_gold(gold: Gold, answer: dict[str, Any], run_gold: RunGold) -> tuple[Layer, ...]:
    names, rows = run_gold(gold.sql)
    slots = score_slots(answer, gold.slots)
    unsaid = [word for word in gold.must_state if word not in _said(answer)]
    if slots.passed and unsaid:
        slots = Layer("slots", False, f"没有说明“{'、'.join(unsaid)}”")
    table = score_rows(answer, gold, names, rows)
    if table.passed and gold.totals is not None:
        table = score_totals(answer, *run_gold(gold.totals))
    return (slots, table, score_headline(answer))


def _said(answer: dict[str, Any]) -> str:
    """What a reader is told besides the rows."""
    notes = [a["text"] for a in answer["assumptions"]] + [w["message"] for w in answer["warnings"]]
    return " ".join([answer["scope"] or "", answer["headline"] or "", *notes])
