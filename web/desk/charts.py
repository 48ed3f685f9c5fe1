"""Charts for Apache ECharts: figures in, options out; and each chart with its table beside it."""

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui

from web.desk.draw import element, words
from web.desk.plain import part, table

Options = dict[str, Any]
Rows = Sequence[Sequence[str]]
COLOURS = ["#3b7dd8", "#e0833a", "#4c9f70", "#a862c4", "#d0566a", "#4aa3b5", "#9a8f3c", "#7c7f8a"]
INK, PALE = {False: "#3d444c", True: "#d3d7db"}, {False: "#d9d8d3", True: "#3a4047"}

SAVE = """() => {
  const chart = getElement(%d).chart;
  const link = document.createElement("a");
  link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: %s });
  link.download = %s;
  link.click();
}"""


class Charts:
    """The charts of a page: drawn for a light page, and dyed anew where it is dark."""

    def __init__(self) -> None:
        self._drawn: list[ui.echart] = []

    def draw(self, title: str, options: Options, heads: Sequence[str], rows: Rows) -> None:
        """A chart under a heading, with a button that saves it, and its figures as a table."""
        with part(title, "chart-part"):
            described = {"show": True, "label": {"description": f"{title}. A table follows."}}
            chart = ui.echart(dyed(options, dark=False) | {"aria": described})
            chart.classes("chart")
            chart.props["role"] = "img"
            chart.props["aria-label"] = f"{title}. The same figures are in the table that follows."
            self._drawn.append(chart)
            with element("div", "under"):
                _on_demand(title, heads, rows)
                name = title.lower().replace(" ", "-")
                button = element(
                    "button", "plain", type="button", aria_label=f"Save {title} as PNG"
                )
                with button:
                    words("PNG")
                button.on("click", js_handler=SAVE % (chart.id, '"#ffffff"', f'"{name}.png"'))

    def dye(self, *, dark: bool) -> None:
        """Give every chart the colours of the page."""
        for chart in self._drawn:
            chart.options.update(dyed(chart.options, dark=dark))
            chart.update()


def _on_demand(title: str, heads: Sequence[str], rows: Rows) -> None:
    """A table that is drawn when it is opened: a year of days is much to draw for nobody."""
    with element("details") as details:
        words("As a table", "summary")
        place = element("div")

    async def draw() -> None:
        if not place.default_slot.children:
            with place:
                table(title, heads, rows)

    details.on("toggle", draw, args=[])


def dyed(options: Options, *, dark: bool) -> Options:
    """The same chart in the colours of a light or of a dark page."""
    ink, pale = INK[dark], PALE[dark]
    axis = {
        "axisLabel": {"color": ink},
        "axisLine": {"lineStyle": {"color": pale}},
        "splitLine": {"lineStyle": {"color": pale}},
    }
    found = dict(options) | {
        "color": COLOURS,
        "textStyle": {"color": ink, "fontFamily": "system-ui, sans-serif"},
        "animation": False,
    }
    for name in ("xAxis", "yAxis"):
        if name in found:
            found[name] = found[name] | axis | {"nameTextStyle": {"color": ink}}
    if "legend" in found:
        found["legend"] = found["legend"] | {"textStyle": {"color": ink}}
    if "visualMap" in found:
        low = PALE[dark] if dark else "#eef3fa"
        found["visualMap"] = found["visualMap"] | {
            "textStyle": {"color": ink},
            "inRange": {"color": [low, COLOURS[0]]},
        }
    return found


def stacked(days: Sequence[str], series: Mapping[str, Sequence[int]]) -> Options:
    """Counts by day, on top of each other."""
    return _plane(days) | {
        "legend": {"top": 0, "type": "scroll"},
        "series": [
            {"name": name, "type": "bar", "stack": "all", "data": list(values)}
            for name, values in series.items()
        ],
    }


def lines(days: Sequence[str], series: Mapping[str, Sequence[float | None]], unit: str) -> Options:
    """Values by day; where there is none, there is a gap."""
    plane = _plane(days)
    plane["yAxis"] = plane["yAxis"] | {"name": unit}
    return plane | {
        "legend": {"top": 0},
        "series": [
            {"name": name, "type": "line", "data": list(values), "showSymbol": len(days) < 40}
            for name, values in series.items()
        ],
    }


def bars(counts: Mapping[str, float], *, most: int = 12) -> Options:
    """Counts by name, the largest at the top."""
    shown = list(counts.items())[:most][::-1]
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 24, "top": 8, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "data": [name for name, _ in shown]},
        "series": [{"type": "bar", "data": [count for _, count in shown]}],
    }


def heat(days: Sequence[str], cells: Sequence[Sequence[int]]) -> Options:
    """Counts by weekday and hour."""
    most = max((max(row) for row in cells), default=0)
    return {
        "tooltip": {},
        "grid": {"left": 8, "right": 8, "top": 8, "bottom": 48, "containLabel": True},
        "xAxis": {"type": "category", "data": [f"{hour:02}" for hour in range(24)]},
        "yAxis": {"type": "category", "data": list(days), "inverse": True},
        "visualMap": {
            "min": 0,
            "max": max(most, 1),
            "orient": "horizontal",
            "left": "center",
            "bottom": 0,
        },
        "series": [
            {
                "type": "heatmap",
                "data": [
                    [hour, day, count]
                    for day, row in enumerate(cells)
                    for hour, count in enumerate(row)
                ],
            }
        ],
    }


def _plane(days: Sequence[str]) -> Options:
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 24, "top": 44, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": list(days)},
        "yAxis": {"type": "value"},
    }
