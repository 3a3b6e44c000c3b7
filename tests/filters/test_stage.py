"""The lab's pictures as data."""

import struct
from dataclasses import replace

import numpy as np
import pytest

from dlviz import still
from dlviz.cnn import build
from dlviz.cnn_layers import CnnMaps, CnnWindow, code, header
from dlviz.filters import choices, compute, figures, shipped
from dlviz.filters.compute import FiltersConfig, train
from dlviz.filters.lesson import LESSON
from dlviz.picture_sets import PICTURE_SETS
from dlviz.reader import BLOCKS
from dlviz.ui.player import squeeze

RUN = train(FiltersConfig())
VALUES = tuple(float(v) for v in range(10))


def scene_of(config=None, field="picture", values=VALUES, **looks):
    config = config or FiltersConfig()
    return figures.filters_scene(train(compute.learning(config)), config, field, values, **looks)


@pytest.mark.parametrize("scene", LESSON.scenes, ids=lambda s: s.slug)
def test_every_scene_keeps_to_its_bytes_and_says_what_the_engine_says(scene):
    settings = {k: v for k, v in scene.settings.items() if k not in LESSON.views}
    config = FiltersConfig(**settings)
    field = scene.settings.get("turn", "picture")
    values = choices.values_for(config, field)
    picture = scene_of(config, field, values)
    assert len(squeeze(picture)) <= 1_500_000
    turn = values.index(getattr(config, field))
    facts = compute.facts(train(compute.learning(config)), config)
    words = picture.caption(-1, turn)
    assert words.endswith(f"{facts['says']} ({int(facts['sure'] + 0.5)} %)")


def test_the_player_is_sent_the_numbers_bit_by_bit():
    layer = scene_of().panel("network").layers[0]
    sent = layer.numbers[3].tobytes()
    assert list(struct.unpack(f"<{RUN.net.numbers}e", sent)) == RUN.numbers[3].tolist()
    assert layer.pictures.shape == (10, 1, 8, 8)
    assert layer.truth == tuple(range(10))


def test_truth_is_unknown_of_a_drawing():
    drawn = FiltersConfig(source="drawn", drawing="f" * 64)
    assert scene_of(drawn, "angle", (0.0, 90.0)).panel("network").layers[0].truth == (-1, -1)


def test_a_network_is_told_as_it_is():
    net = build("conv 4 3 same; norm; pool 2; dropout 0.5; dense 6", (1, 8, 8), 3)
    told = header(net)
    kinds = ["conv", "norm", "pool", "dropout", "dense", "output"]
    assert [block["kind"] for block in told["blocks"]] == kinds
    assert [block["relu"] for block in told["blocks"]] == [False, True, False, False, True, False]
    assert [block["start"] for block in told["blocks"]] == [0, 40, 56, 56, 56, 56 + 65 * 6]


def test_wrong_marks_are_refused():
    layer = scene_of().panel("network").layers[0]
    with pytest.raises(ValueError, match="expected ranges in unit, layer, network"):
        replace(layer, ranges="none")
    with pytest.raises(ValueError, match="bytes of numbers a frame"):
        replace(layer, numbers=layer.numbers[:, 2:])


def test_a_still_shows_maps_and_the_answer():
    layer = scene_of().panel("network").layers[0]
    tiles, text = layer.plain(24, 3)
    assert tiles.images.shape == (1 + 8 + 8 + 16 + 16, 28, 28)
    assert text.texts == ("3: 100%",)
    assert isinstance(scene_of().panel("window").layers[0], CnnWindow)
    assert isinstance(layer, CnnMaps)
    assert scene_of().to_png()[:4] == b"\x89PNG"


def test_codes_are_around_zero():
    assert code(np.array([-2.0, 0.0, 2.0, np.nan]), 2.0).tolist() == [0, 128, 255, 128]


def test_the_knob_holds_the_setting():
    for field in figures.KNOBS:
        for config in (
            FiltersConfig(),
            FiltersConfig(picture=23, angle=17.0, shift=-0.4, noise=0.33),
        ):
            values = choices.values_for(config, field)
            assert getattr(config, field) in values
            assert list(values) == sorted(values)


