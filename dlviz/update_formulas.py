"""Update rules as formulas: what pages show of ``dlviz.optimizers``."""

# LaTeX of one update of w with gradient g; the papers are named in ``dlviz.optimizers``.
UPDATE_FORMULAS = {
    "sgd": r"w \leftarrow w - \eta\,g",
    "momentum": r"v \leftarrow \beta v + g, \quad w \leftarrow w - \eta\,v",
    "nesterov": r"v \leftarrow \beta v + g, \quad w \leftarrow w - \eta\,(g + \beta v)",
    "adagrad": r"s \leftarrow s + g^2, \quad w \leftarrow w - \eta\,g / \sqrt{s}",
    "rmsprop": r"s \leftarrow \beta_2 s + (1 - \beta_2)\,g^2, \quad "
    r"w \leftarrow w - \eta\,g / \sqrt{s}",
    "adadelta": r"w \leftarrow w - \eta\,\frac{\mathrm{RMS}(\Delta w)}{\mathrm{RMS}(g)}\,g",
    "adam": r"w \leftarrow w - \eta\,\hat m / (\sqrt{\hat s} + \epsilon)",
    "adamw": r"w \leftarrow (1 - \eta\,\delta)\,w - \eta\,\hat m / (\sqrt{\hat s} + \epsilon)",
    "nadam": r"w \leftarrow w - \eta\,(\mu \hat m + (1 - \mu)\,\hat g) "
    r"/ (\sqrt{\hat s} + \epsilon)",
    "newton": r"w \leftarrow w - \eta\,|H|^{-1} g",
}
