"""One picture of a scene as a PNG file, drawn with Pillow: no browser, no window.

Drawn at twice the size and shrunk, so that edges are smooth. Pillow's own font has no Greek
letters: they are spelled out (``canvas.spelled``).
"""

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

from dlviz import still, theme
from dlviz.canvas import Canvas, font, fractions, spelled
from dlviz.scene import Panel, Scene
from dlviz.still import Moment, color
from dlviz.still_marks import MARKS

_FINER = 2  # times as large while drawing
_TICK_ROOM = 56  # px between ticks, at least
_CAPTION_TYPE = 20  # px
_LINE = 28  # px from one line of the caption to the next
Rect = tuple[int, int, int, int]  # left, top, right, bottom in px of the image


def draw(scene: Scene, frame: int, knob: int, width: int) -> bytes:
    """Return one picture of a scene as a PNG file.

    Parameters
    ----------
    frame : 0 to ``scene.frames`` - 1
    knob : index of the knob's value
    width : px; type and lines grow with it
    """
    scale = _FINER * width / still.WIDTH
    lines = _wrapped(scene.caption(frame, knob), still.WIDTH - 40)
    tall = still.height(scene) + _LINE * len(lines) + 4
    page = Image.new("RGB", (_FINER * width, round(tall * scale)), color("ground"))
    for panel, rect in zip(scene.panels, _rects(scene, scale), strict=True):
        _draw_panel(page, panel, rect, Moment(frame, knob), scale)
    _write_caption(page, lines, still.height(scene), scale)
    file = BytesIO()
    page.resize((width, page.height // _FINER), Image.Resampling.BOX).save(file, "png")
    return file.getvalue()


def _rects(scene: Scene, scale: float) -> list[Rect]:
    """Return where each panel's axes are, in px of the image."""
    left, bottom, right, top = still.MARGINS
    wide, tall = still.WIDTH - left - right, still.height(scene) - top - bottom
    rects = []
    for panel, (x0, y0, x1, y1) in zip(scene.panels, still.slots(scene), strict=True):
        box = (left + x0 * wide, top + (1 - y1) * tall, left + x1 * wide, top + (1 - y0) * tall)
        rects.append(_shrunk(box, panel, scale))
    return rects


def _shrunk(box: tuple[float, float, float, float], panel: Panel, scale: float) -> Rect:
    """Return the largest rectangle in a box that has the panel's ratio of units."""
    x0, y0, x1, y1 = box
    ratio = still.unit_ratio(panel)
    if ratio is not None:
        shape = (panel.y.high - panel.y.low) * ratio / (panel.x.high - panel.x.low)
        wide, tall = min(x1 - x0, (y1 - y0) / shape), min(y1 - y0, (x1 - x0) * shape)
        x0, y0 = x0 + (x1 - x0 - wide) / 2, y0 + (y1 - y0 - tall) / 2
        x1, y1 = x0 + wide, y0 + tall
    return round(x0 * scale), round(y0 * scale), round(x1 * scale), round(y1 * scale)


def _draw_panel(page: Image.Image, panel: Panel, rect: Rect, moment: Moment, scale: float) -> None:
    left, top, right, bottom = rect
    canvas = Canvas(panel.x, panel.y, (right - left, bottom - top), scale)
    frame = _Frame(page, rect, scale)
    frame.write(panel.title, (left, top - 20 * scale), "lm")
    if not panel.bare:
        frame.axes(panel)
    for layer in still.shown(panel, moment):
        MARKS[type(layer)](canvas, layer, panel, moment)
    page.paste(canvas.image, (left, top))


class _Frame:
    """Axes, numbers and names around one panel, written on the page."""

    def __init__(self, page: Image.Image, rect: Rect, scale: float) -> None:
        self.page, self.rect, self.scale = page, rect, scale
        self._draw = ImageDraw.Draw(page)

    def axes(self, panel: Panel) -> None:
        left, top, right, bottom = self.rect
        room = _TICK_ROOM * self.scale
        for value, text in still.x_ticks(panel, max(3, int((right - left) / room))):
            x = left + float(fractions(panel.x, np.array(value))) * (right - left)
            self._tick((x, bottom), (0, 1), text, "mt")
        for value, text in still.ticks(panel.y, max(3, int((bottom - top) / room * 1.2))):
            y = bottom - float(fractions(panel.y, np.array(value))) * (bottom - top)
            self._tick((left, y), (-1, 0), text, "rm")
        edge = [(left - 1, top), (left - 1, bottom), (right, bottom)]
        self._draw.line(edge, fill=color("muted"), width=max(1, round(1.2 * self.scale)))
        self.write(panel.x.label, ((left + right) / 2, bottom + 42 * self.scale), "mm")
        self._write_upwards(panel.y.label)

    def _tick(self, at: tuple[float, float], out: tuple[int, int], text: str, anchor: str) -> None:
        end = (at[0] + out[0] * 5 * self.scale, at[1] + out[1] * 5 * self.scale)
        self._draw.line([at, end], fill=color("muted"), width=max(1, round(1.2 * self.scale)))
        place = (at[0] + out[0] * 9 * self.scale, at[1] + out[1] * 10 * self.scale)
        self.write(text, place, anchor, "muted")

    def write(self, text: str, at: tuple[float, float], anchor: str, hue: str = "ink") -> None:
        size = round(theme.STAGE_TYPE * self.scale)
        self._draw.text(at, spelled(text), fill=color(hue), font=font(size), anchor=anchor)

    def _write_upwards(self, text: str) -> None:
        """Write the name of the y axis along it, from below to above."""
        size = round(theme.STAGE_TYPE * self.scale)
        words = spelled(text)
        length, tall = round(font(size).getlength(words)) + 2, round(1.4 * size)
        strip = Image.new("RGB", (length, tall), color("ground"))
        pen = ImageDraw.Draw(strip)
        pen.text((0, tall / 2), words, fill=color("ink"), font=font(size), anchor="lm")
        left, top, _, bottom = self.rect
        corner = (round(left - 82 * self.scale), max(0, (top + bottom - length) // 2))
        self.page.paste(strip.transpose(Image.Transpose.ROTATE_90), corner)


def _wrapped(caption: str, width: float) -> list[str]:
    """Break a caption into lines that fit ``width`` px."""
    lines: list[str] = []
    for word in spelled(caption).split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font(_CAPTION_TYPE).getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _write_caption(page: Image.Image, lines: list[str], top: float, scale: float) -> None:
    pen = ImageDraw.Draw(page)
    for i, line in enumerate(lines):
        at = (20 * scale, (top + (i + 0.4) * _LINE) * scale)
        pen.text(at, line, fill=color("ink"), font=font(round(_CAPTION_TYPE * scale)), anchor="lm")
