"""Pictures from anybody: what is sound is read right, all else is refused in one sentence."""

import io
import struct
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dlviz.pictures import MAX_BYTES, MAX_SIDE, read_picture

ROOT = Path(__file__).parents[1]
FORMATS = ("PNG", "JPEG", "WebP")
RED, GREEN, BLUE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0)


def quarters(size=(40, 24)):
    """Return a picture of four corners: red, green, blue, black, row by row."""
    image = Image.new("RGB", size)
    half = (size[0] // 2, size[1] // 2)
    for i, color in enumerate((RED, GREEN, BLUE, BLACK)):
        image.paste(color, (i % 2 * half[0], i // 2 * half[1], (i % 2 + 1) * half[0],
                            (i // 2 + 1) * half[1]))  # fmt: skip
    return image


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def corners(colors):
    """Return the colors of the middles of the four quarters of a picture (H, W, 3)."""
    h, w = colors.shape[:2]
    return [colors[h // 4 + i // 2 * h // 2, w // 4 + i % 2 * w // 2] for i in range(4)]


def near(colors, wanted, tolerance=0.06):
    got = np.array(corners(colors)) * 255
    np.testing.assert_allclose(got, np.array(wanted), atol=255 * tolerance)


# ---------------------------------------------------------------- what is sound


@pytest.mark.parametrize("kind", FORMATS)
def test_colors_and_orientation_of_a_plain_picture(kind):
    colors = read_picture(saved(quarters(), kind, quality=95), gray=False)
    assert colors.shape == (24, 40, 3) and colors.dtype == np.float64
    assert not colors.flags.writeable
    near(colors, (RED, GREEN, BLUE, BLACK))


def test_gray_is_the_luminance():
    gray = read_picture(saved(quarters(), "PNG"))
    assert gray.shape == (24, 40)
    np.testing.assert_allclose(corners(gray), [0.299, 0.587, 0.114, 0], atol=1e-12)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("way", range(1, 9))
def test_a_picture_taken_with_the_camera_turned_is_upright(kind, way):
    turns = {
        1: lambda a: a,
        2: np.fliplr,
        3: lambda a: np.rot90(a, 2),
        4: np.flipud,
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1),  # the camera's own pixels: turned back by the reader
        7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
        8: lambda a: np.rot90(a, -1),
    }
    upright = np.asarray(quarters())
    stored = Image.fromarray(np.ascontiguousarray(turns[way](upright)))
    exif = Image.Exif()
    exif[274] = way
    colors = read_picture(saved(stored, kind, exif=exif, quality=95), gray=False)
    assert colors.shape == (24, 40, 3)
    near(colors, (RED, GREEN, BLUE, BLACK))


@pytest.mark.parametrize("longest", [1, 7, 64, 256])
@pytest.mark.parametrize("size", [(300, 150), (150, 300), (1, 300), (4096, 2)])
def test_large_pictures_are_scaled_down_to_the_longest_side(size, longest):
    shape = read_picture(saved(quarters(size), "PNG"), longest).shape
    assert max(shape) == min(longest, max(size)) and min(shape) >= 1
    assert shape[0] / shape[1] == pytest.approx(size[1] / size[0], rel=0.2) or min(shape) == 1


def test_scaling_down_averages():
    stripes = np.zeros((64, 64), np.uint8)
    stripes[:, ::2] = 255
    for kind in ("PNG", "WebP"):
        options = {"lossless": True} if kind == "WebP" else {}
        gray = read_picture(saved(Image.fromarray(stripes), kind, **options), 16)
        np.testing.assert_allclose(gray, 0.5, atol=0.01)


MODES = {
    "1": lambda image: image.convert("1"),
    "L": lambda image: image.convert("L"),
    "LA": lambda image: image.convert("LA"),
    "P": lambda image: image.quantize(8),
    "RGBA": lambda image: image.convert("RGBA"),
    "I;16": lambda image: Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257),
}


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_of_a_png_is_read(mode):
    image = quarters()
    gray = read_picture(saved(MODES[mode](image), "PNG"))
    wanted = [0.299, 0.587, 0.114, 0]
    tolerance = 0.6 if mode == "1" else 0.01
    np.testing.assert_allclose(corners(gray), wanted, atol=tolerance)
    assert gray.min() >= 0 and gray.max() <= 1


def test_sixteen_bits_keep_their_depth():
    ramp = np.arange(0, 65536, 257, dtype=np.uint16).reshape(16, 16) + 1
    gray = read_picture(saved(Image.fromarray(np.minimum(ramp, 65535)), "PNG"))
    np.testing.assert_allclose(gray, np.minimum(ramp, 65535) / 65535, atol=1e-6)


def test_cmyk_is_read_as_ink():
    inks = Image.new("CMYK", (8, 8), (0, 255, 255, 0))  # magenta and yellow: red
    colors = read_picture(saved(inks, "JPEG", quality=95), gray=False)
    np.testing.assert_allclose(colors.mean((0, 1)), (1, 0, 0), atol=0.03)


def test_what_is_transparent_is_seen_on_white():
    clear = Image.new("RGBA", (6, 4), (0, 0, 0, 0))
    half = Image.new("RGBA", (6, 4), (0, 0, 0, 128))
    palette = Image.new("P", (6, 4), 0)
    for image, options, wanted in (
        (clear, {}, 1.0),
        (half, {}, 127 / 255),
        (palette, {"transparency": 0}, 1.0),
    ):
        gray = read_picture(saved(image, "PNG", **options))
        np.testing.assert_allclose(gray, wanted, atol=0.01)


@pytest.mark.parametrize("kind", ["PNG", "WebP"])
def test_of_an_animation_the_first_picture_is_taken(kind):
    frames = [Image.new("RGB", (20, 10), color) for color in (GREEN, RED, BLUE)]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=50)
    colors = read_picture(data, gray=False)
    np.testing.assert_allclose(colors.mean((0, 1)), (0, 1, 0), atol=0.05)


# ---------------------------------------------------------------- hostile files


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width, height, body=b"", depth=8, color=2):
    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body))
        + chunk(b"IEND", b"")
    )  # fmt: skip


