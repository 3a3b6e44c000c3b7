"""Put attacks and attributions beside torchattacks, foolbox, ART and captum, in one run.

The peers pin packages that clash with the app's, so they live in an environment of their own, which
sees the app's packages and adds to them::

    python -m venv /tmp/peers
    echo "$PWD/.venv/lib/python3.11/site-packages" > /tmp/peers/lib/python3.11/site-packages/app.pth
    /tmp/peers/bin/pip install --no-deps torchattacks==3.5.1 foolbox==3.3.4 eagerpy==0.30.0 \
        captum==0.9.0 adversarial-robustness-toolbox==1.20.1 six GitPython gitdb smmap tqdm \
        matplotlib contourpy cycler fonttools kiwisolver pyparsing
    /tmp/peers/bin/python -m benchmarks.attacks

It prints a table and fails if a promise is not kept. Times are processor time on one thread, the
median of ratios of runs that take turns. Carlini-Wagner takes long: it is run on the first 120
digits that are read right, or on as many as ``python -m benchmarks.attacks 360`` says.
"""

import os
import sys

# Before numpy and torch are imported, for they read it then.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

from collections.abc import Callable
from statistics import median
from typing import Any

import art.attacks.evasion
import art.estimators.classification
import captum.attr
import foolbox
import torch
import torchattacks
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor, nn

from benchmarks.report import Row, report
from benchmarks.timing import seconds
from dlviz.attacks import AttackConfig, attack, universal_perturbation
from dlviz.attribution import (
    grad_cam,
    input_x_gradient,
    integrated_gradients,
    occlusion,
    saliency,
)

torch.set_num_threads(1)
RADII = (0.05, 0.1, 0.15, 0.2)
ROUNDS = 15  # all take turns, so that whatever else the machine does slows all alike


def digits() -> tuple[Tensor, ...]:
    """Return training images, test images and their labels: 1437 and 360."""
    table = load_digits()
    images = (table.data / 16).astype("float32").reshape(-1, 1, 8, 8)
    parts = train_test_split(images, table.target, test_size=360, random_state=0)
    return tuple(torch.tensor(part) for part in parts)


def trained(x: Tensor, y: Tensor) -> nn.Sequential:
    """Return a network of two convolutions, 9 930 parameters."""
    with torch.random.fork_rng():
        torch.random.default_generator.manual_seed(0)
        first = [nn.Conv2d(1, 16, 3, padding=1), nn.ReLU()]
        second = [nn.Conv2d(16, 32, 3, padding=1), nn.ReLU()]
        model = nn.Sequential(*first, *second, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, 10))
        optimizer = torch.optim.Adam(model.parameters(), 1e-3)
        for _ in range(30):
            for rows in torch.randperm(len(x)).split(64):
                optimizer.zero_grad()
                nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
                optimizer.step()
    return model.eval()


def race(ours: Callable[[], Any], theirs: Callable[[], Any], rounds: int) -> float:
    """Return how many times as long theirs takes, the median over rounds."""
    ratios = []
    for _ in range(rounds):
        took = seconds(ours)
        ratios.append(seconds(theirs) / took)
    return median(ratios)


def apart(a: Tensor, b: Tensor) -> float:
    """Return the largest difference of two tensors."""
    return (a - b).abs().max().item()


def bounded(model: nn.Module, x: Tensor, y: Tensor) -> list[Row]:
    """FGSM and PGD beside both libraries: equal to the last bit, and how fast."""
    fm = foolbox.PyTorchModel(model, bounds=(0, 1))
    linf = foolbox.attacks.LinfPGD(rel_stepsize=0.25, steps=10, random_start=False)
    fast = foolbox.attacks.LinfFastGradientAttack()
    worst = {"FGSM, torchattacks": 0.0, "FGSM, foolbox": 0.0}
    worst |= {"PGD-10, torchattacks": 0.0, "PGD-10, foolbox": 0.0}
    for e in RADII:
        fgsm = attack(model, x, y, AttackConfig("fgsm", epsilon=e)).adversarial
        pgd = attack(model, x, y, AttackConfig("pgd", epsilon=e, steps=10)).adversarial
        theirs = torchattacks.PGD(model, e, e / 4, 10, random_start=False)(x, y)
        found = [
            apart(fgsm, torchattacks.FGSM(model, e)(x, y)),
            apart(fgsm, fast(fm, x, y, epsilons=[e])[0][0]),
            apart(pgd, theirs),
            apart(pgd, linf(fm, x, y, epsilons=[e])[0][0]),
        ]
        worst = {name: max(w, f) for (name, w), f in zip(worst.items(), found, strict=True)}
    rows: list[Row] = [
        (f"{name}: largest difference", w, "", "0", lambda w: w == 0) for name, w in worst.items()
    ]
    speed = median(
        race(
            lambda e=e: attack(model, x, y, AttackConfig("pgd", epsilon=e)),
            lambda e=e: torchattacks.PGD(model, e, e / 4, 10, random_start=False)(x, y),
            ROUNDS,
        )
        for e in RADII
    )
    return [*rows, ("PGD-10: torchattacks' time to ours", speed, "", ">= 1.2", lambda s: s >= 1.2)]


