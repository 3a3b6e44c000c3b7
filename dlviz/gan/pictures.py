"""GANs of pictures: handwritten digits of 8x8 and printed ones of 28x28."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dlviz.frozen import frozen
from dlviz.gan.branches import changed, history_of, spread
from dlviz.gan.picture_config import FROM_THE_START, PictureConfig
from dlviz.gan.picture_game import PictureGame
from dlviz.gan.picture_measures import UNJUDGED, Verdict, judged, real_sure
from dlviz.gan.picture_nets import PictureGenerator
from dlviz.threads import one_thread

Array = NDArray[Any]
Outcome = Literal["recognizable", "blurred", "collapsed", "diverged"]
History = tuple[tuple[PictureConfig, int], ...]

WALL, FRAMES = 64, 56
BREATH = 5  # steps after which who follows a training may end it


class Entry(NamedTuple):
    """What is recorded at a step."""

    step: int
    wall: NDArray[np.uint8]
    plain: NDArray[np.uint8]
    losses: tuple[float, float]
    verdict: Verdict


@dataclass(frozen=True, eq=False)
class PictureTrace:
    """A GAN of pictures over its training; entry 0 is before the first step.

    Parameters
    ----------
    config : the settings
    frames : int (F,), the steps recorded
    wall : uint8 (F, 64, H, W), pictures of the same noises in all entries; of a conditional GAN
        picture i is of class i mod 8 in the first 64, see ``wall_classes``
    plain : uint8 (F, 64, H, W), the same by the generator of that very step, not averaged
    d_loss, g_loss : float64 (F,), of the last batch
    sure : float64 (F,), the share of 500 pictures of which a classifier is more than 0.9 sure
    classes : int (F,), how many classes have more than 2 % of the pictures
    variety : float64 (F,), the mean distance of a picture from the mean picture, as a share of
        that of real ones
    generator : the one that is shown, as it is at the last entry
    real : the share of real test pictures of which the classifier is sure
    outcome : "recognizable" (half of the pictures are surely of a class, all ten are there),
        "collapsed" (variety below a quarter, or less than half of the classes), "blurred" or
        "diverged"
    history : of a branch, the settings before, and the step up to which they held
    """

    config: PictureConfig
    frames: NDArray[np.int64]
    wall: NDArray[np.uint8]
    plain: NDArray[np.uint8]
    d_loss: Array
    g_loss: Array
    sure: Array
    classes: NDArray[np.int64]
    variety: Array
    generator: PictureGenerator
    real: float
    outcome: Outcome
    history: History = ()

    @property
    def last(self) -> int:
        """The number of the last step there will be."""
        return self.config.steps

    @property
    def share(self) -> float:
        """How much of the training there is, in [0, 1]."""
        return (int(self.frames[-1]) + 1) / (self.last + 1)


def paint(config: PictureConfig) -> PictureTrace:
    """Train a GAN of pictures; the same Config gives the same bits."""
    *_, trace = paint_steps(config)
    return trace


def paint_branch(trace: PictureTrace, step: int, **changes: Any) -> PictureTrace:
    """Go on from a step of a run with other settings.

    Parameters
    ----------
    step : 0 to the last of the trace's steps; it need not be one of its entries
    changes : of settings that are not ``picture_config.FROM_THE_START``

    Raises
    ------
    ValueError
        If there is no such step, or a setting is one of those.
    """
    config = changed(trace.config, step, int(trace.frames[-1]), changes, FROM_THE_START)
    *_, latest = paint_steps(config, history_of(trace.config, step, trace.history))
    return latest


def paint_steps(config: PictureConfig, history: History = ()) -> Iterator[PictureTrace]:
    """Train, and yield the trace so far: again and again while an entry takes long.

    Parameters
    ----------
    history : of a branch, the settings before, and the step up to which they held
    """
    legs = (*history, (config, config.steps))
    game, at = PictureGame(legs[0][0]), 0
    net, entry = _look(game, 0)
    frames = [entry]
    yield (latest := _trace(config, net, frames, history))
    for settings, until in legs:
        game.go_on(settings)
        for stop in spread(at, until, config.steps, FRAMES):
            while stop - at > BREATH:
                _train(game, BREATH)
                at += BREATH
                yield latest
            _train(game, stop - at)
            net, entry = _look(game, stop)
            frames.append(entry)
            at = stop
            yield (latest := _trace(config, net, frames, history))


def _train(game: PictureGame, count: int) -> None:
    with np.errstate(all="ignore"), one_thread():
        for _ in range(count):
            game.step()


def unpainted(config: PictureConfig) -> PictureTrace:
    """Return a GAN of pictures before its first step, at once: not judged yet."""
    net, entry = _look(PictureGame(config), 0, judge=False)
    return _trace(config, net, [entry])


def _look(game: PictureGame, step: int, *, judge: bool = True) -> tuple[PictureGenerator, Entry]:
    """Return the generator that is shown, and what is recorded of the game as it stands."""
    with np.errstate(all="ignore"), one_thread():
        net, made, plain = game.look()
        verdict = judged(game.config.pictures, made) if judge else UNJUDGED
    return net, Entry(step, _wall(game, made), _wall(game, plain), game.losses, verdict)


def _wall(game: PictureGame, made: Array) -> Array:
    """Return the pictures that are shown, as codes (64, H, W)."""
    shown = np.nan_to_num(made[:WALL]).reshape(-1, *game.data.shape[1:])
    return np.asarray((shown * 255).round(), np.uint8)


def _trace(
    config: PictureConfig, net: PictureGenerator, frames: list[Entry], history: History = ()
) -> PictureTrace:
    steps, walls, plains, losses, verdicts = zip(*frames, strict=True)
    last = verdicts[-1]
    return PictureTrace(
        config=config,
        frames=frozen(steps, np.int64),
        wall=frozen(np.stack(walls), np.uint8),
        plain=frozen(np.stack(plains), np.uint8),
        d_loss=frozen([d for d, _ in losses]),
        g_loss=frozen([g for _, g in losses]),
        sure=frozen([v.sure for v in verdicts]),
        classes=frozen([v.classes for v in verdicts], np.int64),
        variety=frozen([v.variety for v in verdicts]),
        generator=net,
        real=np.nan if last is UNJUDGED else real_sure(config.pictures),
        outcome=_outcome(last, bool(np.isfinite(net.flat).all())),
        history=history,
    )


def _outcome(last: Verdict, finite: bool) -> Outcome:
    if not finite:
        return "diverged"
    if last.variety < 0.25 or last.classes < 5:
        return "collapsed"
    return "recognizable" if last.sure >= 0.5 and last.classes == 10 else "blurred"