def webp(name, body):
    riff = name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(riff) + 4) + b"WEBP" + riff


def jpeg_of_size(width, height):
    data = bytearray(saved(quarters(), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def spoiled(kind, seed):
    """Return a file with bytes after its header changed at random."""
    data = bytearray(saved(quarters((64, 64)), kind))
    rng = np.random.default_rng(seed)
    for at in rng.integers(30, len(data), 12):
        data[at] = rng.integers(256)
    return bytes(data)


PLAIN = {kind: saved(quarters(), kind) for kind in FORMATS}
NOISE = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)
RICH = {kind: saved(Image.fromarray(NOISE), kind) for kind in FORMATS}
BROKEN = "is broken or cut off"
KIND = "got another kind of file"
SIDE = "px a side"

# What is refused, and what the sentence says.
REFUSED = {
    "nothing": (b"", "an empty file"),
    "one byte": (b"\x89", KIND),
    "zeros": (bytes(1000), KIND),
    "text": (b"hello, I am a picture", KIND),
    "gif": (saved(quarters(), "GIF"), KIND),
    "bmp": (saved(quarters(), "BMP"), KIND),
    "tiff": (saved(quarters(), "TIFF"), KIND),
    "ico": (saved(quarters(), "ICO"), KIND),
    "ppm": (saved(quarters(), "PPM"), KIND),
    "pdf": (b"%PDF-1.7\n1 0 obj", KIND),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n", KIND),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", KIND),
    "html": (b"<!doctype html><script>alert(1)</script>", KIND),
    "zip": (b"PK\x03\x04" + bytes(100), KIND),
    "elf": (b"\x7fELF" + bytes(100), KIND),
    "pickle": (b"\x80\x04\x95" + bytes(50), KIND),
    "wav": (b"RIFF\x24\0\0\0WAVEfmt " + bytes(40), KIND),
    "png name only": (b"\x89PNG", KIND),
    "png after a blank": (b" " + PLAIN["PNG"], KIND),
    "png signature only": (PLAIN["PNG"][:8], BROKEN),
    "png without a header": (PLAIN["PNG"][:8] + chunk(b"IDAT", b""), BROKEN),
    "png without data": (png(40, 24), BROKEN),
    "png too short": (png(40, 24, b"\0" * 100), BROKEN),
    "png of depth 77": (png(40, 24, b"\0" * 3000, depth=77), BROKEN),
    "png of color 9": (png(40, 24, b"\0" * 3000, color=9), BROKEN),
    "png of no width": (png(0, 24, b"\0" * 100), BROKEN),
    "png of no height": (png(40, 0, b"\0" * 100), BROKEN),
    "png 20 000 px": (png(20_000, 20_000), SIDE),
    "png 4 294 967 295 px": (png(2**32 - 1, 2**32 - 1), SIDE),
    "png one too wide": (png(MAX_SIDE + 1, 1), SIDE),
    "png one too high": (png(1, MAX_SIDE + 1), SIDE),
    "png bomb": (png(20_000, 20_000, bytes(4_000_000)), SIDE),
    "png text bomb": (
        PLAIN["PNG"][:33] + chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(50_000_000)))
        + PLAIN["PNG"][33:], BROKEN),
    "png with a wrong sum": (PLAIN["PNG"][:29] + b"\0\0\0\0" + PLAIN["PNG"][33:], BROKEN),
    "png spoiled": (spoiled("PNG", 0), BROKEN),
    "jpeg signature only": (b"\xff\xd8\xff", BROKEN),
    "jpeg of fillings": (b"\xff\xd8" + b"\xff" * 1000, BROKEN),
    "jpeg without a frame": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(50), BROKEN),
    "jpeg of no height": (jpeg_of_size(40, 0), BROKEN),
    "jpeg 20 000 px": (jpeg_of_size(20_000, 20_000), SIDE),
    "jpeg 65 535 px": (jpeg_of_size(65_535, 65_535), SIDE),
    "jpeg of many scans": (PLAIN["JPEG"] + b"\xff\xda" * 200, "at most 100 scans"),
    "webp signature only": (b"RIFF\x04\0\0\0WEBP", BROKEN),
    "webp 16 384 px": (webp(b"VP8X", b"\0\0\0\0" + b"\xff\x3f\0" * 2), SIDE),
    "webp 16 000 000 px": (webp(b"VP8X", b"\0\0\0\0" + b"\xff" * 6), SIDE),
    "webp lossless 16 384 px": (webp(b"VP8L", b"\x2f\xff\xff\xff\x0f" + bytes(12)), SIDE),
    "webp lossy 16 383 px": (webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a\xff\x3f\xff\x3f" + bytes(9)), SIDE),
    "webp without pixels": (webp(b"VP8X", b"\0\0\0\0" + b"\x20\0\0" * 2), BROKEN),
    "webp of unknown parts": (webp(b"ABCD", bytes(40)), BROKEN),
    "five megabytes and one": (PLAIN["PNG"] + bytes(MAX_BYTES), "at most 5 MB, got 5.0 MB"),
    "a huge file": (bytes(30_000_000), "at most 5 MB, got 30.0 MB"),
} | {
    f"{kind} cut at {share:.0%}": (RICH[kind][: int(share * len(RICH[kind]))], BROKEN)
    for kind in FORMATS
    for share in (0.3, 0.6, 0.9)
}  # fmt: skip

