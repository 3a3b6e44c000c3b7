"""The URL is the state: settings <-> query parameters, with a note for what makes no sense.

Streamlit can bind single widgets to parameters, but not the player's knob, nor a control that a
scene brings onto the page in the same moment. So one place reads and writes them all.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dlviz.lessons import Lesson
from dlviz.ui.own_table import plain


def defaults(lesson: Lesson) -> dict[str, Any]:
    """Return the default of every setting of a page: fields of the Config, then views."""
    kept = {f.name: f.default for f in fields(lesson.config)}
    lacking = [name for name, value in kept.items() if value is MISSING]
    if lacking:
        raise TypeError(f"expected a default for every field of {lesson.config}, lacking {lacking}")
    return {**kept, **lesson.views}


def encode(value: Any) -> str:
    """Return a setting as it stands in a link."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return ",".join(encode(part) for part in value)
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def decode(text: str, default: Any) -> Any:
    """Return the setting that ``text`` stands for, of the type of ``default``.

    Raises
    ------
    ValueError
        If it stands for none.
    """
    if isinstance(default, bool):
        if text not in ("0", "1"):
            raise ValueError("expected 0 or 1")
        return text == "1"
    if isinstance(default, tuple):
        parts = text.split(",") if text else []
        kind = default[0] if default else 0.0  # its Config checks how many there are
        return tuple(decode(part, kind) for part in parts)
    return type(default)(text)


def read(params: Mapping[str, str], lesson: Lesson) -> tuple[dict[str, Any], list[str]]:
    """Return the settings that the parameters give, and a note for each that is refused.

    What makes no sense by itself may do so among the others.
    """
    settings, notes, why = {}, [], {}
    usual = defaults(lesson)
    for name in usual:
        try:
            if name in params:
                settings[name] = decode(params[name], usual[name])
        except (ValueError, TypeError, OverflowError):
            pass
    fields = {name: value for name, value in settings.items() if name not in lesson.views}
    for name in fields if _refused(lesson, fields) is not None else ():
        reason = _refused(lesson, {name: fields[name]})
        if reason is not None:
            why[name] = reason
            del settings[name]
    for name in usual:
        if name in params and name not in settings:
            instead = encode(usual[name]) or "the usual"
            notes.append(
                f"“{name}” in the link makes no sense here{why.get(name, '')}: {instead} is used."
            )
    return settings, notes


def _refused(lesson: Lesson, settings: Mapping[str, Any]) -> str | None:
    """Return why the Config refuses settings, in parentheses; None if it takes them."""
    try:
        lesson.config(**settings)
    except ValueError as wrong:
        return f" ({plain(str(wrong))})"
    except (TypeError, OverflowError):
        return ""
    return None


def differing(settings: Mapping[str, Any], lesson: Lesson, *, views: bool = True) -> dict[str, str]:
    """Return the settings that are not the defaults, as parameters; without ``views`` the run's."""
    kept = {k: v for k, v in defaults(lesson).items() if views or k not in lesson.views}
    return {name: encode(settings[name]) for name, value in kept.items() if settings[name] != value}


def link(params: Mapping[str, str]) -> str:
    """Return the full address of this page with these parameters."""
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(params, safe=',')}" if params else base
