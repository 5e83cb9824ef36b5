"""Rules that well-kept definitions follow; each rule yields findings with a stable code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from metrics.finding import Finding
from metrics.lint.additivity import stock_over_another_time, stock_without_semi_additive
from metrics.lint.bridges import bridge_to_nowhere, pair_of_one, weight_left_out
from metrics.lint.certification import (
    certification_is_loose,
    certified_on_uncertified,
    deprecated_in_use,
    version_without_change,
)
from metrics.lint.flags import average_of_flag, sum_of_flag
from metrics.lint.habits import default_period_left_open
from metrics.lint.labels import (
    member_as_grammar,
    member_as_metric_synonym,
    metric_as_member_name,
    segment_as_other_name,
)
from metrics.lint.names import (
    ambiguous_word_as_name,
    lone_field,
    near_miss_is_own_name,
    near_miss_of_another,
    one_word_metric_and_dimension,
    one_word_two_dimensions,
    one_word_two_metrics,
    value_as_dimension_name,
)
from metrics.lint.ownership import (
    description_repeats_label,
    missing_description,
    missing_owner,
)
from metrics.lint.phrases import phrase_of_two_metrics, phrase_unlike_speech
from metrics.lint.ratios import (
    ratio_over_another_scope,
    twin_with_other_direction,
    unit_of_like_and_like,
    window_ratio_without_native,
)
from metrics.lint.rights import dataset_out_of_reach
from metrics.lint.units import rate_scaled_for_display, unit_by_another_name, unit_unlike_name
from metrics.lint.values import buried_threshold, value_outside_field
from metrics.today import with_today
from semantic_layer.model import Manifest

Rule = Callable[[Manifest], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    stock_without_semi_additive,
    stock_over_another_time,
    missing_owner,
    missing_description,
    description_repeats_label,
    one_word_two_metrics,
    one_word_two_dimensions,
    one_word_metric_and_dimension,
    ambiguous_word_as_name,
    value_as_dimension_name,
    near_miss_is_own_name,
    lone_field,
    rate_scaled_for_display,
    unit_by_another_name,
    version_without_change,
    certification_is_loose,
    certified_on_uncertified,
    deprecated_in_use,
    buried_threshold,
    value_outside_field,
    dataset_out_of_reach,
    segment_as_other_name,
    metric_as_member_name,
    member_as_grammar,
    window_ratio_without_native,
    ratio_over_another_scope,
    average_of_flag,
    unit_unlike_name,
    sum_of_flag,
    default_period_left_open,
    phrase_unlike_speech,
    phrase_of_two_metrics,
    member_as_metric_synonym,
    near_miss_of_another,
    unit_of_like_and_like,
    twin_with_other_direction,
    pair_of_one,
    bridge_to_nowhere,
    weight_left_out,
)


def lint(manifest: Manifest) -> tuple[Finding, ...]:
    """Everything the rules say about a manifest."""
    dated = with_today(manifest, date.min)
    return tuple(finding for rule in RULES for finding in rule(dated))
