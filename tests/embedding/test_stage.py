"""The pictures of the lab as data: what is shown is what was computed."""

import zlib
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from dlviz.affinities import conditional
from dlviz.cloud_layers import CloudForces, CloudImages, CloudPoints
from dlviz.embedding.choices import METHOD_NAMES
from dlviz.embedding.compute import (
    PERPLEXITIES,
    EmbeddingConfig,
    beginning,
    cloud_of,
    embed,
    facts,
    kept_map,
    kept_wall,
    shipped,
    sweep,
    sweep_steps,
    trust_of,
    usual_perplexities,
    wall,
    wall_steps,
)
from dlviz.embedding.data_panel import by_class, data_panel
from dlviz.embedding.figures import embedding_scene, single_scene, trust_scene, wall_scene
from dlviz.embedding.lesson import LESSON
from dlviz.embedding.stage import frame_numbers
from dlviz.embedding.sweeps import EmbeddingSweep
from dlviz.embedding.walls import WALLS
from dlviz.layers import Curve, Field, Segments
from dlviz.scene import knob_values
from dlviz.ui.player import squeeze
from dlviz.words import number

SMALL = EmbeddingConfig(dataset="two_clusters", n=40, perplexity=8.0, iterations=60, exaggerated=30)
VALUES = usual_perplexities(40)
CLOUD = cloud_of(SMALL)


def layer_of(scene, panel, kind):
    return next(layer for layer in scene.panel(panel).layers if isinstance(layer, kind))


@pytest.fixture(scope="module")
def runs():
    return sweep(SMALL, VALUES)


def test_the_map_shows_the_points_of_every_run_at_every_frame(runs):
    scene = embedding_scene(runs, CLOUD)
    assert scene.numbers == (0, 10, 20, 30, 40, 50, 60)
    shown = layer_of(scene, "map", CloudPoints)
    for k, trace in enumerate(runs.traces):
        for t in (0, 3, 6):
            points = trace.points[t].astype(float)
            middle = (points.max(0) + points.min(0)) / 2
            atol = 1e-4 * np.abs(points).max()
            np.testing.assert_allclose(shown.points(t, k), points - middle, atol=atol)
        np.testing.assert_allclose(shown.z[k], trace.z, rtol=1e-6)


def test_kl_is_drawn_with_the_end_of_the_first_phase(runs):
    scene = embedding_scene(runs, CLOUD)
    curve = layer_of(scene, "kl", Curve)
    np.testing.assert_allclose(curve.y, np.stack([trace.kl for trace in runs.traces]), rtol=1e-6)
    assert curve.cursor == "step"
    assert layer_of(scene, "kl", Segments).xy[0, 0, 0] == 30
    assert "KL" in scene.caption(3, 4)


def test_the_player_can_work_out_p_from_what_it_is_sent(runs):
    """Its formula with the numbers it has gives conditional probabilities."""
    forces = layer_of(embedding_scene(runs, CLOUD), "map", CloudForces)
    for k in (0, 5):
        p, _ = conditional(CLOUD.x, VALUES[k])
        data = np.asarray(forces.data, dtype=float) * forces.unit
        d = ((data[3] - data) ** 2).sum(1)
        found = np.exp(-forces.beta[k, 3] * d - forces.log_sums[k, 3])
        found[3] = 0
        np.testing.assert_allclose(found, p[3], atol=1e-4)
    assert forces.exaggeration == 12
    assert forces.until == 3  # frames 0 to 2 lie in the first phase


def test_whole_numbers_are_sent_as_they_are_and_many_columns_in_256_steps():
    digits = cloud_of(EmbeddingConfig(n=60))
    forces = layer_of(
        embedding_scene(beginning(EmbeddingConfig(n=60), (5.0,)), digits), "map", CloudForces
    )
    assert forces.data.dtype == np.uint8
    assert forces.unit == 1
    np.testing.assert_allclose(np.ptp(forces.data, axis=0), np.ptp(digits.x, axis=0))
    config = EmbeddingConfig(dataset="noise", n=600, dim=100)
    noise = cloud_of(config)
    coarse = layer_of(embedding_scene(beginning(config, (5.0,)), noise), "map", CloudForces)
    d = ((noise.x[0] - noise.x[1:]) ** 2).sum(1)
    data = coarse.data.astype(float) * coarse.unit
    np.testing.assert_allclose(((data[0] - data[1:]) ** 2).sum(1), d, rtol=0.01)


