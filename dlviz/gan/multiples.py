"""Small multiples: games that differ in one setting, side by side, in step."""

import numpy as np

from dlviz.gan.line import line_of
from dlviz.gan.line_stage import judged, scale_of, top_of
from dlviz.gan.measures import reference
from dlviz.gan.traces import GanSweep
from dlviz.layers import Curve, Layer, Points
from dlviz.scene import Axis, Panel, Scene
from dlviz.words import number

FAKES = 150


def multiples_scene(games: GanSweep, name: str) -> Scene:
    """Return one small panel for each game.

    Parameters
    ----------
    name : of the setting, as the panels' titles write it
    """
    panels = tuple(_panel(games, r, f"{name} {_told(v)}") for r, v in enumerate(games.values))
    found = {f"m{r}": games["coverage"][r][None] for r in range(len(games))}
    return Scene(
        panels=panels,
        frames=len(games.frames),
        fps=10.0,
        captions=("step {frame}",),
        layout="grid",
        readouts=found,
        numbers=tuple(int(step) for step in games.frames),
    )


def _told(value: object) -> str:
    return number(value) if isinstance(value, int | float) else str(value)


def _panel(games: GanSweep, r: int, title: str) -> Panel:
    run = games.run(r)
    source, config = run.source, run.config
    x = Axis("", source.low, source.high)
    if source.dim == 1:
        line = line_of(source)
        p = source.density(line)
        shown: tuple[Layer, ...] = (
            Curve(x=line, y=p, color="ink", dashed=True, width=1.5),
            Curve(over="t", x=line, y=run.density, color="path", width=2.0),
            Curve(over="t", x=line, y=judged(config, run.logits), color="second", width=2.0),
        )
        return Panel(f"run{r}", x, Axis("", 0, top_of(p)), shown, title=title,
                     alt="The data's density, dashed, the generator's, and "
                     f"{scale_of(config)}, {title}.")  # fmt: skip
    real = reference(config.data, config.points)[:150]
    shown = (
        Points(xy=real, color="muted", marker="square", size=1.5),
        Points(over="t", xy=np.asarray(run.samples[:, :FAKES]), color="path", size=2.5),
    )
    return Panel(f"run{r}", x, Axis("", source.low, source.high), shown, title=title, equal=True,
                 framed=False, alt=f"Real points and fakes, {title}.")  # fmt: skip
