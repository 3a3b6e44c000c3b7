"""The GAN arena in a browser: it trains while it is watched, and its theory moves at once."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page

from dlviz.gan.compute import GanConfig, train
from dlviz.gan.data import SCALE
from dlviz.gan.dirac import dirac_paths
from dlviz.gan.theory_stage import LR
from dlviz.mesh_layers import Mesh
from dlviz.painting import read_points
from tests.browser.driving import (
    CALM,
    PATIENCE,
    check_nothing_scrolls,
    param,
    pause,
    player,
    settle,
    spot,
    tell,
    until,
    visit,
)

ONE_WINDOW = CALM

# A layer's array in the picture that is shown.
SHOWN = """(() => {
  const layer = p.scene.panels[arg[0]].layers.find((layer) => layer.kind === arg[1])
  const { shape, data } = layer.arrays.xy
  const size = shape.slice(-2).reduce((a, b) => a * b, 1)
  const at = layer.over === "kt" ? p.turn * p.scene.frames + p.frame : p.frame
  return Array.from(data.slice(at * size, (at + 1) * size))
})()"""


def to_the_end(page: Page) -> None:
    """Wait until nothing trains any more."""
    for _ in range(300):
        until(page, "p.draws > 0")
        if not tell(page, "p.options.growing"):
            return
        page.wait_for_timeout(200)
    raise AssertionError("the training did not end")


def test_a_game_is_watched_while_it_trains_and_ends_as_the_engine_says(page, app_url):
    visit(page, f"{app_url}/gan?steps=300&hidden_g=8&hidden_d=8")
    to_the_end(page)
    settle(page)
    until(page, "p.scene.frames === 51")
    pause(page, 50)
    trace = train(GanConfig(steps=300, hidden_g=(8,), hidden_d=(8,)))
    shown = tell(page, "[p.scene.numbers[p.frame], p.words ?? '']")
    assert shown[0] == 300
    caption = player(page).inner_text()
    assert f"step 300 · modes found {round(8 * trace.coverage[-1])} of 8" in caption


def test_the_mesh_has_the_shades_that_the_engine_gives(page, app_url):
    visit(page, f"{app_url}/gan?steps=40&hidden_g=8&hidden_d=8")
    to_the_end(page)
    pause(page, 3)
    xy = np.array(tell(page, SHOWN, [0, "Mesh"])).reshape(-1, 2)
    weights = np.array(tell(page, """Array.from(p.scene.panels[0].layers
      .find((layer) => layer.kind === "Mesh").arrays.weights.data)"""))  # fmt: skip
    mesh = Mesh(xy=xy, weights=weights, columns=11)
    assert mesh.cells(0, 0).shape == (100, 4, 2)
    assert weights.sum() == pytest.approx(1, abs=1e-5)
    shades = mesh.shades(0, 0)
    assert (shades > 0.05).all()
    assert (shades < 0.76).all()


def test_the_smallest_game_follows_the_knob_at_once(page, app_url):
    visit(page, f"{app_url}/gan?scene=cycle")
    pause(page, 150)
    gamma = 0.5
    turn = tell(page, "p.scene.knob.values.findIndex((v) => Math.abs(v - arg) < 1e-6)", gamma)
    tell(page, "(p.turn = arg, p.caption(), p.draw?.(), 1)", turn)
    expected = dirac_paths([gamma], lr=LR, steps=150)[0, -1]
    away = tell(page, """p.scene.readouts.away.data[p.turn * 151 + 150]""")
    assert away == pytest.approx(np.hypot(*expected), rel=1e-4)


def test_own_data_is_painted_and_a_game_begins_with_it(page, app_url):
    visit(page, f"{app_url}/gan?data=own&steps=40&hidden_g=8&hidden_d=8")
    to_the_end(page)
    page.mouse.click(*spot(page, 1.5, -0.5))
    page.wait_for_function("new URL(location).searchParams.has('points')", timeout=PATIENCE)
    painted = read_points(param(page, "points")).x / SCALE
    assert np.hypot(*(painted - (1.5, -0.5)).T).min() < 0.1
    to_the_end(page)
    settle(page)
    until(page, "p.scene.frames === 41")
    real = """Array.from(p.scene.panels[0].layers.find((layer) => layer.marker === "square")
      .arrays.xy.data)"""
    points = np.array(tell(page, real)).reshape(-1, 2)
    near = np.hypot(*(points - (1.5, -0.5)).T) < 0.3
    assert 0.5 / len(painted) < near.mean() < 2 / len(painted)  # all painted points are as likely


def test_training_stops_when_told_to_keeps_what_there_is_and_goes_on(page, app_url):
    visit(page, f"{app_url}/gan?k_d=2&steps=2500&seed=3")
    until(page, "p.options.growing && p.scene.frames > 2")
    page.locator(".st-key-stop_work button").click()
    page.get_by_text("Stopped at").wait_for(timeout=PATIENCE)
    kept = tell(page, "p.scene.numbers.at(-1)")
    assert 0 < kept < 2500
    page.get_by_role("button", name="Go on").click()
    until(page, "p.scene.numbers.at(-1) > arg", kept)
    page.goto(f"{app_url}/gan?scene=cycle")  # leaves it


@pytest.mark.parametrize(
    "scene", ["ring", "slow", "figure", "apart", "cycle", "average", "between", "demand"]
)
def test_in_presenter_mode_nothing_scrolls(page, app_url, scene):
    visit(page, f"{app_url}/gan?scene={scene}&present=1")
    check_nothing_scrolls(page)


def test_a_digit_asked_for_is_written_to_the_address(page, app_url):
    visit(page, f"{app_url}/gan?scene=demand")
    slider = player(page).locator("input.knob-input")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "new URL(location).searchParams.get('wanted') !== null", timeout=PATIENCE
    )
    assert re.fullmatch(r"4(\.0)?", page.evaluate("new URL(location).searchParams.get('wanted')"))
