"""Networks trained here and now: the filters lab's own, at every look, and what fools them."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from dlviz.cnn import forward
from dlviz.cnn_recipe import CnnRecipe
from dlviz.filters.compute import FiltersConfig, train
from dlviz.own_victims import keep, own_victim, own_victim_steps
from dlviz.picture_sets import pictures

RECIPE = CnnRecipe(architecture="conv 4 3; pool 2; dense 12", epochs=3, lr=0.01, seed=2)


@pytest.mark.parametrize("changes", [
    {}, {"epochs": 0}, {"batch_size": 500, "epochs": 5}, {"architecture": "conv 4 3; norm; mean 2"},
    {"dataset": "printed", "architecture": "pool 4; dense 8", "epochs": 1},
])  # fmt: skip
def test_it_is_the_network_that_the_filters_lab_trains(changes) -> None:
    recipe = replace(RECIPE, **changes)
    names = ("dataset", "architecture", "epochs", "lr", "batch_size", "seed")
    run = train(FiltersConfig(**{name: getattr(recipe, name) for name in names}))
    found = own_victim(recipe)
    assert np.array_equal(found.numbers, run.numbers[-1])
    x, y = found.unseen()
    said = found.model()(x)
    written_out = forward(run.net, run.numbers[-1], x.numpy())[-1]
    np.testing.assert_allclose(said, written_out, atol=1e-3)
    right = float((said.argmax(1) == y).double().mean())
    assert right == pytest.approx(run.test_accuracy[-1], abs=0.004)


def test_every_look_is_the_network_of_so_many_epochs() -> None:
    looks = list(own_victim_steps(RECIPE))
    assert [look.recipe.epochs for look in looks] == [0, 1, 2, 3]
    assert [look.share for look in looks] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    alone = list(own_victim_steps(replace(RECIPE, epochs=2)))[-1]
    assert np.array_equal(alone.numbers, looks[2].numbers)
    assert np.array_equal(alone.change, looks[2].change)
    assert len(list(own_victim_steps(replace(RECIPE, epochs=40)))) == 5


def test_one_change_of_other_images_fools_it_more_often_than_coins() -> None:
    found = own_victim(CnnRecipe(epochs=4))
    model, (x, y) = found.model(), found.unseen()
    seen = pictures("digits").x[:240]
    assert not any((seen == each).all((1, 2, 3)).any() for each in x[:20].numpy())
    coins = torch.randint(2, x.shape[1:], generator=torch.Generator().manual_seed(0)) * 2.0 - 1
    fooled = [
        float((model((x + 0.2 * change).clamp(0, 1)).argmax(1) != y).double().mean())
        for change in (torch.tensor(found.change), coins)
    ]
    assert np.abs(found.change).max() <= 1 + 1e-6
    assert fooled[0] > max(0.3, 2 * fooled[1])


def test_what_is_kept_is_not_trained_again() -> None:
    recipe = replace(RECIPE, seed=77, epochs=1)
    *_, trained = own_victim_steps(recipe)
    keep(trained)
    assert own_victim(recipe) is trained


def test_numbers_that_run_away_are_told() -> None:
    wild = own_victim(
        CnnRecipe(architecture="dense 60; dense 60; dense 60; norm", lr=1.0, epochs=2)
    )
    assert wild.diverged and not np.isfinite(wild.numbers).all() and not wild.change.any()
    assert not own_victim(RECIPE).diverged


@pytest.mark.parametrize(("setting", "sentence"), [
    ({"dataset": "shapes"}, "expected dataset"),
    ({"architecture": "conv 8 9"}, "does not fit"),
    ({"architecture": "dense 500; dense 500"}, "the number of parameters"),
    ({"epochs": 41}, "expected 0 <= epochs <= 40"),
    ({"lr": 0.0}, "expected 0 < lr <= 1"),
    ({"batch_size": 0}, "expected 1 <= batch_size <= 512"),
])  # fmt: skip
def test_a_recipe_that_makes_no_sense_is_refused_in_a_sentence(setting, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        CnnRecipe(**setting)
