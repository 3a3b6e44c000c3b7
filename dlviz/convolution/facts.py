"""The numbers of a picture, for words, predictions and challenges."""

from typing import Any

import numpy as np

from dlviz.convolution.config import ConvolutionConfig, image_of, kernel_of, stack_of
from dlviz.convolution.cost_stage import cost_of, grouped
from dlviz.convolution.knobs import knob_of
from dlviz.convolution.line_stage import slide_line
from dlviz.convolution.lines import response
from dlviz.convolution.matrices import TIES, layer_matrix
from dlviz.convolution.moving import move
from dlviz.convolution.receptive import fields_of, inputs_of
from dlviz.convolution.runs import guess_kernel, run
from dlviz.convolution.sliding import WindowTrace

Facts = dict[str, Any]


def facts(config: ConvolutionConfig) -> Facts:
    """Return the numbers of a picture; those of the other pictures are None.

    - ``rows``, ``columns``, ``windows``: of the output, and how many windows there are; ``taps``
      in each; ``largest``, ``smallest``, ``first``: of its numbers; ``painted``: cells of the
      image that are not 0; ``stride``, ``size``
    - ``kernel_sum``, ``kernel_rank``, ``symmetric``: of the kernel; whether flipping changes it
    - ``enough``: after how many windows all weights of a kernel are settled, if they are;
      ``off``: by how much the worst weight is wrong in the end
    - ``gain``: what is left of a sinusoid of the signal's frequency; ``period``: its samples
    - ``free``, ``dense``, ``local``, ``shared``: parameters of the matrix, and with each tie
    - ``gap``, ``change``, ``answer``: see ``Moved``; ``calmer``: whether the output changes less
    - ``outputs``, ``products``, ``flops``, ``dense_weights``, ``dense_flops``, ``saving``: of the
      cost, the last how many times more weights are in the fully connected layer
    - ``field``, ``fields``, ``inputs``, ``layers``, ``field_kernel``: of the stack
    - ``formula``: LaTeX, with the numbers filled in
    """
    return {**dict.fromkeys(_NAMES), "picture": config.picture, "knob": knob_of(config),
            **_OF_PICTURE[config.picture](config)}  # fmt: skip


def _window(config: ConvolutionConfig) -> Facts:
    trace = run(config)
    found = _outputs(config, trace)
    if config.operation != "convolve":
        return found
    kernel = kernel_of(config)
    return found | {
        "kernel_sum": float(np.round(kernel.sum(), 9)),
        "kernel_rank": int(np.linalg.matrix_rank(kernel)),
        "symmetric": bool(np.allclose(kernel, kernel[::-1, ::-1])),
    }


def _outputs(config: ConvolutionConfig, trace: WindowTrace) -> Facts:
    output = np.round(trace.output, 9)
    pools = config.operation != "convolve" and config.picture == "window"
    stride = config.pool_stride if pools else config.stride
    side, reach = len(trace.padded), trace.dilation * (len(trace.kernel) - 1) + 1
    rows = output.shape[0]
    return {
        "rows": rows,
        "columns": output.shape[1],
        "windows": output.size,
        "taps": trace.kernel.size,
        "largest": float(output.max()),
        "smallest": float(output.min()),
        "first": float(output[0, 0]),
        "painted": int((image_of(config) > 0).sum()),
        "stride": stride,
        "size": config.size,
        "formula": r"\begin{gathered} \Big\lfloor \frac{H + p - d\,(k - 1) - 1}{s} \Big\rfloor + 1"
        r" \\ = \Big\lfloor"
        rf" \frac{{{side} - {reach}}}{{{stride}}} \Big\rfloor + 1 = {rows} \end{{gathered}}",
    }


def _guess(config: ConvolutionConfig) -> Facts:
    trace, _, found = guess_kernel(config)
    settled = np.flatnonzero(found.ranks == trace.kernel.size)
    return {
        **_outputs(config, trace),
        "enough": int(settled[0]) if settled.size else None,
        "off": float(np.round(found.errors[-1], 6)),
        "formula": r"\hat k = \arg\min_k \lVert P k - y \rVert^2, \quad \text{rank } P = "
        f"{int(found.ranks[-1])}",
    }


def _photo(config: ConvolutionConfig) -> Facts:
    kernel = kernel_of(config)
    return {"kernel_sum": float(np.round(kernel.sum(), 9)), "taps": kernel.size,
            "formula": r"(1 - a)\, I + a K, \quad \textstyle\sum K = "
                       f"{kernel.sum():.3g}"}  # fmt: skip


def _line(config: ConvolutionConfig) -> Facts:
    trace = slide_line(config)
    gain = float(np.abs(response(trace.kernel, [config.frequency]))[0])
    return {
        "gain": float(np.round(gain, 9)),
        "period": 1 / config.frequency if config.frequency else None,
        "taps": config.taps,
        "frequency": config.frequency,
        "formula": r"a[n] = \sum_j k[j]\, x[n - j], \quad |H(f)| = \Big|\sum_j k[j]\,"
        rf"e^{{-2\pi i f j}}\Big| = {gain:.3g}",
    }


def _matrix(config: ConvolutionConfig) -> Facts:
    counts = {tie: layer_matrix(tie, config.border, np.ones(3)).free for tie in TIES}
    free = counts[TIES[config.tie]]
    return {**counts, "free": free, "formula": rf"y = W x, \quad {free} \text{{ parameters}}"}


def _shift(config: ConvolutionConfig) -> Facts:
    moved = move(config)
    return {
        "gap": float(np.round(moved.gap, 9)),
        "change": moved.change,
        "answer": moved.answer,
        "calmer": moved.answer < moved.change,
        "moved": config.shift if config.move == "shift" else config.turns,
        "formula": r"\max \big| f(T x) - T f(x) \big| = " f"{moved.gap:.3g}",
    }


def _cost(config: ConvolutionConfig) -> Facts:
    counted = cost_of(config)
    text = grouped(counted.dense_weights).replace("\u2009", r"\,")
    return {
        **vars(counted),
        "saving": counted.dense_weights / counted.weights,
        "formula": rf"{config.image_height} \cdot {config.image_width} \cdot"
        rf" {grouped(counted.outputs)} = {text}".replace("\u2009", r"\,"),
    }


def _field(config: ConvolutionConfig) -> Facts:
    strides, dilations = stack_of(config)
    fields = fields_of(config.field_kernel, strides, dilations)
    return {
        "field": fields[-1],
        "fields": ", ".join(map(str, fields)),
        "inputs": inputs_of(config.field_kernel, strides, dilations),
        "layers": config.layers,
        "field_kernel": config.field_kernel,
        "formula": r"r_L = 1 + \sum_{l=1}^{L} (k - 1)\, d_l \prod_{i<l} s_i = " f"{fields[-1]}",
    }


_OF_PICTURE = {"window": _window, "guess": _guess, "photo": _photo, "line": _line,
               "matrix": _matrix, "shift": _shift, "cost": _cost, "field": _field}  # fmt: skip
_NAMES = (
    "rows", "columns", "windows", "taps", "largest", "smallest", "first", "painted", "stride",
    "size", "kernel_sum", "kernel_rank", "symmetric", "enough", "off", "gain", "period",
    "frequency", "free", "dense", "local", "shared", "gap", "change", "answer", "calmer", "moved",
    "outputs", "weights", "products", "flops", "dense_weights", "dense_flops", "saving", "field",
    "fields", "inputs", "layers", "field_kernel",
)  # fmt: skip
