"""Draws precision against coverage: what answering more questions costs in wrong answers."""

from importlib.util import find_spec
from pathlib import Path

from core.errors import Invalid
from knowledge_base.evaluate import Report

KINDS = (".png", ".svg")
LINE, MARK, QUIET = "#3b5bdb", "#e8590c", "#868e96"  # colours that colour-blind people tell apart


class CannotDraw(Invalid):
    """The picture cannot be made; the message says what to do."""


def check(file: Path) -> None:
    """Raise `CannotDraw` for a file that `draw` could not write."""
    if file.suffix.lower() not in KINDS:
        raise CannotDraw(f"{file} has to end in .png or .svg.")
    if find_spec("matplotlib") is None:
        raise CannotDraw("Drawing needs matplotlib: pip install 'switchboard-desk[plot]'.")
    if not file.parent.is_dir():
        raise CannotDraw(f"There is no folder {file.parent}.")


def draw(report: Report, file: Path) -> None:
    """Write the curve of a report to a PNG or SVG file.

    From left to right the desk answers more questions, the surest first. Raises `CannotDraw`.
    """
    check(file)
    if not report.coverage:
        raise CannotDraw("There is nothing to draw: no question was asked.")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.add_subplot()
    covered, right = zip(*report.coverage, strict=True)
    axes.plot(covered, right, color=LINE, linewidth=2)
    if report.sure_at is not None:
        x, y = report.sure_at
        axes.plot([x], [y], "o", color=MARK, markersize=8)
        axes.annotate(
            f"where the desk is sure: {x:.0%} answered, {y:.0%} of them right",
            (x, y),
            xytext=(0, 10) if x < 0.5 else (0, -18),
            textcoords="offset points",
            horizontalalignment="left" if x < 0.5 else "right",
            color=MARK,
        )
    axes.set(
        xlim=(0, 1.01),
        ylim=(0, 1.03),
        xlabel="Coverage: share of all questions that get an answer",
        ylabel="Precision: share of the answers that are right",
    )
    axes.set_title(
        f"{report.questions:,} questions, {report.articles:,} articles, {report.tier} tier",
        loc="left",
    )
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.grid(color=QUIET, alpha=0.2)
    axes.spines[["top", "right"]].set_visible(False)
    try:
        figure.savefig(file, dpi=150)
    except OSError as error:
        raise CannotDraw(f"{file} cannot be written: {error.strerror}.") from error
