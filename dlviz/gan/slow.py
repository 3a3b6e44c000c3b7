"""One step of a game in slow motion: ten moments, with all numbers."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlviz.checks import check_count
from dlviz.frozen import frozen
from dlviz.gan.config import GanConfig
from dlviz.gan.game import Game
from dlviz.gan.gauge import columns, places_of
from dlviz.gan.knobs import Knobs
from dlviz.gan.measures import push
from dlviz.gan.objectives import OBJECTIVES
from dlviz.gan.runs import last_step
from dlviz.threads import one_thread

Array = NDArray[Any]

MOMENTS = 10
REAL_FROM, FAKES_FROM, JUDGED_FROM, D_STEPPED, G_TURN, PULLED, G_STEPPED = 0, 1, 2, 5, 6, 8, 9


@dataclass(frozen=True, eq=False)
class SlowMotion:
    """The first update of either player in one step; all arrays are read-only.

    Parameters
    ----------
    config : the settings
    step : how many steps came before
    real : float64 (n, d), the batch
    fakes : float64 (10, n, d), as there are at each moment
    logits : float64 (10, L), the discriminator at ``gauge.places_of``
    on_real, on_fakes : float64 (10, n), logits of the points there are
    pull : float64 (n, d), minus the gradient of each fake's generator loss
    d_loss, g_loss : (before, after) the player's own update, on the same points and noises
    d_grad, g_grad : lengths of the gradients
    """

    config: GanConfig
    step: int
    real: Array
    fakes: Array
    logits: Array
    on_real: Array
    on_fakes: Array
    pull: Array
    d_loss: tuple[float, float]
    g_loss: tuple[float, float]
    d_grad: float
    g_grad: float


def slow_motion(config: GanConfig, step: int) -> SlowMotion:
    """Play up to a step, and take that one apart: k_d and k_g count as 1, nothing is disturbed.

    Parameters
    ----------
    step : 0 to the game's last

    Raises
    ------
    ValueError
        If there is no such step.
    """
    check_count("step", step, 0, last_step(config))
    with np.errstate(all="ignore"), one_thread():
        knobs = Knobs([config])
        game = Game(config, knobs, *knobs.initial())
        for _ in range(step):
            game.step()
        return _apart(game, replace(config, instance_noise=0.0), step)


def _apart(game: Game, config: GanConfig, step: int) -> SlowMotion:
    n, objective = config.batch_size, OBJECTIVES[config.loss]
    places = columns(places_of(game.source))
    maps, fakes, marks = list[Array](), list[Array](), list[Array]()

    def note(times: int, points: Array) -> None:
        """Keep what is to be seen at so many moments."""
        matrices, leak = [m.copy() for m in game.judging], game.both.leak
        seen = np.concatenate([real, points])
        logits = push(matrices, columns(seen.T), leak)[0, :, 0]
        field = push(matrices, places, leak)[0, :, 0]
        for _ in range(times):
            maps.append(field)
            fakes.append(points)
            marks.append(logits)

    game.draw_batch()
    real, first = (part.T.copy() for part in np.split(game.seen[0, :-1], [n], axis=1))
    game.judge()
    note(D_STEPPED, first)
    before = float(game.blame_critic()[0])
    d_grad = float(np.linalg.norm(game.critic.grad))
    game.update_critic()
    game.judge()
    d_loss = before, float(_critic_loss(game, n))
    note(1, first)
    second = game.make_fakes()[0].T.copy()
    note(G_STEPPED - G_TURN, second)
    trick = float(game.blame_generator()[0])
    g_grad = float(np.linalg.norm(game.generator.grad))
    pull = -game.one.into_input[0].T * n
    game.generator.step()
    moved = game.fakes.forward(game.generator.matrices, game.z)[0].T.copy()
    note(1, moved)
    after = objective.trick(np.asarray(marks[-1][n:], float))[0].mean()
    both = np.stack(marks).astype(float)
    return SlowMotion(
        config, step, frozen(real), frozen(fakes), frozen(maps), frozen(both[:, :n]),
        frozen(both[:, n:]), frozen(pull), d_loss, (trick, float(after)), d_grad, g_grad,
    )  # fmt: skip


def _critic_loss(game: Game, n: int) -> Array:
    logits = game.both.sums[-1][0, 0]
    real, _ = game.objective.real(logits[:n], 1 - game.config.smoothing)
    fake, _ = game.objective.fake(logits[n:])
    return np.asarray(real.mean() + fake.mean())
