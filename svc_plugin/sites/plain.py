"""Texts in the one form in which sites and the process compare them."""

from typing import Final

from svc_plugin.domain.moments import read_number

_LONGEST_SUBJECT: Final = 255


def lines(text: object) -> str:
    """Return a text with plain line ends, "" for None: sites turn those of long texts into CR LF."""
    return "" if text is None else str(text).replace("\r\n", "\n")


def tidy(text: str) -> str:
    """Write a number the shortest way, so that 3, 3.0 and 3.00 are one value; any other text as it is."""
    number = read_number(text)
    if number is None:
        return text
    return str(int(number)) if number.is_integer() else repr(number)


def subject(title: str) -> str:
    """Return a title as sites take it: one line, cut at 255 characters with an ellipsis."""
    line = " ".join(title.split())
    return line if len(line) <= _LONGEST_SUBJECT else line[: _LONGEST_SUBJECT - 1].rstrip() + "…"
