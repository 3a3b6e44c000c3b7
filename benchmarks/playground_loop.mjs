// A plain loop that trains and draws a small network one sample at a time, as TensorFlow
// Playground does: the yardstick of benchmarks/boundary.py, which runs it with node.
//
// In: JSON {x, y, xTest, yTest, weights, biases, rates, epochs, batchSize, size, maps} on stdin.
// Out: JSON {epochsPerSecond, mapsPerSecond, losses, map}.

class Network {
  constructor(weights, biases) {
    this.weights = weights.map((layer) => layer.map((row) => Float64Array.from(row)));
    this.biases = biases.map((layer) => Float64Array.from(layer));
    this.outputs = [new Float64Array(weights[0][0].length), ...biases.map((b) => new Float64Array(b.length))];
    this.errors = biases.map((b) => new Float64Array(b.length));
    this.weightSums = weights.map((layer) => layer.map((row) => new Float64Array(row.length)));
    this.biasSums = biases.map((b) => new Float64Array(b.length));
    this.count = 0;
  }

  forward(x1, x2) {
    this.outputs[0][0] = x1;
    this.outputs[0][1] = x2;
    for (let l = 0; l < this.weights.length; l++) {
      const below = this.outputs[l], above = this.outputs[l + 1];
      for (let j = 0; j < above.length; j++) {
        const row = this.weights[l][j];
        let sum = this.biases[l][j];
        for (let i = 0; i < below.length; i++) sum += row[i] * below[i];
        above[j] = Math.tanh(sum);
      }
    }
    return this.outputs[this.weights.length][0];
  }

  backward(target) {
    const last = this.weights.length - 1;
    const output = this.outputs[last + 1][0];
    this.errors[last][0] = (output - target) * (1 - output * output);
    for (let l = last; l >= 0; l--) {
      const below = this.outputs[l], errors = this.errors[l];
      for (let j = 0; j < errors.length; j++) {
        this.biasSums[l][j] += errors[j];
        const sums = this.weightSums[l][j];
        for (let i = 0; i < below.length; i++) sums[i] += errors[j] * below[i];
      }
      if (l > 0) {
        for (let i = 0; i < below.length; i++) {
          let sum = 0;
          for (let j = 0; j < errors.length; j++) sum += this.weights[l][j][i] * errors[j];
          this.errors[l - 1][i] = sum * (1 - below[i] * below[i]);
        }
      }
    }
    this.count++;
  }

  update(rate) {
    const step = rate / this.count;
    for (let l = 0; l < this.weights.length; l++) {
      for (let j = 0; j < this.weights[l].length; j++) {
        const row = this.weights[l][j], sums = this.weightSums[l][j];
        for (let i = 0; i < row.length; i++) {
          row[i] -= step * sums[i];
          sums[i] = 0;
        }
        this.biases[l][j] -= step * this.biasSums[l][j];
        this.biasSums[l][j] = 0;
      }
    }
    this.count = 0;
  }

  epoch(x, y, rate, batchSize) {
    for (let n = 0; n < x.length; n++) {
      this.forward(x[n][0], x[n][1]);
      this.backward(y[n]);
      if ((n + 1) % batchSize === 0) this.update(rate);
    }
  }

  loss(x, y) {
    let sum = 0;
    for (let n = 0; n < x.length; n++) sum += 0.5 * (this.forward(x[n][0], x[n][1]) - y[n]) ** 2;
    return sum / x.length;
  }

  // Every unit's value at each point of a size by size grid over [-6, 6]².
  maps(size) {
    const maps = this.outputs.flatMap((layer) => [...layer].map(() => new Float64Array(size * size)));
    for (let r = 0; r < size; r++) {
      for (let c = 0; c < size; c++) {
        this.forward(-6 + (12 * c) / (size - 1), -6 + (12 * r) / (size - 1));
        let unit = 0;
        for (const layer of this.outputs) {
          for (let j = 0; j < layer.length; j++) maps[unit++][r * size + c] = layer[j];
        }
      }
    }
    return maps;
  }
}

const task = JSON.parse(await new Response(process.stdin).text());

function trainAll(epochs) {
  return task.rates.map((rate) => {
    const network = new Network(task.weights, task.biases);
    for (let e = 0; e < epochs; e++) network.epoch(task.x, task.y, rate, task.batchSize);
    return network;
  });
}

// Processor time: what others do with the machine does not count.
function seconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

trainAll(20); // let the compiler warm up
let began = seconds();
const networks = trainAll(task.epochs);
const trained = seconds() - began;

networks[0].maps(task.size);
began = seconds();
let maps;
for (let m = 0; m < task.maps; m++) maps = networks[0].maps(task.size);
const drawn = seconds() - began;

console.log(JSON.stringify({
  epochsPerSecond: (task.rates.length * task.epochs) / trained,
  mapsPerSecond: task.maps / drawn,
  losses: networks.map((network) => network.loss(task.x, task.y)),
  map: [...maps[maps.length - 1]],
}));
