"""The digits 0 to 9 in the typefaces that come with the app's own packages.

``data/glyphs.npz`` holds them, so that they are the same on every machine; what made it is
``python -m dlviz.glyphs``, from Pillow's built-in Aileron and from Streamlit's fonts: Source Sans,
Serif and Code, and KaTeX (SIL Open Font License 1.1; Aileron CC0).
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen

FILE = Path(__file__).parent / "data" / "glyphs.npz"
SIZE = 40  # rows and columns of a glyph; its longer side is FILLED
FILLED = 30

# File name before the hash, and the weight of a variable font; the last ones are kept for tests.
FONTS = (
    ("KaTeX_Main-Regular", None),
    ("KaTeX_Main-Bold", None),
    ("KaTeX_Main-Italic", None),
    ("KaTeX_SansSerif-Regular", None),
    ("KaTeX_SansSerif-Bold", None),
    ("KaTeX_Typewriter-Regular", None),
    ("SourceSansVF-Upright", 200),
    ("SourceSansVF-Upright", 400),
    ("SourceSansVF-Upright", 800),
    ("SourceSansVF-Italic", 400),
    ("SourceCodeVF-Upright", 400),
    ("SourceCodeVF-Upright", 900),
    ("SourceSerifVariable-Roman", 400),
    ("SourceSerifVariable-Italic", 700),
    ("KaTeX_Main-BoldItalic", None),
    ("KaTeX_SansSerif-Italic", None),
    ("SourceCodeVF-Italic", 300),
    ("SourceSerifVariable-Roman", 900),
    ("", None),  # Aileron
)


def glyphs() -> NDArray[np.uint8]:
    """Return all glyphs: uint8 (fonts, 10, SIZE, SIZE), white on black."""
    with np.load(FILE, allow_pickle=False) as data:
        return frozen(data["glyphs"], np.uint8)


def render() -> NDArray[np.uint8]:
    """Draw all glyphs from the fonts that are installed."""
    return np.stack([np.stack([_draw(font, weight, str(digit)) for digit in range(10)])
                     for font, weight in FONTS])  # fmt: skip


def _draw(name: str, weight: int | None, text: str) -> NDArray[np.uint8]:
    """Draw a character large, cut it out, and scale it to its place in the middle."""
    from PIL import Image, ImageDraw

    page = Image.new("L", (300, 300))
    ImageDraw.Draw(page).text((60, 20), text, fill=255, font=_font(name, weight, 180))
    cut = page.crop(page.getbbox())
    scale = FILLED / max(cut.size)
    size = (max(1, round(cut.width * scale)), max(1, round(cut.height * scale)))
    glyph = Image.new("L", (SIZE, SIZE))
    corner = ((SIZE - size[0]) // 2, (SIZE - size[1]) // 2)
    glyph.paste(cut.resize(size, Image.Resampling.LANCZOS), corner)
    return np.asarray(glyph)


def _font(name: str, weight: int | None, size: int):  # type: ignore[no-untyped-def]
    from PIL import ImageFont

    if not name:
        return ImageFont.load_default(size)
    package = find_spec("streamlit")
    folder = Path((package and package.origin) or "").parent / "static" / "static" / "media"
    font = ImageFont.truetype(str(next(folder.glob(f"{name}.*woff2"))), size)
    if weight:
        axes = font.get_variation_axes()
        font.set_variation_by_axes([_on_axis(axis, weight) for axis in axes])
    return font


def _on_axis(axis, weight: int):  # type: ignore[no-untyped-def]
    return weight if axis["name"] in (b"Weight", "Weight") else axis["default"]


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    np.savez_compressed(FILE, glyphs=render())
    print(f"{FILE.name}: {FILE.stat().st_size // 1024} kB")
