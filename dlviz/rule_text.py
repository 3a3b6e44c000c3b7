"""Update rules and schedules as PyTorch text, for the programs that labs print."""

_CLASSES = {
    "sgd": "SGD",
    "momentum": "SGD",
    "nesterov": "SGD",
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adadelta": "Adadelta",
    "adam": "Adam",
    "adamw": "AdamW",
    "nadam": "NAdam",
}

_SETTINGS = {
    "sgd": "lr=lr",
    "momentum": "lr=lr, momentum={momentum!r}",
    "nesterov": "lr=lr, momentum={momentum!r}, nesterov=True",
    "adagrad": "lr=lr, eps=1e-10",
    "rmsprop": "lr=lr, alpha={alpha!r}",
    "adadelta": "lr=lr, rho={rho!r}",
    "adam": "lr=lr, betas=({momentum!r}, {beta2!r})",
    "adamw": "lr=lr, betas=({momentum!r}, {beta2!r}), weight_decay={weight_decay!r}",
    "nadam": "lr=lr, betas=({momentum!r}, {beta2!r}), momentum_decay=4e-3",
}

# What the learning rate of update t is multiplied by.
SCHEDULES = {
    "step": "0.1 ** (t // -(-steps // 3))",
    "exponential": "0.01 ** (t / steps)",
    "inverse_time": "1 / (1 + 10 * t / steps)",
    "cosine": "(1 + math.cos(math.pi * t / steps)) / 2",
    "warmup_cosine": "(t + 1) / (steps // 10 + 1) if t < steps // 10 else "
    "(1 + math.cos(math.pi * (t - steps // 10) / (steps - steps // 10))) / 2",
}


def settings(name: str, **numbers: float) -> str:
    """Return the settings of an optimizer of ``torch.optim`` as its keyword arguments.

    Parameters
    ----------
    name : of ``dlviz.optimizers.OPTIMIZERS``, except newton, which torch does not have
    numbers : momentum, beta2, weight_decay, and where they are not torch's own: alpha, rho
    """
    return _SETTINGS[name].format(**{"alpha": 0.99, "rho": 0.9} | numbers)


def maker(name: str, *, momentum: float, **numbers: float) -> str:
    """Return the call that makes an optimizer of ``torch.optim`` for the tensor ``w``."""
    if name == "nesterov" and momentum == 0:  # which torch refuses
        name = "sgd"
    return f"{_CLASSES[name]}([w], {settings(name, momentum=momentum, **numbers)})"


def with_math(text: str) -> str:
    """Return a program with the import that its schedule or its surface needs."""
    return (
        text.replace("import torch\n", "import math\n\nimport torch\n", 1)
        if "math." in text
        else text
    )
