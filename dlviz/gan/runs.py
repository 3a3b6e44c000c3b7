"""The verbs: train a game, many at once, or go on from a step with other settings."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_choice
from dlviz.frozen import frozen
from dlviz.gan.branches import changed, history_of, spread
from dlviz.gan.config import GanConfig, discriminator_of, generator_of
from dlviz.gan.game import Game
from dlviz.gan.gauge import Gauge, Shot
from dlviz.gan.knobs import SWEPT, Knobs
from dlviz.gan.traces import GanSweep, GanTrace
from dlviz.threads import one_thread

MOST_WORK = 2_000_000_000  # weights times points: some seconds
FRAMES, MOST_FRAMES = 50, 74  # recorded after the first; more would not fit into one picture
FRAME_WORK = 20_000_000  # weights times points, for which there is a frame of its own
BREATH, BREATH_WORK = 10, 10_000_000  # steps, and work, after which one may end a game
FROM_THE_START = (
    "data", "points", "hidden_g", "hidden_d", "units", "noise", "noise_dim", "seed", "optimizer",
    "spectral", "batch_size",
)  # fmt: skip
History = tuple[tuple[GanConfig, int], ...]  # settings, and the step up to which they held


def train(config: GanConfig) -> GanTrace:
    """Play a game to its end.

    Returns
    -------
    GanTrace
        Bit by bit the same for the same Config, in any thread.
    """
    *_, trace = steps(config)
    return trace


def steps(config: GanConfig) -> Iterator[GanTrace]:
    """Play a game and yield it so far, as it grows by an entry each time."""
    for games in sweep_steps(config, "seed", (config.seed,)):
        yield games.run(0)


def sweep(config: GanConfig, field: str, values: Sequence[Any]) -> GanSweep:
    """Play R games that differ in one of ``SWEPT``, side by side."""
    *_, games = sweep_steps(config, field, values)
    return games


def sweep_steps(
    config: GanConfig, field: str, values: Sequence[Any], history: History = ()
) -> Iterator[GanSweep]:
    """Play as ``sweep`` and yield the games so far, entry by entry.

    Parameters
    ----------
    field : one of ``SWEPT``
    values : R of what the Config takes for it
    history : of a branch, the settings before: see ``branch``

    Raises
    ------
    ValueError
        If ``field`` is another one, or a value is one the Config would refuse.
    """
    return _play(_swept(config, field, values), field, history)


def shown_steps(
    config: GanConfig, field: str, values: Sequence[Any], history: History = ()
) -> Iterator[GanSweep]:
    """Play as ``sweep_steps`` for a picture: without the parameters, half of what a game keeps."""
    return _play(_swept(config, field, values), field, history, parameters=False)


def _swept(config: GanConfig, field: str, values: Sequence[Any]) -> tuple[GanConfig, ...]:
    check_choice("field", field, SWEPT)
    changes: list[dict[str, Any]] = [{field: value} for value in values]
    return tuple(replace(config, **change) for change in changes)


def branch(trace: GanTrace, step: int, **changes: Any) -> GanTrace:
    """Go on from a step of a run with other settings.

    Parameters
    ----------
    step : 0 to the last of the trace's steps; it need not be one of its entries
    changes : of settings that are not ``FROM_THE_START``

    Raises
    ------
    ValueError
        If there is no such step, or a setting is one of those.
    """
    *_, games = branch_steps(trace, step, **changes)
    return games.run(0)


def branch_steps(trace: GanTrace, step: int, **changes: Any) -> Iterator[GanSweep]:
    """Branch, and yield the game so far."""
    config = changed(trace.config, step, int(trace.frames[-1]), changes, FROM_THE_START)
    past = history_of(trace.config, step, trace.history)
    return sweep_steps(config, "lr_g", (config.lr_g,), past)


def last_step(config: GanConfig) -> int:
    """Return the last step of a game: sooner than asked for where steps cost much."""
    return min(config.steps, max(50, MOST_WORK // cost_of(config)))


def cost_of(config: GanConfig) -> int:
    """Return the work of a step, weights times points."""
    weights = generator_of(config).count + discriminator_of(config).count
    return config.batch_size * (2 * config.k_d + config.k_g) * weights


def untrained(config: GanConfig, field: str, values: Sequence[Any]) -> GanSweep:
    """Return the games before their first step."""
    return next(shown_steps(config, field, values))


def stops_of(begin: int, end: int, config: GanConfig) -> list[int]:
    """Return the steps after ``begin`` that are recorded, evenly; the last is one of them.

    A game of much work has more of them, so that whoever watches it train does not wait for long.
    """
    last = last_step(config)
    most = min(max(FRAMES, last * cost_of(config) // FRAME_WORK), MOST_FRAMES)
    return spread(begin, end, last, most)


def _play(
    configs: tuple[GanConfig, ...], field: str, history: History, *, parameters: bool = True
) -> Iterator[GanSweep]:
    album = Album(configs, field, history, parameters)
    game, at = _beginning(configs, history), 0
    yield album.add(0, _reach(Gauge(game), 0))
    for config, until in history:
        game = continued(game, [config])
        yield from _record(album, game, at, until)
        at = until
    if history:
        album.branched_at = len(album.frames) - 1
        game = continued(game, configs)
    yield from _record(album, game, at, last_step(configs[0]))


def _record(album: "Album", game: Game, at: int, end: int) -> Iterator[GanSweep]:
    """Play on to a step, and yield the games so far: again and again while an entry takes long."""
    gauge, latest = Gauge(game), album.latest
    breath = max(1, min(BREATH, BREATH_WORK // cost_of(game.config)))
    for stop in stops_of(at, end, album.configs[0]):
        while stop - at > breath:
            _reach(gauge, breath, look=False)
            at += breath
            yield latest
        shot, at = _reach(gauge, stop - at), stop
        latest = album.add(at, shot)
        yield latest


def _beginning(configs: tuple[GanConfig, ...], history: History) -> Game:
    first = configs if not history else (history[0][0],)
    knobs = Knobs(first)
    return Game(first[0], knobs, *knobs.initial())


def _reach(gauge: Gauge, count: int, look: bool = True) -> Shot:
    """Make so many steps; return what there is to see then, nothing where nobody looks."""
    with np.errstate(all="ignore"), one_thread():
        for _ in range(count):
            gauge.game.step()
        return gauge.shot() if look else {}


def continued(game: Game, configs: Sequence[GanConfig]) -> Game:
    """Return games that go on from where one stands, each with its own settings."""
    runs = len(configs)
    spread = [np.broadcast_to(p.parameters[:1], (runs, p.parameters.shape[1]))
              for p in (game.generator, game.critic)]  # fmt: skip
    new = Game(configs[0], Knobs(configs), *spread)
    for mine, given in ((new.generator, game.generator), (new.critic, game.critic)):
        mine.memory = tuple(
            np.broadcast_to(part[:1], (runs, *part.shape[1:])) if np.ndim(part) else part
            for part in given.memory
        )
    new.streams = deepcopy(game.streams)
    if new.normals and game.normals:
        new.normals.left = [np.broadcast_to(v[:1], (runs, *v.shape[1:])) for v in game.normals.left]
        new.normals.refresh()
    return new


class Album:
    """The entries of R games, each written once to where it stays."""

    def __init__(
        self, configs: tuple[GanConfig, ...], field: str, history: History, parameters: bool
    ) -> None:
        self.configs, self.field, self.history = configs, field, history
        self.left_out = () if parameters else ("g", "d")
        self.frames: list[int] = []
        self.series: dict[str, NDArray[Any]] = {}
        self.branched_at: int | None = None
        self.latest: GanSweep
        untils = [0, *(until for _, until in history), last_step(configs[0])]
        self.room = 1 + sum(len(stops_of(a, b, configs[0])) for a, b in pairwise(untils))

    def add(self, step: int, shot: Shot) -> GanSweep:
        """Write one more entry; return all so far, as read-only views."""
        at, runs = len(self.frames), len(self.configs)
        for name, given in shot.items():
            value = given[..., :0] if name in self.left_out else given
            if at == 0:
                self.series[name] = np.empty((runs, self.room, *value.shape[1:]), value.dtype)
            self.series[name][:, at] = value
        self.frames.append(step)
        views = {name: array[:, : at + 1] for name, array in self.series.items()}
        for view in views.values():
            view.setflags(write=False)
        self.latest = GanSweep(
            configs=self.configs,
            field=self.field,
            frames=frozen(self.frames, np.int64),
            series=views,
            last=max(last_step(self.configs[0]), step),
            history=self.history,
            branched_at=self.branched_at,
        )
        return self.latest
