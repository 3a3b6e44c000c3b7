"""One dimension: a flipped kernel slides along a signal, sample by sample."""

import numpy as np
from numpy.typing import NDArray

from dlviz.convolution.config import ConvolutionConfig
from dlviz.convolution.knobs import LABELS, knob_of, turned
from dlviz.convolution.lines import LENGTH, LINE_KERNELS, LineTrace, line, response
from dlviz.layers import Curve, Layer, Path, Segments
from dlviz.scene import Axis, Knob, Panel, Scene

Array = NDArray[np.float64]

BASE, TALL = -2.2, 0.9  # where the kernel stands in the signal's panel, and its largest weight
FREQUENCIES = np.linspace(0, 0.5, 101)


def slide_line(config: ConvolutionConfig) -> LineTrace:
    """Return the signal of a Config, its kernel, and the output."""
    return line(config.signal, config.line_kernel, config.taps, config.frequency, config.seed)


def line_scene(config: ConvolutionConfig, values: tuple[float, ...]) -> Scene:
    """Return the kernel at each sample, at each turn of the knob."""
    field = knob_of(config)
    configs = turned(config, values)
    runs = [slide_line(each) for each in configs]
    outputs = np.stack([run.output for run in runs])
    gains = np.stack(
        [
            np.abs(response(run.kernel, [each.frequency]))
            for run, each in zip(runs, configs, strict=True)
        ]
    )
    wave = config.signal in ("sinusoid", "noisy")
    tail = "; a sinusoid of frequency {at} becomes {gain} times as high" if wave else ""
    return Scene(
        panels=(_signal(config, runs), _output(config, configs, runs), _gain(config, runs, values)),
        frames=LENGTH,
        fps=9.0,
        captions=(
            f"sample {{frame}}: {LINE_KERNELS[config.line_kernel].lower()} of the last "
            f"{{taps}} samples is {{output}}{tail}",
        ),
        knob=Knob(field, LABELS[field], values, 0),
        layout="split",
        unit="sample",
        readouts={
            "output": np.round(outputs, 6),
            "gain": np.round(gains, 6),
            "taps": np.array([[len(run.kernel)] for run in runs]),
            "at": np.array([[each.frequency] for each in configs]),
        },
    )


def _signal(config: ConvolutionConfig, runs: list[LineTrace]) -> Panel:
    shared = len({len(run.signal) for run in runs}) == 1
    signals = np.stack([run.signal[len(run.kernel) - 1 :] for run in runs])
    samples = Curve(x=np.arange(LENGTH), y=signals, over="k", color="second", cursor="step")
    layers: list[Layer] = [samples, *_kernel(runs, shared)]
    top = max(1.3, float(np.abs(signals).max()) * 1.1)
    low = BASE - 0.2 - TALL * any((run.kernel < 0).any() for run in runs)
    return Panel(
        "signal",
        Axis("sample n", -0.5, LENGTH - 0.5),
        Axis("x", low, top),
        tuple(layers),
        title="the signal; under it the kernel, flipped",
        alt="A signal, and under it the weights of the kernel in turned order.",
    )


def _kernel(runs: list[LineTrace], shared: bool) -> list[Layer]:
    """Return stems for the weights, the first one under the present sample, and their base."""
    most = max(len(run.kernel) for run in runs)
    weights = np.full((len(runs), most), np.nan)
    for row, run in zip(weights, runs, strict=True):
        row[: len(run.kernel)] = run.kernel / np.abs(run.kernel).max()
    rows = weights[:1] if shared else weights
    at = np.arange(LENGTH)[None, :, None] - np.arange(most)[None, None]
    tops = np.broadcast_to(BASE + TALL * rows[:, None], (len(rows), LENGTH, most))
    x = np.broadcast_to(at, tops.shape)
    stems = np.stack([np.stack([x, np.full(x.shape, BASE)], -1), np.stack([x, tops], -1)], -2)
    base = np.array([[(-0.5, BASE), (LENGTH - 0.5, BASE)]])
    over = "t" if shared else "kt"
    return [
        Segments(xy=base, width=1.0),
        Segments(xy=stems[0] if shared else stems, over=over, color="path", width=3.5),
    ]


def _output(
    config: ConvolutionConfig, configs: list[ConvolutionConfig], runs: list[LineTrace]
) -> Panel:
    at = np.arange(LENGTH)
    outputs = np.stack([run.output for run in runs])
    layers: list[Layer] = []
    if config.signal == "sinusoid":
        layers.append(
            Curve(
                x=at,
                y=np.stack([_predicted(*pair) for pair in zip(configs, runs, strict=True)]),
                over="k",
                color="muted",
                dashed=True,
            )
        )
    xy = np.stack([np.broadcast_to(at, outputs.shape), outputs], -1)
    layers.append(Path(xy=xy, over="k"))
    reach = max(1.2, float(np.abs(outputs).max()) * 1.1)
    words = (
        "the output; dashed, a sinusoid |H| high" if config.signal == "sinusoid" else "the output"
    )
    return Panel(
        "output",
        Axis("sample n", -0.5, LENGTH - 0.5),
        Axis("a", -reach, reach),
        tuple(layers),
        title=words,
        alt="The output, sample by sample.",
    )


def _predicted(config: ConvolutionConfig, run: LineTrace) -> Array:
    """Return |H(f)| sin(2πfn + arg H(f)): what theory says of a sinusoid."""
    gain = response(run.kernel, [config.frequency])[0]
    wave = np.exp(2j * np.pi * config.frequency * np.arange(LENGTH)) * gain
    return np.asarray(wave.imag)


def _gain(config: ConvolutionConfig, runs: list[LineTrace], values: tuple[float, ...]) -> Panel:
    if knob_of(config) == "frequency":
        gain = np.abs(response(runs[0].kernel, values))
        curve = Curve(x=np.array(values), y=gain, cursor="knob")
    else:
        gain = np.stack([np.abs(response(run.kernel, FREQUENCIES)) for run in runs])
        curve = Curve(x=FREQUENCIES, y=gain, over="k")
    top = max(1.1, float(gain.max()) * 1.1)
    return Panel(
        "gain",
        Axis("frequency f", 0, 0.5),
        Axis("|H(f)|", 0, top),
        (curve,),
        title="what is left of each frequency",
        alt="How high a sinusoid of each frequency comes out.",
    )
