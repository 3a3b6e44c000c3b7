from itertools import combinations

import numpy as np
import pytest

from dlviz import theme

# Machado, Oliveira & Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", IEEE TVCG 2009, table 1, severity 1.0; they act on linear RGB.
VISION = {
    "common": np.eye(3),
    "protanopia": np.array([(0.152286, 1.052583, -0.204868),
                            (0.114503, 0.786281, 0.099216),
                            (-0.003882, -0.048116, 1.051998)]),
    "deuteranopia": np.array([(0.367322, 0.860646, -0.227968),
                              (0.280085, 0.672501, 0.047413),
                              (-0.011820, 0.042940, 0.968881)]),
    "tritanopia": np.array([(1.255528, -0.076749, -0.178779),
                            (-0.078411, 0.930809, 0.147602),
                            (0.004733, 0.691367, 0.303900)]),
}  # fmt: skip
XYZ = np.array([(0.4124564, 0.3575761, 0.1804375),
                (0.2126729, 0.7151522, 0.0721750),
                (0.0193339, 0.1191920, 0.9503041)])  # fmt: skip


def linear(color):
    """sRGB to linear RGB, IEC 61966-2-1."""
    share = np.array(theme.rgb(color)) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """Linear RGB to CIE 1976 L*a*b* with the D65 white."""
    t = XYZ @ np.clip(rgb, 0, 1) / XYZ.sum(axis=1)
    x, y, z = np.where(t > (6 / 29) ** 3, np.cbrt(t), t * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def distance(a, b, vision):
    """CIE 1976 color difference, as someone with this vision sees it."""
    return np.linalg.norm(lab(VISION[vision] @ linear(a)) - lab(VISION[vision] @ linear(b)))


def contrast(a, b):
    """Contrast ratio of WCAG 2.2, 1 to 21."""
    low, high = sorted(linear(color) @ (0.2126, 0.7152, 0.0722) for color in (a, b))
    return (high + 0.05) / (low + 0.05)


def test_the_measures_of_this_file_know_black_and_white():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert distance("#000000", "#FFFFFF", "common") == pytest.approx(100)
    # Red and green of one lightness: far apart for most, close for a deuteranope.
    assert distance("#C04000", "#708000", "common") > 45
    assert distance("#C04000", "#708000", "deuteranopia") < 20


@pytest.mark.parametrize("vision", VISION)
def test_class_colors_are_told_apart_by_every_kind_of_vision(vision):
    for a, b in combinations(theme.CLASS_COLORS, 2):
        assert distance(a, b, vision) >= 15  # about 2 can just be seen side by side


@pytest.mark.parametrize("vision", VISION)
def test_the_two_first_classes_could_hardly_be_farther_apart(vision):
    assert distance(*theme.CLASS_COLORS[:2], vision) >= 70


def test_each_class_has_a_marker_of_its_own():
    assert len(set(theme.CLASS_MARKERS)) == len(theme.CLASS_MARKERS) == len(theme.CLASS_COLORS)


@pytest.mark.parametrize("palette", theme.PALETTES)
@pytest.mark.parametrize("role", ["ink", "muted"])
def test_words_can_be_read_on_the_ground(palette, role):
    colors = theme.PALETTES[palette]
    assert contrast(colors[role], colors["ground"]) >= 4.5  # WCAG 2.2, 1.4.3


@pytest.mark.parametrize("palette", theme.PALETTES)
@pytest.mark.parametrize("role", ["path", "ball", "second", "good", "accent"])
def test_marks_stand_out_from_the_ground(palette, role):
    colors = theme.PALETTES[palette]
    assert contrast(colors[role], colors["ground"]) >= 3  # WCAG 2.2, 1.4.11


def test_light_and_dark_know_the_same_roles():
    assert set(theme.LIGHT) == set(theme.DARK)


@pytest.mark.parametrize("name", theme.COLORMAPS)
def test_a_color_map_is_256_read_only_colors(name):
    colors = theme.colormap(name)
    assert colors.shape == (256, 3)
    assert colors.dtype == np.uint8
    assert not colors.flags.writeable


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("viridis", "#440154", "#FDE725"),
        ("gray", "#000000", "#FFFFFF"),
        ("diverging", "#004B7A", "#9C6C00"),
        ("terrain", "#FBFCFE", "#123A63"),
    ],
)
def test_a_color_map_begins_and_ends_with_its_end_colors(name, first, last):
    colors = theme.colormap(name)
    assert tuple(colors[0]) == theme.rgb(first)
    assert tuple(colors[-1]) == theme.rgb(last)


def test_the_diverging_map_is_lightest_in_the_middle():
    lightness = theme.colormap("diverging").sum(axis=1, dtype=int)
    assert lightness.argmax() in (127, 128)


@pytest.mark.parametrize("name", ["viridis", "terrain_dark", "gray"])
def test_magnitudes_grow_lighter_all_the_way(name):
    lightness = [lab(linear(f"#{bytes(c).hex()}"))[0] for c in theme.colormap(name)]
    assert (np.diff(lightness) > -0.5).all()  # bytes are rounded
    assert lightness[-1] - lightness[0] > 50


def test_code_i_of_labels_is_the_color_of_class_i():
    for i, color in enumerate(theme.CLASS_COLORS):
        assert tuple(theme.colormap("labels")[i]) == theme.rgb(color)


def test_every_dark_twin_is_a_color_map():
    for name, twin in theme.DARK_TWIN.items():
        assert {name, twin} <= set(theme.COLORMAPS)


@pytest.mark.parametrize("dark", [False, True])
def test_a_figure_names_its_axes_and_takes_the_ground_of_its_palette(dark):
    figure = theme.figure("Loss", "step", "loss", dark=dark)
    colors = theme.DARK if dark else theme.LIGHT
    assert figure.layout.xaxis.title.text == "step"
    assert figure.layout.yaxis.title.text == "loss"
    assert figure.layout.plot_bgcolor == colors["ground"]
    assert figure.layout.font.size >= 16
