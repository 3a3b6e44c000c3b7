"""One sentence on what came out."""

from dlviz.convolution.config import ConvolutionConfig
from dlviz.convolution.cost_stage import grouped
from dlviz.convolution.facts import Facts
from dlviz.words import counted, number


def outcome_sentence(config: ConvolutionConfig, found: Facts) -> str:
    """Return what a picture shows, with its numbers."""
    return _SENTENCES[config.picture](config, found)


def _window(config: ConvolutionConfig, found: Facts) -> str:
    cells = counted(found["taps"], "cell")
    if found["windows"] == 1:
        what = (
            "the sum of products" if config.operation == "convolve" else f"its {config.operation}"
        )
        return f"1 window of {cells} makes 1 number, {what}: {number(found['largest'])}."
    what = "sums of products" if config.operation == "convolve" else f"{config.operation} of each"
    return (
        f"{found['windows']} windows of {cells} make {found['rows']} × "
        f"{found['columns']} numbers, the {what}: {number(found['smallest'])} to "
        f"{number(found['largest'])}."
    )


def _guess(config: ConvolutionConfig, found: Facts) -> str:
    if found["enough"] is None:
        return (
            f"What the windows ({found['windows']}) say does not settle "
            f"{counted(found['taps'], 'weight')}: on this image other kernels give the same output."
        )
    off = "exactly" if found["off"] < 1e-6 else f"up to {number(found['off'])}"
    return (
        f"After {counted(found['enough'], 'window')} the kernel is settled "
        f"({counted(found['taps'], 'weight')}), {off} in the end."
    )


def _photo(config: ConvolutionConfig, found: Facts) -> str:
    if config.operation != "convolve":
        return f"Each square of {config.pool_size} × {config.pool_size} pixels becomes one number."
    total = number(found["kernel_sum"])
    if abs(found["kernel_sum"]) < 1e-9:
        return "The weights sum to 0: where nothing changes the output is 0, and edges stand out."
    return f"The weights sum to {total}: an even patch becomes {total} times as bright."


def _line(config: ConvolutionConfig, found: Facts) -> str:
    gain = number(found["gain"])
    return f"A sinusoid of frequency {number(config.frequency)} comes out {gain} times as high."


def _matrix(config: ConvolutionConfig, found: Facts) -> str:
    return (
        f"Dense {found['dense']}, local {found['local']}, shared {found['shared']} parameters "
        f"for the same wiring; here {found['free']}."
    )


def _shift(config: ConvolutionConfig, found: Facts) -> str:
    if found["gap"] == 0:
        return "Both ways give the same numbers: the operation is equivariant to this move."
    return f"The two ways differ by up to {number(found['gap'])}: here it is not equivariant."


def _cost(config: ConvolutionConfig, found: Facts) -> str:
    return (
        f"{grouped(found['products'])} products with {counted(found['weights'], 'weight')} do "
        f"what a fully connected layer does with {grouped(found['dense_weights'])} weights."
    )


def _field(config: ConvolutionConfig, found: Facts) -> str:
    return f"A unit of layer {config.layers} sees {found['field']} inputs: {found['fields']}."


_SENTENCES = {
    "window": _window,
    "guess": _guess,
    "photo": _photo,
    "line": _line,
    "matrix": _matrix,
    "shift": _shift,
    "cost": _cost,
    "field": _field,
}
