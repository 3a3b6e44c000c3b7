"""Pictures from anybody: a PNG, JPEG or WebP file read safely, as an array of numbers.

A file is what its first bytes say, whatever its name. Its size is read from its header, before
anything is decoded; what is decoded is only the first picture in it. Whatever is wrong is said in
one sentence, a ValueError.

References
----------
PNG (W3C, 2003), 11.2.2 IHDR; WebP container (RFC 9649), 2.5 to 2.7; JPEG (ITU-T T.81), B.2.2;
Exif 2.32, 4.6.4, tag 274.
"""

import io
import warnings
from collections.abc import Callable
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dlviz.frozen import frozen

Array = NDArray[np.float64]
Size = tuple[int, int]  # width, height

MAX_BYTES = 5_000_000
MAX_SIDE = 4096  # px
MAX_SCANS = 100  # of a progressive JPEG, which has about ten: each takes as long as the first
LUMINANCE = (0.299, 0.587, 0.114)  # of red, green and blue, Rec. 601
_WHITE = 255
_ONE_AT_A_TIME = Lock()  # a picture of the largest size takes up to 200 MB while it is decoded
# What turns a picture upright that was taken with the camera in each of the ways of Exif.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read_picture(data: bytes, longest: int = 256, *, gray: bool = True) -> Array:
    """Return the picture in a file, upright, scaled down if need be.

    Parameters
    ----------
    data : a PNG, JPEG or WebP file of at most 5 MB and 4096 px a side; of an animation the first
        picture is taken, and what is transparent is seen on white
    longest : px, of the longer side of what is returned at most

    Returns
    -------
    float64 (H, W) if ``gray``, else (H, W, 3), in [0, 1], read-only
        Row 0 is the top one.

    Raises
    ------
    ValueError
        One sentence on what is wrong with the file.
    """
    kind = _checked(data)
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about metadata that nobody reads here
        try:
            colors = _decoded(data, kind, longest)
        except MemoryError:
            raise
        except Exception as broken:  # each decoder has errors of its own
            raise ValueError(
                f"expected a whole {kind} picture, got one that is broken or cut off"
            ) from broken
    return frozen(np.clip(colors @ LUMINANCE, 0, 1) if gray else colors)


def _checked(data: bytes) -> str:
    """Return the kind of a file whose header is sound."""
    if not data:
        raise ValueError("expected a picture, got an empty file")
    if len(data) > MAX_BYTES:
        raise ValueError(f"expected a file of at most 5 MB, got {len(data) / 1e6:.1f} MB")
    kind = next((name for name, (starts, _) in _KINDS.items() if starts(data)), None)
    if not kind:
        raise ValueError("expected a PNG, JPEG or WebP picture, got another kind of file")
    width, height = _KINDS[kind][1](data)
    if not (width and height):
        raise ValueError(f"expected a whole {kind} picture, got one that is broken or cut off")
    if max(width, height) > MAX_SIDE:
        raise ValueError(f"expected at most {MAX_SIDE} px a side, got {width} x {height}")
    if kind == "JPEG" and data.count(b"\xff\xda") > MAX_SCANS:
        raise ValueError(f"expected at most {MAX_SCANS} scans in a JPEG picture, got more")
    return kind


# ---------------------------------------------------------------- headers


def _png_size(data: bytes) -> Size:
    if data[12:16] != b"IHDR" or len(data) < 24:
        return 0, 0
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _webp_size(data: bytes) -> Size:
    """Return the largest size that the chunks of a WebP file speak of."""
    at, sizes = 12, [(0, 0)]
    while at + 18 <= len(data):
        body = data[at + 8 : at + 24]
        match data[at : at + 4]:
            case b"VP8X":
                sizes.append((1 + _little(body[4:7]), 1 + _little(body[7:10])))
            case b"VP8L":
                bits = _little(body[1:5])
                sizes.append((1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)))
            case b"VP8 ":
                sizes.append((_little(body[6:8]) & 0x3FFF, _little(body[8:10]) & 0x3FFF))
        length = _little(data[at + 4 : at + 8])
        at += 8 + length + length % 2
    return max(sizes, key=max)


def _little(part: bytes) -> int:
    return int.from_bytes(part, "little")


def _jpeg_size(data: bytes) -> Size:
    """Return what the first frame header of a JPEG file says."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # a filling byte
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = (int.from_bytes(data[at + i : at + i + 2], "big") for i in (5, 7))
            return width, height
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0, 0


_KINDS: dict[str, tuple[Callable[[bytes], bool], Callable[[bytes], Size]]] = {
    "PNG": (lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"), _png_size),
    "JPEG": (lambda data: data.startswith(b"\xff\xd8\xff"), _jpeg_size),
    "WebP": (lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP", _webp_size),
}

# ---------------------------------------------------------------- pixels


def _decoded(data: bytes, kind: str, longest: int) -> Array:
    """Return red, green and blue in [0, 1], (H, W, 3)."""
    with Image.open(io.BytesIO(data), formats=(kind,)) as image:
        if max(image.size) > MAX_SIDE:
            raise ValueError("two headers that differ")
        turn = _UPRIGHT.get(_orientation(image))
        image.draft(None, (longest, longest))  # a JPEG can be decoded at a half, 1/4 or 1/8
        image.load()
        if image.mode.startswith(("I", "F")):
            return _deep(image, longest, turn)
        flat = _flat(image, longest)
    return np.asarray(flat.transpose(turn) if turn is not None else flat) / 255


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(274, 1))
    except Exception:  # metadata may hold anything, and the picture be sound all the same
        return 1


def _flat(image: Image.Image, longest: int) -> Image.Image:
    """Return a picture scaled down, in red, green and blue, what is transparent seen on white."""
    clear = "A" in image.getbands() or "transparency" in image.info
    wanted = ("RGBA",) if clear else ("RGB", "L")  # of which a mean can be taken
    small = image if image.mode in wanted else image.convert(wanted[0])
    small.thumbnail((longest, longest), Image.Resampling.BOX)
    if clear:
        ground = Image.new("RGBA", small.size, (_WHITE,) * 4)
        small = Image.alpha_composite(ground, small)
    return small.convert("RGB")


def _deep(image: Image.Image, longest: int, turn: Image.Transpose | None) -> Array:
    """Return a gray picture of 16 bits."""
    shades = np.clip(np.asarray(image, dtype=np.float32) / 65535, 0, 1)
    deep = Image.fromarray(shades)
    deep.thumbnail((longest, longest), Image.Resampling.BOX)
    upright = np.asarray(deep.transpose(turn) if turn is not None else deep, dtype=float)
    return np.repeat(np.clip(upright, 0, 1)[..., None], 3, axis=-1)
