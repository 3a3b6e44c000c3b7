"""One plain sentence on how a run ended and why, with its numbers."""

from collections.abc import Callable, Mapping

import numpy as np

from dlviz.boundary.facts import Facts, facts
from dlviz.boundary.readings import signals
from dlviz.boundary.traces import BoundaryTrace
from dlviz.words import number

FLAT = 1e-4  # the slope of an activation below which next to nothing flows back through it
WORSE = 0.1  # of the lowest test loss: how much more of it at the end is worth a word
# Rules that divide the gradient by its own size, so that steps are about as long as the rate.
BOUNDED = ("adagrad", "rmsprop", "adam", "adamw", "nadam")


@np.errstate(all="ignore")  # near the largest numbers all is rough anyway
def outcome_sentence(trace: BoundaryTrace) -> str:
    """Say how the run ended, and why where the numbers tell."""
    known = facts(trace)
    if known["epochs"] == 0:
        loss = _number(trace.train_loss[-1])
        return f"Not trained: the training loss is {loss}, {_on_the_test_set(trace, known)}."
    return _SENTENCES[trace.outcome](trace, known)


def _converged(trace: BoundaryTrace, known: Facts) -> str:
    return f"Has settled after {_course(trace, known)}."


def _ran(trace: BoundaryTrace, known: Facts) -> str:
    return f"Not settled after {_course(trace, known)}."


def _course(trace: BoundaryTrace, known: Facts) -> str:
    first, last = _number(trace.train_loss[0]), _number(trace.train_loss[-1])
    went = f"{_epochs(known['epochs'])}: the training loss went from {first} to {last}"
    dead = known["dead_links"]
    killed = f"; L1 has killed {dead} of {known['links']} links" if dead else ""
    return f"{went}, {_on_the_test_set(trace, known)}{_early(known)}{killed}"


def _on_the_test_set(trace: BoundaryTrace, known: Facts) -> str:
    share, loss = known["test_accuracy"], _number(trace.test_loss[-1])
    right = "" if share is None else f", {number(100 * share)}% of the test points are right"
    return f"the test loss is {loss}{right}"


def _early(known: Facts) -> str:
    """Tell if the test loss was clearly lower before."""
    best, worse = known["best_test_loss"], known["overfit"]
    if worse is None or worse <= WORSE * best:
        return ""
    when = f"after {_epochs(known['best_epoch'])}" if known["best_epoch"] else "at the start"
    return f"; the test loss was lowest, {number(best)}, {when}"


def _stalled(trace: BoundaryTrace, known: Facts) -> str:
    longest, loss = _number(trace.grad_norms[-1].max()), _number(trace.train_loss[-1])
    stuck = f"Stuck at a training loss of {loss}, with no gradient longer than {longest}"
    return f"{stuck}: {_obstacle(trace, known)}."


def _obstacle(trace: BoundaryTrace, known: Facts) -> str:
    """Tell why nothing flows back, or that nothing is left to learn."""
    weights = trace.parameters[-1][trace.architecture.is_weight()]
    if known["dead_links"] == known["links"]:
        return f"L1 has killed all {known['links']} links"
    if known["hidden_layers"] and not weights.any():
        return "all weights are 0, a saddle, and no signal gets through, forward or back"
    if known["hidden_layers"] == 0 and trace.head.trained == "linear":
        return "no weights do better, for without a hidden layer the loss has a single minimum"
    return _flat_layer(trace) or "it lies on a plateau, or such a network can do no better"


def _flat_layer(trace: BoundaryTrace) -> str:
    """Tell which layer lets nothing back at any training point; empty if there is none."""
    shape = trace.architecture
    values = signals(trace, [-1], trace.data[0].x)
    names = (*shape.hidden, trace.head.trained)
    layers = zip(names, shape.activations, shape.matrices(trace.parameters[-1]), strict=True)
    for i, (name, activation, matrix) in enumerate(layers):
        sums = matrix[:, :-1] @ values[i][0] + matrix[:, -1:]
        slope = float(np.abs(activation.slope(sums.copy(), activation.value(sums))).max())
        which = "outputs" if i == len(shape.hidden) else f"units of hidden layer {i + 1}"
        if slope == 0 and name == "relu":
            return f"the {which} are dead, 0 at every training point"
        if slope <= FLAT:
            return f"the {which} are saturated, the slope of {name} is at most {number(slope)}"
    return ""


def _diverged(trace: BoundaryTrace, known: Facts) -> str:
    bad = ~(np.isfinite(trace.train_loss) & np.isfinite(trace.parameters).all(1))
    if not bad.any():
        first, last = _number(trace.train_loss[0]), _number(trace.train_loss[-1])
        return f"Ran away: the training loss went from {first} to {last}; {_cause(trace)}."
    entry = int(bad.argmax())
    if entry == 0:
        return "Began with numbers so large that the training loss is not finite."
    largest = _number(np.abs(trace.parameters[entry - 1]).max())
    was = f"the training loss was {_number(trace.train_loss[entry - 1])}"
    was += f" and the largest parameter {largest} after {_epochs(trace.epochs[entry - 1])}"
    lost = "the loss is" if np.isfinite(trace.parameters[entry]).all() else "parameters are"
    now = f"by epoch {trace.epochs[entry]} {lost} beyond the largest number there is, 1.8e308"
    return f"Ran away: {was}, {now}; {_cause(trace)}."


def _cause(trace: BoundaryTrace) -> str:
    """Tell what made the numbers grow."""
    config = trace.config
    decays = {"sgd": ("L2", config.l2), "adamw": ("weight decay", config.weight_decay)}
    name, decay = decays.get(config.optimizer, ("", 0.0))
    if config.lr * decay > 2:
        product = number(config.lr * decay)
        return f"η times {name} is {product}, over 2, so each update throws weights farther past 0"
    rate = f"η = {number(config.lr)}"
    if config.optimizer in BOUNDED:
        return f"with {rate} steps are long however small the gradient, and overshoot any minimum"
    if config.optimizer in ("momentum", "nesterov"):
        rate += f" and momentum {number(config.momentum)}"
    grows = "the gradient grows with the weights"
    if trace.head.trained == "linear" and trace.head.loss == "half_mse":
        grows = "the error of a linear output grows with the weights, and the gradient with it"
    return f"with {rate} each update overshoots farther than the last, for {grows}"


def _epochs(count: int) -> str:
    return "1 epoch" if count == 1 else f"{count} epochs"


def _number(value: float) -> str:
    return number(float(value))


_SENTENCES: Mapping[str, Callable[[BoundaryTrace, Facts], str]] = {
    "converged": _converged,
    "ran": _ran,
    "stalled": _stalled,
    "diverged": _diverged,
}
