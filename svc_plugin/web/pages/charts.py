"""Small charts as SVG inside the page: no script, no style of their own, colours and letters by the sheet."""

from collections.abc import Sequence
from functools import lru_cache

import svg
from markupsafe import Markup, escape

_WIDTH, _HEIGHT = 360, 150
_TOP, _BOTTOM = 16, 20  # room above the bars for numbers, below for names
_LOOKS = ("one", "two")  # filled, outlined: told apart without colour


def bars(title: str, names: Sequence[str], *series: Sequence[int]) -> Markup:
    """Draw one or two ``series`` of counts as columns over ``names``; the numbers stand above them.

    ``title`` is what a screen reader says; put the numbers into a table beside the chart.
    """
    return _drawn(title, tuple(names), tuple(map(tuple, series)))


@lru_cache(256)  # the figures of a page are remembered for a while too, and many look at the same
def _drawn(title: str, names: tuple[str, ...], series: tuple[tuple[int, ...], ...]) -> Markup:
    most = max((value for values in series for value in values), default=0) or 1
    step = _WIDTH / max(len(names), 1)
    width = step * 0.8 / len(series)
    drawn: list[svg.Element] = []
    for place, name in enumerate(names):
        left = place * step + step * 0.1
        for number, values in enumerate(series):
            drawn += _bar(left + number * width, width, values[place], most, _LOOKS[number])
        drawn.append(_text(place * step + step / 2, _HEIGHT - 6, name))
    floor = _HEIGHT - _BOTTOM
    line = svg.Line(x1=0, x2=_WIDTH, y1=floor, y2=floor, class_=["base"])
    picture = svg.SVG(
        viewBox=svg.ViewBoxSpec(0, 0, _WIDTH, _HEIGHT),
        extra={"role": "img", "aria-label": _escaped(title)},
        elements=[*drawn, line],
    )
    return Markup(picture.as_str())  # noqa: S704  # numbers, and texts that were escaped


def _bar(left: float, width: float, value: int, most: int, look: str) -> list[svg.Element]:
    floor = _HEIGHT - _BOTTOM
    height = (floor - _TOP) * value / most
    bar = svg.Rect(
        x=round(left, 1),
        y=round(floor - height, 1),
        width=round(width, 1),
        height=round(height, 1),
        class_=[look],
    )
    return [bar, _text(left + width / 2, floor - height - 3, str(value))] if value else [bar]


def _text(x: float, y: float, words: str) -> svg.Text:
    return svg.Text(x=round(x, 1), y=round(y, 1), text=_escaped(words), text_anchor="middle")


def _escaped(words: str) -> str:
    return str(escape(words))  # the library writes texts as they are