# What looks odd and is a picture all the same: the four quarters.
TAKEN = {
    "png and a zip": PLAIN["PNG"] + b"PK\x03\x04" + bytes(500),
    "png and a page": PLAIN["PNG"] + b"<script>alert(1)</script>",
    "jpeg and a program": PLAIN["JPEG"] + b"<?php system($_GET['c']); ?>",
    "jpeg with broken exif": saved(quarters(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"),
    "png with an orientation of 77": saved(quarters(), "PNG", exif=b"MM\0*\0\0\0\x08\0\x01\x01\x12"
                                           b"\0\x03\0\0\0\x01\0\x4d\0\0\0\0\0\0"),
    "jpeg progressive": saved(quarters(), "JPEG", progressive=True),
}  # fmt: skip


def test_there_are_sixty_of_them():
    assert len(REFUSED) + len(TAKEN) >= 60


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_is_refused_in_one_sentence_and_little_memory(name):
    data, said = REFUSED[name]
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"^expected ") as refused:
            read_picture(data)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert said in str(refused.value)
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 100
    assert most < 20_000_000


@pytest.mark.parametrize("name", TAKEN)
def test_an_odd_file_that_is_a_picture_is_read_right(name):
    near(read_picture(TAKEN[name], gray=False), (RED, GREEN, BLUE, BLACK), 0.12)


@pytest.mark.parametrize("kind", FORMATS)
def test_one_pixel_is_a_picture(kind):
    colors = read_picture(saved(Image.new("RGB", (1, 1), (255, 255, 255)), kind), gray=False)
    assert colors.shape == (1, 1, 3)
    np.testing.assert_allclose(colors, 1, atol=0.02)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_largest_picture_is_read_in_bounded_memory(kind):
    data = saved(Image.new("L", (MAX_SIDE, MAX_SIDE), 100), kind)
    tracemalloc.start()
    gray = read_picture(data)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert gray.shape == (256, 256)
    np.testing.assert_allclose(gray, 100 / 255, atol=0.02)
    assert most < 100_000_000  # what Python sees; the pixels are 50 MB beside it


# The most memory that the process has ever had, in kB: resource.getrusage counts its parent's too.
MEMORY = """
import sys
from dlviz.pictures import read_picture
def most():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if "VmHWM" in line)
read_picture(open(sys.argv[1], "rb").read())
before = most()
read_picture(open(sys.argv[2], "rb").read())
print(most() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells it so")
@pytest.mark.parametrize("mode", ["RGBA", "RGB", "L", "I;16"])
def test_the_memory_of_the_whole_process_stays_bounded(tmp_path, mode):
    small, large = tmp_path / "small.png", tmp_path / "large.png"
    quarters().save(small)
    if mode == "I;16":
        Image.fromarray(np.full((MAX_SIDE, MAX_SIDE), 700, np.uint16)).save(large)
    else:
        Image.new(mode, (MAX_SIDE, MAX_SIDE)).save(large)
    run = subprocess.run([sys.executable, "-c", MEMORY, small, large], cwd=ROOT,
                         capture_output=True, text=True, check=True)  # fmt: skip
    assert int(run.stdout) < 200_000  # kB


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FORMATS), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)),
                                          max_size=8), st.floats(0, 1))  # fmt: skip
def test_whatever_is_done_to_a_file_it_is_a_picture_or_one_sentence(kind, changes, end):
    data = bytearray(PLAIN[kind])
    for at, value in changes:
        data[int(at * (len(data) - 1))] = value
    try:
        gray = read_picture(bytes(data[: max(1, int(end * len(data)))]))
    except ValueError as refused:
        assert str(refused).startswith("expected ") and "\n" not in str(refused)
    else:
        assert gray.ndim == 2 and gray.min() >= 0 and gray.max() <= 1
