"""GANs of pictures as the page tells them."""

from dataclasses import dataclass, replace
from typing import Any

from dlviz.checks import check_choice, check_range
from dlviz.gan.branches import history_of
from dlviz.gan.choices import KINDS, PAINTED
from dlviz.gan.config import GanConfig
from dlviz.gan.picture_config import FROM_THE_START, PictureConfig
from dlviz.gan.runs import last_step


@dataclass(frozen=True)
class PictureRun:
    """The settings of the page that tell a GAN of pictures, by their names there.

    Parameters
    ----------
    picture : a key of ``PAINTED``; "wanted" is of a conditional GAN
    images : "digits" or "printed"
    kind : a key of ``KINDS``
    length, pace_g, pace_d : in [0.1, 10], what the usual number of steps and the usual learning
        rates are multiplied by
    seed : >= 0
    """

    picture: str = "game"
    images: str = "digits"
    kind: str = "norm"
    length: float = 1.0
    pace_g: float = 1.0
    pace_d: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        check_choice("picture", self.picture, PAINTED)
        check_choice("kind", self.kind, KINDS)
        for name in ("length", "pace_g", "pace_d"):
            check_range(name, getattr(self, name), 0.1, 10)
        _ = self.config  # which checks the rest

    @property
    def config(self) -> PictureConfig:
        """What the engine takes."""
        plain = picture_config(self.picture, self.images, self.kind, self.seed)
        return replace(
            plain,
            steps=round(self.length * plain.steps),
            lr_g=self.pace_g * plain.lr_g,
            lr_d=self.pace_d * plain.lr_d,
        )

    @property
    def start(self) -> tuple[Any, ...]:
        """What no branch can change."""
        return tuple(getattr(self.config, name) for name in FROM_THE_START)

    def but(self, kind: str) -> "PictureRun":
        """Return the same of another kind."""
        return replace(self, kind=kind)


def last_of(run: GanConfig | PictureRun) -> int:
    """Return the last step of a run as the page tells it."""
    return run.config.steps if isinstance(run, PictureRun) else last_step(run)


def past_of(branch: tuple[int, GanConfig | PictureRun] | None) -> tuple[tuple[Any, int], ...]:
    """Return the history of a branch as the page tells it: its step, and the run before."""
    if branch is None:
        return ()
    step, run = branch
    return history_of(run.config if isinstance(run, PictureRun) else run, step)


def picture_config(picture: str, name: str, kind: str, seed: int) -> PictureConfig:
    """Return the GAN of pictures that the page shows, with its usual learning rates."""
    more: dict[str, Any] = {"conditional": picture == "wanted", "seed": seed, "pictures": name}
    if name == "printed":
        more |= {"steps": 600, "lr_g": 0.002, "lr_d": 0.0005, "average": 0.99}
    if kind != "norm":
        more |= {"average": 0.0}
    if kind in ("bare", "collapse"):
        more |= {"batch_norm": False, "dropout": 0.0}
    if kind == "collapse":
        more |= {"lr_g": 0.005, "lr_d": 0.0005}
    return PictureConfig(**more)
