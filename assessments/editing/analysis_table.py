"""Question analysis as a table, for spreadsheets: a row for each question and each scale."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from assessments.editing.analysis_page import AnalysisPage, Group, ItemLine, ScaleLine


def analysis_table(page: AnalysisPage) -> Iterator[tuple[str, ...]]:
    """The headings and every row, as text; what the page does not tell is empty here too."""
    yield (
        _("Part"), _("Dimension"), _("Number"), _("Key"), _("Text"), _("Answers"),
        _("Item-rest r"), _("Alpha if dropped"), _("Median seconds"), _("Share who skipped"),
        _("Flags"), _("Alpha"), _("Alpha, lower limit"), _("Alpha, upper limit"), _("Omega"),
        _("SEM of the mean"), _("Spread"), _("Answers, low quality"), _("Result, low quality"),
    )  # fmt: skip
    for scale in page.scales:
        yield _scale_row("", scale)
    for group in page.groups:
        for scale in group.scales:
            yield _scale_row(group.key, scale)
        for item in group.items:
            yield _item_row(group, item)


def _item_row(group: Group, item: ItemLine) -> tuple[str, ...]:
    spread = "; ".join(
        f"{option.label}: {'' if option.count is None else option.count}" for option in item.spread
    )
    return (
        _("Question"), group.key, str(item.number), item.key, item.text, str(item.n),
        _figure(item.r), _figure(item.alpha_without), _figure(item.seconds),
        _figure(item.skipped), "; ".join(item.flags), "", "", "", "", "", spread,
        str(item.low_n), _figure(item.low_r),
    )  # fmt: skip


def _scale_row(dimension: str, scale: ScaleLine) -> tuple[str, ...]:
    low, high = (scale.interval.low, scale.interval.high) if scale.interval else (None, None)
    return (
        _("Scale"), dimension, "", "", scale.name, str(scale.n), "", "", "", "", "",
        _figure(scale.alpha), _figure(low), _figure(high), _figure(scale.omega),
        _figure(scale.sem), "", str(scale.low_n), _figure(scale.low_alpha),
    )  # fmt: skip


def _figure(number: float | None) -> str:
    return "" if number is None else f"{number:.3f}"