def nearest(model: nn.Module, x: Tensor, y: Tensor, few: int) -> list[Row]:
    """DeepFool and Carlini-Wagner beside foolbox: success, distance, time."""
    fm = foolbox.PyTorchModel(model, bounds=(0, 1))
    right = model(x).argmax(1) == y
    deep = foolbox.attacks.L2DeepFoolAttack(steps=50, candidates=10, overshoot=0.02)
    rows = _beside("DeepFool", model, x[right], y[right], AttackConfig("deepfool"), deep)
    speed = race(
        lambda: attack(model, x, y, AttackConfig("deepfool")),
        lambda: deep(fm, x, y, epsilons=None),
        5,
    )
    rows.append(("DeepFool: foolbox's time to ours", speed, "", ">= 3", lambda s: s >= 3))
    cw = foolbox.attacks.L2CarliniWagnerAttack(binary_search_steps=9, steps=1000)
    some = right.nonzero()[:few, 0]
    return [*rows, *_beside("C&W", model, x[some], y[some], AttackConfig("cw"), cw)]


def _beside(
    name: str, model: nn.Module, x: Tensor, y: Tensor, config: AttackConfig, theirs: Any
) -> list[Row]:
    ours = attack(model, x, y, config)
    other = theirs(foolbox.PyTorchModel(model, bounds=(0, 1)), x, y, epsilons=None)[0]
    median_of = (other - x).flatten(1).norm(dim=1).median().item()
    share = ours.distance().median().item() / median_of
    success = ours.success.double().mean().item()
    fooled = (model(other).argmax(1) != y).double().mean().item()
    return [
        (f"{name} on {len(x)} digits: success", 100 * success, "%", "100", lambda s: s == 100),
        (f"{name}: foolbox's success", 100 * fooled, "%", "", None),
        (
            f"{name}: median L2 to foolbox's {median_of:.3f}",
            share,
            "",
            "<= 1.01",
            lambda s: s <= 1.01,
        ),
    ]


def universal(model: nn.Module, seen: Tensor, labels: Tensor, x: Tensor) -> list[Row]:
    """One change for all, made from 200 images, on 360 others: beside ART."""
    epsilon, before = 0.2, model(x).argmax(1)

    def fooled(change: Tensor) -> float:
        return (model((x + change).clamp(0, 1)).argmax(1) != before).double().mean().item()

    config = AttackConfig("universal", epsilon=epsilon)
    ours = fooled(universal_perturbation(model, seen[:200], labels[:200], config))
    classifier = art.estimators.classification.PyTorchClassifier(
        model, nn.CrossEntropyLoss(), (1, 8, 8), 10, clip_values=(0, 1)
    )
    maker = art.attacks.evasion.UniversalPerturbation(
        classifier, attacker="deepfool", eps=epsilon, max_iter=5, verbose=False
    )
    maker.generate(seen[:200].numpy(), labels[:200].numpy())
    theirs = fooled(torch.tensor(maker.noise))
    return [
        ("universal, ε = 0.2, 200 images: share of others fooled", ours, "", "", None),
        ("the same of ART", theirs, "", "", None),
        ("ours to ART's", ours / theirs, "", ">= 2", lambda r: r >= 2),
    ]


def maps(model: nn.Sequential, x: Tensor, y: Tensor) -> list[Row]:
    """Attributions beside captum's: largest differences."""
    layer, window = model[3], (1, 3, 3)
    attr = captum.attr
    pairs = {
        "saliency": (saliency(model, x, y, signed=False), attr.Saliency(model).attribute(x, y)),
        "input x gradient": (
            input_x_gradient(model, x, y),
            attr.InputXGradient(model).attribute(x, y),
        ),
        "Grad-CAM, signed": (
            grad_cam(model, layer, x, y, relu=False),
            attr.LayerGradCam(model, layer).attribute(x, y),
        ),
        "integrated gradients": (
            integrated_gradients(model, x, y).attributions,
            attr.IntegratedGradients(model).attribute(x, 0, y, n_steps=50),
        ),
        "occlusion": (
            occlusion(model, x, y),
            attr.Occlusion(model).attribute(x, window, target=y, baselines=0),
        ),
    }
    rows: list[Row] = []
    for name, (ours, theirs) in pairs.items():
        most = 1e-5 if name in ("integrated gradients", "occlusion") else 0
        difference = apart(ours.detach(), theirs.detach())
        rows.append(
            (
                f"{name}: largest difference",
                difference,
                "",
                f"<= {most:g}",
                lambda d, m=most: d <= m,
            )
        )
    return rows


def main() -> None:
    seen, x, labels, y = digits()
    model = trained(seen, labels)
    few = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    rows = [*bounded(model, x, y), *maps(model, x[:16].clone(), y[:16])]
    rows += [*universal(model, seen, labels, x), *nearest(model, x, y, few)]
    report(rows)


if __name__ == "__main__":
    main()
