"""How many test digits are still read right, against ε, and which attacks travel."""

import numpy as np

from dlviz.adversarial.config import ATTACKS, EPSILONS, AdversarialConfig
from dlviz.adversarial.knobs import knob
from dlviz.adversarial.networks import NETWORK_NAMES
from dlviz.adversarial.shades import CURVES, percent
from dlviz.adversarial.shares import NETWORKS, accuracy, at, shares
from dlviz.cell_layers import Cells
from dlviz.layers import Array, Curve, Layer, Segments, Text
from dlviz.scene import Axis, Panel, Scene
from dlviz.victims import KINDS
from dlviz.words import number

HARDENED_WITHIN = 0.15
SHORT = {"linear": "linear", "mlp": "MLP", "cnn": "CNN"}


def shares_scene(config: AdversarialConfig, values: tuple[float, ...]) -> Scene:
    """Return the stage of accuracy: the knob is ε."""
    return Scene(
        panels=tuple(_accuracy(config, values, hardened) for hardened in (False, True)),
        layout="wall",
        captions=tuple(_shares_caption(config, value) for value in values),
        knob=knob(config, values),
    )


def _accuracy(config: AdversarialConfig, values: tuple[float, ...], hardened: bool) -> Panel:
    curves: list[Layer] = []
    if hardened:
        line = np.array([[(HARDENED_WITHIN, 0), (HARDENED_WITHIN, 1.05)]])
        curves.append(Segments(xy=line, color="muted", dashed=True))
        note = np.array([[HARDENED_WITHIN + 0.005, 0.05]])
        curves.append(Text(xy=note, texts=("trained up to here",), color="muted", anchor="left"))
    for name in ATTACKS:
        kept = [accuracy(name, config.victim, hardened, value) for value in values]
        curves.append(
            Curve(x=np.array(values), y=np.array(kept), color=CURVES[name], cursor="knob",
                  dashed=name == "noise_sign")
        )  # fmt: skip
    # The upper right is free where curves fall early, the lower left where they fall late.
    x, anchor, top = (0.03, "left", 0.4) if hardened else (0.985, "right", 0.98)
    for i, (name, label) in enumerate(ATTACKS.items()):
        at_name = np.array([[x * values[-1], top - 0.07 * i]])
        curves.append(Text(xy=at_name, texts=(label,), color=CURVES[name], anchor=anchor))
    name = f"{NETWORK_NAMES[config.victim].split(',')[0]}"
    title = f"{name}, trained on attacks" if hardened else f"{name}, trained as usual"
    return Panel(
        "hardened" if hardened else "plain", Axis("ε", values[0], values[-1]),
        Axis("share of test digits read right", 0, 1.05), tuple(curves), title=title,
        alt=f"{title}: curves of the share of test digits read right against ε, under random "
        "signs, one change for all, FGSM and PGD.",
    )  # fmt: skip


def _shares_caption(config: AdversarialConfig, value: float) -> str:
    said = []
    for name, label in ATTACKS.items():
        both = (accuracy(name, config.victim, twin, value) for twin in (False, True))
        plain, hardened = map(percent, both)
        said.append(f"{label} {plain.removesuffix(' %')} / {hardened}")
    return f"ε = {number(value)}, read right, plain / hardened: " + " · ".join(said)


def transfer_scene(config: AdversarialConfig, values: tuple[float, ...]) -> Scene:
    """Return the stage of attacks that travel: the knob is ε."""
    method = config.method if config.method in ("universal", "fgsm", "pgd") else "pgd"
    kept = 1 - shares().right[list(ATTACKS).index(method)]  # (sources, readers, ε)
    k = [int(np.argmin(np.abs(np.array(EPSILONS) - value))) for value in values]
    misread = np.moveaxis(kept, 2, 0)[k]
    return Scene(
        panels=(_matrix(misread, ATTACKS[method]), _travels(config, misread, values)),
        captions=tuple(_transfer_caption(config, method, each, value)
                       for each, value in zip(misread, values, strict=True)),
        knob=knob(config, values),
    )  # fmt: skip


def _named(kind: str, hardened: bool) -> str:
    return f"{SHORT[kind]}, hard" if hardened else SHORT[kind]


def _matrix(misread: Array, attack: str) -> Panel:
    n = len(NETWORKS)
    names = tuple(_named(*each) for each in NETWORKS)
    down, half = n - 0.5 - np.arange(n), n / 2
    over = np.array([[half / 2, n + 0.8], [half * 1.5, n + 0.8]])
    marks = (
        Cells(values=np.rint(100 * misread), top=float(n), over="k", limit=140.0),
        Text(xy=np.stack([np.full(n, -0.08), down], axis=1), texts=names, anchor="right"),
        Text(
            xy=np.stack([np.arange(n) + 0.5, np.full(n, n + 0.2)], axis=1),
            texts=tuple(SHORT[kind] for kind, _ in NETWORKS),
        ),
        Text(xy=over, texts=("trained as usual", "trained on attacks"), color="muted"),
    )
    return Panel(
        "matrix", Axis("read by", -1.6, n), Axis("made on", 0, n + 1.15), marks, framed=False,
        title=f"{attack}: % misread. Down: made on; across: read by",
        alt="A table of numbers: the percentage of digits misread by the network of a column when "
        "they were attacked on the network of a row.",
    )  # fmt: skip


def _travels(config: AdversarialConfig, misread: Array, values: tuple[float, ...]) -> Panel:
    row = misread[:, at(config.victim, config.hardened)]
    curves = tuple(
        Curve(x=np.array(values), y=row[:, i], color=f"runner{i}", cursor="knob")
        for i in range(len(KINDS))
    )
    names = tuple(
        Text(xy=np.array([[0.97 * values[-1], 0.26 - 0.09 * i]]),
             texts=(f"read by the {SHORT[kind]}",), color=f"runner{i}", anchor="right")
        for i, kind in enumerate(KINDS)
    )  # fmt: skip
    return Panel(
        "travels", Axis("ε", values[0], values[-1]), Axis("share misread", 0, 1.05),
        (*curves, *names),
        title=f"Made on the {_named(config.victim, config.hardened)}",
        alt="For one network's attacks: the share misread against ε, a curve for each reader that "
        "was trained as usual.",
    )  # fmt: skip


def _transfer_caption(config: AdversarialConfig, method: str, misread: Array, value: float) -> str:
    me = at(config.victim, config.hardened)
    others = [i for i in range(len(NETWORKS)) if i != me and not NETWORKS[i][1]]
    said = " · ".join(f"{_named(*NETWORKS[i])} {percent(float(misread[me, i]))}" for i in others)
    return (
        f"ε = {number(value)}: {ATTACKS[method]} made on the {_named(*NETWORKS[me])} has it "
        f"misread {percent(float(misread[me, me]))} · who never saw it: {said}"
    )
