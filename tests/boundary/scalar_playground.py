"""TensorFlow Playground's arithmetic, one number at a time: the oracle of the training loop.

Written after its nn.ts: derivatives of single samples are added up and their mean is taken off at
the end of a batch; a weight that the L1 penalty takes across 0 is set to 0 and is dead.
"""

from math import exp, tanh

FUNCTIONS = {
    "tanh": (tanh, lambda z: 1 - tanh(z) ** 2),
    "relu": (lambda z: max(0.0, z), lambda z: 0.0 if z <= 0 else 1.0),
    "sigmoid": (lambda z: 1 / (1 + exp(-z)), lambda z: exp(-z) / (1 + exp(-z)) ** 2),
    "linear": (lambda z: z, lambda z: 1.0),
}


class Playground:
    """A network of nodes and links that learns sample by sample."""

    def __init__(self, weights, biases, activation, l1=0.0, l2=0.0):
        self.weights = [[[float(w) for w in row] for row in layer] for layer in weights]
        self.biases = [[float(b) for b in layer] for layer in biases]
        self.dead = [[[False] * len(row) for row in layer] for layer in weights]
        self.names = [activation] * (len(weights) - 1) + ["tanh"]
        self.l1, self.l2 = l1, l2
        self._forget()

    def _forget(self):
        self.link_ders = [[[0.0] * len(row) for row in layer] for layer in self.weights]
        self.input_ders = [[0.0] * len(layer) for layer in self.biases]
        self.count = 0

    def forward(self, x):
        self.outputs, self.sums = [[float(value) for value in x]], []
        for layer, biases, name in zip(self.weights, self.biases, self.names, strict=True):
            sums = []
            for row, bias in zip(layer, biases, strict=True):
                total = bias
                for w, a in zip(row, self.outputs[-1], strict=True):
                    total += w * a
                sums.append(total)
            self.sums.append(sums)
            self.outputs.append([FUNCTIONS[name][0](z) for z in sums])
        return self.outputs[-1][0]

    def backward(self, target):
        output_ders = [self.outputs[-1][0] - float(target)]
        for at in reversed(range(len(self.weights))):
            slope = FUNCTIONS[self.names[at]][1]
            below = [0.0] * len(self.outputs[at])
            for j, z in enumerate(self.sums[at]):
                input_der = output_ders[j] * slope(z)
                self.input_ders[at][j] += input_der
                for i, a in enumerate(self.outputs[at]):
                    below[i] += self.weights[at][j][i] * input_der
                    if not self.dead[at][j][i]:
                        self.link_ders[at][j][i] += input_der * a
            output_ders = below
        self.count += 1

    def update(self, lr):
        for at, layer in enumerate(self.weights):
            for j, row in enumerate(layer):
                self.biases[at][j] -= lr * self.input_ders[at][j] / self.count
                for i in range(len(row)):
                    if not self.dead[at][j][i]:
                        self._update_link(at, j, i, lr)
        self._forget()

    def _update_link(self, at, j, i, lr):
        w = self.weights[at][j][i]
        sign = (w > 0) - (w < 0)
        moved = w - lr / self.count * self.link_ders[at][j][i]
        pulled = moved - lr * (self.l1 * sign + self.l2 * w)
        if self.l1 and moved * pulled < 0:
            pulled, self.dead[at][j][i] = 0.0, True
        self.weights[at][j][i] = pulled

    def epoch(self, points, targets, lr, batch_size):
        for number, (x, target) in enumerate(zip(points, targets, strict=True), start=1):
            self.forward(x)
            self.backward(target)
            if number % batch_size == 0:
                self.update(lr)

    def loss(self, points, targets):
        errors = [self.forward(x) - t for x, t in zip(points, targets, strict=True)]
        return sum(0.5 * error**2 for error in errors) / len(errors)
