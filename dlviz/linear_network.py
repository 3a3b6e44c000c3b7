"""The two-class linear network whose loss is a bowl with curvatures 0.84 and 0.036.

After figures 9 and 11 of LeCun, Bottou, Orr & Müller, "Efficient BackProp" (1998): 100 points from
two Gaussians, one linear neuron without bias, targets ±1, loss E = half the mean square error.
"""

import numpy as np

from dlviz.landscapes import Array, QuadraticForm

CURVATURES = (0.84, 0.036)
CENTER, SPREAD, COUNT, SEED = (0.4, 0.8), 0.19, 100, 0


def sample() -> tuple[Array, Array]:
    """Draw the inputs (100, 2) and their targets ±1 (100,).

    A draw of 100 points has curvatures near those of its distribution, not equal to them, and the
    largest stable step would be off by a few percent. So the sample is stretched along its own
    principal axes until its second moment has the eigenvalues ``CURVATURES`` exactly.
    """
    targets = np.repeat([1.0, -1.0], COUNT // 2)
    noise = np.random.default_rng(SEED).normal(scale=SPREAD, size=(COUNT, 2))
    inputs = targets[:, None] * np.array(CENTER) + noise
    eigenvalues, axes = np.linalg.eigh(inputs.T @ inputs / COUNT)
    stretch = np.sqrt(np.array(sorted(CURVATURES)) / eigenvalues)
    return inputs @ (axes * stretch) @ axes.T, targets


def loss_landscape() -> QuadraticForm:
    """Return E(w) = mean over the sample of ½ (target − w · input)², as the bowl that it is.

    With the moments R = mean(input inputᵀ) and b = mean(target · input) it is
    ½ − b · w + ½ wᵀ R w, whose minimum is at R⁻¹ b and has the value ½ (1 − b · R⁻¹ b).
    """
    inputs, targets = sample()
    moment = inputs.T @ inputs / COUNT
    pull = targets @ inputs / COUNT
    best = np.linalg.solve(moment, pull)
    return QuadraticForm(
        xx=float(moment[0, 0]),
        xy=float(moment[0, 1]),
        yy=float(moment[1, 1]),
        center=(float(best[0]), float(best[1])),
        floor=float(0.5 * (1 - pull @ best)),
    )