def test_names_of_presets_and_texts():
    for dataset in PICTURE_SETS:
        for name in choices.architecture_names("", dataset):
            text = choices.architecture(name, dataset)
            config = FiltersConfig(dataset=dataset, architecture=text)
            assert choices.preset_of(text, dataset) == name
            assert compute.count_parameters(config) > 0
    assert "own" in choices.architecture_names("conv 1 1", "digits")
    assert choices.preset_of(shipped.COURSE_NET, "printed") == "course"


def test_another_data_set_has_a_network_that_fits():
    for text in (FiltersConfig().architecture, shipped.COURSE_NET, "conv 3 3", "nonsense"):
        for dataset in PICTURE_SETS:
            FiltersConfig(**{k: v for k, v in choices.with_dataset(dataset, text).items()
                             if k in ("architecture", "epochs")}, dataset=dataset)  # fmt: skip


def test_scenes_under_the_stage_are_small():
    block = 2
    for made in (
        figures.patches_scene(RUN, block, 3, compute.best_patches(RUN, block)),
        figures.dreams_scene(RUN, block, 3, compute.dream(RUN, block)),
        figures.embedding_scene(RUN, block, 3, compute.embed(RUN, block)),
        figures.blame_scene(RUN, compute.blame(RUN, FiltersConfig()), 3),
        figures.counter_scene(*compute.layers_of("alexnet", RUN.net)),
    ):
        assert len(squeeze(made)) < 1_500_000
        assert made.caption(-1)
        assert made.to_png()[:4] == b"\x89PNG"
    assert "62,378,344" in made.caption(-1)


def test_layers_of_the_counter_have_names_or_whole_numbers_under_their_bars():
    lenet = figures.counter_scene(*compute.layers_of("lenet", RUN.net)).panels[0]
    assert [text for _, text in still.x_ticks(lenet, 6)] == ["C1", "C3", "C5", "F6", "output"]
    resnet = figures.counter_scene(*compute.layers_of("resnet152", RUN.net)).panels[0]
    ticks = still.x_ticks(resnet, 8)
    assert 5 <= len(ticks) <= 8 and ticks[0] == (0.0, "1")
    assert all(text == str(int(at) + 1) for at, text in ticks)


def test_a_link_to_tsne_names_the_layer_that_is_looked_at():
    config = FiltersConfig(picture=6, angle=90.0)
    for block, name in enumerate(BLOCKS):
        assert choices.in_tsne(config, block)[1] == {"layer": name}
    other = FiltersConfig(seed=1)
    assert choices.in_tsne(other, 0)[1] == {"layer": "dense"}
    assert "network on digits" in choices.in_tsne(other, 0)[0]


def test_a_pinned_run_is_drawn_in_its_own_epochs_and_says_its_answers():
    config, other = FiltersConfig(), FiltersConfig(epochs=0)
    run, none = train(config), train(other)
    scene = figures.filters_scene(none, other, "picture", VALUES, pinned=run)
    ghost, _, test = scene.panel("accuracy").layers
    np.testing.assert_allclose(ghost.x, run.epochs, rtol=1e-6)
    np.testing.assert_allclose(ghost.y, run.test_accuracy, rtol=1e-6)
    assert (ghost.label, test.label) == ("pinned: epochs 20", "")
    assert scene.panel("accuracy").x.high == 20
    for turn in range(10):
        shares = compute.answers(run, compute.picture_of(replace(config, picture=turn))[None])[0]
        said = f", {shares.argmax()} ({100 * shares.max():.0f} %)"
        assert scene.caption(0, turn).endswith(said)
    large = FiltersConfig(dataset="shapes", architecture=shipped.SHAPES_NET, epochs=12)
    scene = figures.filters_scene(run, config, "picture", VALUES, pinned=train(large))
    assert scene.caption(-1, 0).endswith(f"pinned: {100 * train(large).test_accuracy[-1]:.3g} %")