def test_images_are_there_for_digits_alone(runs):
    digits = cloud_of(EmbeddingConfig(n=60))
    scene = embedding_scene(beginning(EmbeddingConfig(n=60), (5.0,)), digits)
    assert layer_of(scene, "map", CloudImages).images.shape == (60, 8, 8)
    with pytest.raises(StopIteration):
        layer_of(embedding_scene(runs, CLOUD), "map", CloudImages)


def test_images_are_drawn_at_their_points_if_asked_and_there(runs):
    digits, begun = cloud_of(EmbeddingConfig(n=60)), beginning(EmbeddingConfig(n=60), (5.0,))
    assert layer_of(embedding_scene(begun, digits, tiles=True), "map", CloudPoints).tiles
    assert not layer_of(embedding_scene(begun, digits), "map", CloudPoints).tiles
    assert not layer_of(embedding_scene(runs, CLOUD, tiles=True), "map", CloudPoints).tiles


def test_a_scene_that_grows_shows_what_there_is():
    seen = list(sweep_steps(replace(SMALL, iterations=4000, every=20), VALUES))
    first = embedding_scene(seen[0], CLOUD)
    assert first.frames == 1
    assert "still to be computed" in first.caption(0, 0)
    frames = [embedding_scene(sweep, CLOUD).frames for sweep in seen]
    assert frames == sorted(frames)
    assert embedding_scene(seen[-1], CLOUD).numbers[-1] == 4000
    middle = embedding_scene(seen[len(seen) // 2], CLOUD)
    assert any("still to be computed" in caption for caption in middle.captions)


@pytest.mark.parametrize("n", [500, 1000, 2000])
def test_scenes_stay_within_a_megabyte_and_a_half(n):
    """Random points, which nothing can deflate; as many frames as are shown."""
    config = EmbeddingConfig(dataset="noise", n=n, dim=3)
    start = beginning(config, PERPLEXITIES)
    rng = np.random.default_rng(0)
    traces = tuple(
        replace(
            trace, points=rng.standard_normal((76, n, 2)), iterations=np.arange(0, 751, 10),
            kl=np.ones(76), z=np.ones(76), beta=np.ones(n), log_sums=np.ones(n), outcome="ran",
        )
        for trace in start.traces
    )  # fmt: skip
    scene = embedding_scene(EmbeddingSweep(PERPLEXITIES, traces), cloud_of(config))
    assert len(zlib.compress(scene.pack(), 1)) < 1_500_000
    assert scene.frames >= 12
    assert len(frame_numbers(traces, n)) == scene.frames
    assert scene.numbers[-1] == 750


def test_the_first_picture_is_small():
    kept = shipped(EmbeddingConfig(), PERPLEXITIES)
    scene = embedding_scene(kept, cloud_of(EmbeddingConfig()))
    assert len(zlib.compress(scene.pack(), 1)) < 1_200_000
    assert scene.frames == 46


def test_a_wall_shows_each_part_at_the_same_iterations():
    made = wall(SMALL, "perplexities")
    scene = wall_scene(made)
    assert scene.layout == "wall"
    assert len(scene.panels) == 6
    for panel, part in zip(scene.panels, made.parts, strict=True):
        shown = panel.layers[0]
        last = part.trace.points[-1].astype(float)
        middle = (last.max(0) + last.min(0)) / 2
        np.testing.assert_allclose(
            shown.points(scene.frames - 1, 0), last - middle, atol=1e-4 * np.abs(last).max()
        )
        assert "1-NN" in panel.title
    assert scene.numbers[-1] == 60
    blank = wall_scene(next(wall_steps(SMALL, "methods")))
    assert blank.frames == 1


@pytest.mark.parametrize(
    ("dataset", "words"),
    [("nested", "tight / wide"), ("three_clusters", "AC / AB"), ("ellipse", "long / wide")],
)
def test_panels_of_a_wall_tell_what_was_measured(dataset, words):
    config = EmbeddingConfig(dataset=dataset, n=60, perplexity=8.0, iterations=40)
    made = wall(config, "perplexities")
    for panel, part in zip(wall_scene(made).panels, made.parts, strict=True):
        points, y = part.trace.points[-1].astype(float), part.cloud.y
        groups = [points[y == c] for c in range(3)] if part.cloud.names else [points]
        if dataset == "nested":
            a, b = (np.sqrt(g.var(axis=0).sum()) for g in groups[:2])
        elif dataset == "three_clusters":
            far = [np.linalg.norm(g.mean(0) - groups[0].mean(0)) for g in groups]
            a, b = far[2], far[1]
        else:
            a, b = np.sqrt(np.linalg.eigvalsh(np.cov(points.T)))[::-1]
        assert panel.title.startswith(f"{part.title} · {words} ")
        assert float(panel.title.rsplit(" ", 1)[1]) == pytest.approx(a / b, rel=0.006)


def test_a_perplexity_that_cannot_be_had_is_said_beside_the_one_that_is():
    config = EmbeddingConfig(dataset="simplex", n=30, iterations=10)
    runs = sweep(config, (5.0, 10.0))
    assert "its rows reach 29" in embedding_scene(runs, cloud_of(config)).caption(0, 0)


def test_the_second_start_is_turned_to_fit_the_first_without_changing_its_shape():
    made = wall(replace(SMALL, iterations=300), "seeds")
    scene = wall_scene(made)
    shown = scene.panels[1].layers[0].points(scene.frames - 1, 0)
    last = made.parts[1].trace.points[-1].astype(float)
    assert np.corrcoef(pdist(shown), pdist(last))[0, 1] > 0.9999


def test_trust_shows_what_was_measured(runs):
    trust = trust_of(runs.traces, CLOUD)
    scene = trust_scene(trust, CLOUD)
    points = layer_of(scene, "map", CloudPoints)
    assert points.high == trust.distortion.max()
    np.testing.assert_allclose(points.codes / 255 * points.high, trust.distortion, atol=0.002)
    assert scene.panel("kept").x.log
    curves = [layer for layer in scene.panel("kept").layers if isinstance(layer, Curve)]
    np.testing.assert_allclose(curves[1].y, trust.kept, rtol=1e-6)
    np.testing.assert_allclose(curves[0].y, trust.k / 39, rtol=1e-6)
    assert (layer_of(scene, "shepard", Field).image == trust.shepard).all()
    assert "trustworthiness" in scene.caption(0, 3)


def test_a_method_stands_beside_the_data():
    config = EmbeddingConfig(dataset="swiss_roll", n=60, method="pca")
    trace, cloud = embed(config), cloud_of(config)
    scene = single_scene(trace, cloud, facts(trace), "PCA")
    assert [panel.name for panel in scene.panels] == ["map", "data"]
    assert "trustworthiness" in scene.caption(0)
    waiting = single_scene(None, cloud, None, "MDS")
    assert waiting.panel("map").layers[0].texts == ("is being made",)


@pytest.mark.parametrize("frame", [0, -1])
def test_stills_can_be_drawn(runs, frame):
    assert embedding_scene(runs, CLOUD).to_png(frame).startswith(b"\x89PNG")
    assert wall_scene(wall(SMALL, "seeds")).to_png(frame).startswith(b"\x89PNG")


# ---- What the data look like.


def test_the_data_stand_beside_their_map_as_images_points_or_numbers():
    digits = cloud_of(EmbeddingConfig(n=200))
    (tiles,) = data_panel(digits).layers
    shown = by_class(digits, 24)
    assert list(np.unique(digits.y[shown])) == list(range(10))
    assert (np.diff(digits.y[shown]) >= 0).all()
    np.testing.assert_array_equal(tiles.images[5, ::-1].ravel(), digits.images[shown[5]])
    roll = cloud_of(EmbeddingConfig(dataset="swiss_roll", n=100))
    (aside,) = data_panel(roll).layers
    assert isinstance(aside, CloudPoints) and aside.xy.shape == (100, 2)
    seen = cloud_of(EmbeddingConfig(n=200, layer="pool2"))
    panel = data_panel(seen)
    (field,) = panel.layers
    assert field.image.shape == (64, 150) and panel.title == "The data: 64 numbers a point"
    numbers = field.levels[field.image]
    wanted = seen.x[by_class(seen, 150)].T
    np.testing.assert_allclose(numbers, wanted, atol=np.ptp(wanted) / 500)
    for each in (digits, roll, seen):
        assert np.unique(by_class(each, 50)).size == 50


@pytest.mark.parametrize("method", ["pca", "isomap"])
def test_every_method_has_its_picture_of_trust(method):
    config = EmbeddingConfig(method=method, n=120)
    trace, cloud = embed(config), cloud_of(config)
    scene = trust_scene(trust_of((trace,), cloud), cloud, METHOD_NAMES[method])
    found = facts(trace)
    assert scene.knob is None and scene.turns == 1
    said = f"trustworthiness {number(np.float32(found['trust']))} · continuity "
    assert scene.caption(0).startswith(f"{METHOD_NAMES[method]} · {said}")
    assert scene.to_png()[:4] == b"\x89PNG"


def test_images_stand_at_their_points_in_every_map_of_a_wall():
    methods = kept_wall(EmbeddingConfig(n=300), "methods")
    for tiles in (False, True):
        maps = [panel.layers[0] for panel in wall_scene(methods, tiles=tiles).panels]
        assert all(layer.tiles is tiles for layer in maps if isinstance(layer, CloudPoints))
    rings = wall(EmbeddingConfig(dataset="circle", n=40, iterations=20, perplexity=5.0), "seeds")
    assert not any(panel.layers[0].tiles for panel in wall_scene(rings, tiles=True).panels)


@pytest.mark.parametrize("scene", LESSON.scenes, ids=lambda scene: scene.slug)
def test_scenes_are_there_at_once_and_small(scene):
    config = EmbeddingConfig(
        **{name: v for name, v in scene.settings.items() if name not in LESSON.views}
    )
    picture = scene.settings.get("picture", "run")
    if picture in WALLS:
        made = wall_scene(kept_wall(config, picture))
    elif config.method == "tsne":
        values = knob_values(config.perplexity, usual_perplexities(len(cloud_of(config))))
        made = embedding_scene(shipped(config, values), cloud_of(config))
    else:
        made = single_scene(kept_map(config), cloud_of(config), None, "")
    assert len(squeeze(made)) <= 1_500_000
    if config.method == "tsne":
        assert made.number(-1) == config.iterations


def test_the_widest_layer_of_all_digits_stays_small_and_its_distances_right():
    config = EmbeddingConfig(n=1797, layer="conv1", iterations=750)
    cloud = cloud_of(config)
    begun = beginning(config, PERPLEXITIES)
    scene = embedding_scene(begun, cloud)
    forces = layer_of(scene, "map", CloudForces)
    sent, true = (pdist(data[:100]) for data in (forces.data * forces.unit, cloud.x))
    np.testing.assert_allclose(sent, true, rtol=0.01)
    whole_run = replace(begun.traces[0], iterations=np.arange(0, 751, 10), outcome="ran")
    room = 1_000_000 - (cloud.x.size - 500_000)
    frames = len(frame_numbers([whole_run] * 10, len(cloud), room))
    points = 4 * frames * 10 * len(cloud)  # bytes that hardly deflate
    assert frames >= 8 and points + len(zlib.compress(forces.data.tobytes(), 1)) <= 1_450_000
