// ---------------------------------------------------------------- networks: the twin of dlviz/net.py
// A scene may carry the weights of networks. Here they are evaluated for each picture, so that every
// map follows the knob, the epoch and the reader's hand, and drawn: NetMap, NetPoints, NetDrawing,
// NetConfusion, NetSpace (see dlviz/net_layers.py).

const FEATURES = {
  x1: (x) => x,
  x2: (_, y) => y,
  "x1^2": (x) => x * x,
  "x2^2": (_, y) => y * y,
  x1x2: (x, y) => x * y,
  "sin x1": (x) => Math.sin(x),
  "sin x2": (_, y) => Math.sin(y),
  radius: (x, y) => Math.sqrt(x * x + y * y),
  angle: (x, y) => Math.atan2(y, x),
}

// Each changes an array of sums in place.
const ACTIVATE = {
  linear: () => {},
  relu: (z, net) => { for (let i = 0; i < z.length; i++) if (z[i] < 0) z[i] = net.slope ? z[i] * net.slope : 0 },
  leaky_relu: (z, net) => { for (let i = 0; i < z.length; i++) if (z[i] < 0) z[i] *= net.leak },
  tanh: (z) => { for (let i = 0; i < z.length; i++) z[i] = Math.tanh(z[i]) },
  sigmoid: (z) => { for (let i = 0; i < z.length; i++) z[i] = 0.5 + 0.5 * Math.tanh(0.5 * z[i]) },
  gelu: (z) => { for (let i = 0; i < z.length; i++) z[i] = 0.5 * z[i] * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z[i] + 0.044715 * z[i] ** 3))) },
  sine: (z) => { for (let i = 0; i < z.length; i++) z[i] = Math.sin(z[i]) },
}
const HOMOGENEOUS = ["relu", "leaky_relu", "linear"]

class Evaluator {
  constructor(net) {
    Object.assign(this, net)
    this.kept = new Map() // maps of the picture that is shown; they depend on where it is and on edits
    this.grids = new Map()
    this.starts = [0]
    for (let i = 1; i < this.sizes.length; i++) this.starts.push(this.starts[i - 1] + this.sizes[i] * (this.sizes[i - 1] + 1))
    this.edited = null // { frame, turn, operations }
    this.slope = 0 // of relu below 0, in the picture that was asked for last
  }

  get many() { return !this.regression && this.sizes[this.sizes.length - 1] > 2 }

  // The place of a weight among the parameters; the bias is the weight after the last.
  place(layer, unit, input) {
    return this.starts[layer - 1] + unit * (this.sizes[layer - 1] + 1) + input
  }

  weight(parameters, layer, unit, input) { return parameters[this.place(layer, unit, input)] }

  // The parameters of one picture; between two frames, those on the straight way.
  at(frame, turn) {
    const { shape: [runs, frames, count], data } = this.parameters
    const run = runs > 1 ? turn : 0
    this.slope = this.leaks[this.leaks.length > 1 ? turn : 0] ?? 0
    const first = frames > 1 ? Math.floor(frame) : 0
    const share = frames > 1 ? frame - first : 0
    const out = new Float64Array(count)
    const from = (run * frames + first) * count
    for (let i = 0; i < count; i++) {
      const value = data[from + i]
      out[i] = share ? value * (1 - share) + data[from + count + i] * share : value
    }
    const { edited } = this
    if (edited && edited.turn === turn && edited.frame === frame)
      for (const operation of edited.operations) this.operate(out, operation)
    return out
  }

  isEdited(frame, turn) {
    const { edited } = this
    return Boolean(edited && edited.operations.length && edited.turn === turn && edited.frame === frame)
  }

  // Whether an operation makes sense here: of edits that do not, Python does none.
  fits(operation) {
    const [target, value] = operation.split("=")
    const size = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(value) ? Number(value) : NaN
    const units = this.sizes.slice(1, -1)
    if (/^\d{1,5}$/.test(target)) return Number(target) < this.parameters.shape[2] && Math.abs(size) <= 1000
    if (/^s\d{1,2}$/.test(operation)) return Number(target.slice(1)) < units.length
    const [, layer, unit] = /^r(\d{1,2})\.(\d{1,2})$/.exec(target) ?? []
    return unit < units[layer] && HOMOGENEOUS.includes(this.hidden[layer]) && size > 0 && size <= 1000
  }

  // "17=0.5" sets a parameter, "s1" moves up the units of hidden layer 1 by one place, "r1.0=2"
  // doubles unit 0 of hidden layer 1 and halves what reads it: dlviz/boundary/edits.py.
  operate(parameters, operation) {
    const [target, value] = operation.split("=")
    if (/^\d+$/.test(target)) parameters[Number(target)] = Number(value)
    else if (target[0] === "s") this.shuffle(parameters, Number(target.slice(1)) + 1)
    else this.rescale(parameters, ...target.slice(1).split(".").map(Number), Number(value))
  }

  shuffle(parameters, layer) {
    const [units, fan] = [this.sizes[layer], this.sizes[layer - 1] + 1]
    const rows = parameters.slice(this.starts[layer - 1], this.starts[layer])
    for (let i = 0; i < units * fan; i++) parameters[this.starts[layer - 1] + i] = rows[(i + fan) % (units * fan)]
    for (let out = 0; out < this.sizes[layer + 1]; out++) {
      const at = this.place(layer + 1, out, 0)
      const row = parameters.slice(at, at + units)
      for (let i = 0; i < units; i++) parameters[at + i] = row[(i + 1) % units]
    }
  }

  rescale(parameters, hidden, unit, factor) {
    const layer = hidden + 1
    for (let i = 0; i <= this.sizes[layer - 1]; i++) parameters[this.place(layer, unit, i)] *= factor
    for (let out = 0; out < this.sizes[layer + 1]; out++) parameters[this.place(layer + 1, out, unit)] /= factor
  }

  inputs(xs, ys) {
    return this.features.map((name) => Float64Array.from(xs, (x, i) => FEATURES[name](x, ys[i])))
  }

  // What every unit puts out: [layer][unit] -> one number for each point.
  forward(parameters, inputs) {
    const values = [inputs]
    for (let layer = 1; layer < this.sizes.length; layer++) {
      const name = layer < this.sizes.length - 1 ? this.hidden[layer - 1] : this.output
      const below = values[layer - 1]
      const units = []
      for (let unit = 0; unit < this.sizes[layer]; unit++) {
        const z = new Float64Array(inputs[0].length).fill(this.weight(parameters, layer, unit, below.length))
        below.forEach((a, i) => {
          const w = this.weight(parameters, layer, unit, i)
          for (let n = 0; n < z.length; n++) z[n] += w * a[n]
        })
        units.push(z)
      }
      if (name === "softmax") softmax(units)
      else for (const z of units) ACTIVATE[name](z, this)
      values.push(units)
    }
    return values
  }

  lattice(size) {
    if (!this.grids.has(size)) {
      const at = (i) => -this.span + (2 * this.span * i) / (size - 1)
      const xs = Float64Array.from({ length: size * size }, (_, i) => at(i % size))
      const ys = Float64Array.from({ length: size * size }, (_, i) => at(Math.floor(i / size)))
      this.grids.set(size, this.inputs(xs, ys))
    }
    return this.grids.get(size)
  }

  // Values over a size by size lattice, row 0 at the lowest y; kept while the picture is the same.
  maps(size, frame, turn) {
    const key = `${frame}/${turn}`
    const kept = this.kept.get(size)
    if (kept?.key === key && kept.edits === this.edits) return kept.values
    const values = this.forward(this.at(frame, turn), this.lattice(size))
    this.kept.set(size, { key, edits: this.edits, values })
    return values
  }

  get edits() { return this.edited ? this.edited.operations.join(";") + this.edited.frame : "" }

  // One number for each point: see dlviz.net.Net.field.
  field(values) {
    const out = values[values.length - 1]
    if (this.regression) return out[0]
    const halved = this.output === "sigmoid" || this.output === "softmax"
    const signed = (v) => (halved ? 2 * v - 1 : v)
    if (out.length === 1) return out[0].map(signed)
    if (out.length === 2) return out[1].map((v, i) => (signed(v) - signed(out[0][i])) / 2)
    return out[0].map((_, i) => {
      let [first, second, winner] = [-Infinity, -Infinity, 0]
      out.forEach((units, k) => {
        const value = signed(units[i])
        if (value > first) [second, first, winner] = [first, value, k]
        else if (value > second) second = value
      })
      return winner + clamp((first - second) / 2, 0, 1 - 1e-6)
    })
  }

  classes(values) {
    const field = this.field(values)
    return field.map((v) => (this.many ? Math.floor(v) || 0 : v > 0 ? 1 : 0))
  }

  // Where the units of a layer lie within [-1, 1], for colors: see dlviz.net_layers.unit_scaled.
  scaled(layer, units) {
    const name = ["input", ...this.hidden, this.output][layer]
    const bounds = this.bounded[name]
    if (bounds) return units.map((v) => (2 * (v - bounds[0])) / (bounds[1] - bounds[0]) - 1)
    let largest = 0
    for (const v of units) if (Math.abs(v) > largest && Number.isFinite(v)) largest = Math.abs(v)
    return largest ? units.map((v) => v / largest) : units
  }

  // What a layer's points give, kept as long as the picture is the same.
  points(layer, frame, turn) {
    const { xy } = layer.arrays
    layer.inputs ??= this.inputs(xy.data.filter((_, i) => i % 2 === 0), xy.data.filter((_, i) => i % 2))
    const key = `${frame}/${turn}/${this.edits}`
    if (layer.key !== key) Object.assign(layer, { key, values: this.forward(this.at(frame, turn), layer.inputs) })
    return layer.values
  }

  // Where a NetSpace puts points: from their places in the plane (0) to the values of two units (1).
  places(layer, values, plane, frame, knob, morph) {
    const { shape: [pairs], data } = part(layer, "box", frame, knob)
    return Array.from(plane[0], (_, i) => Array.from({ length: pairs }, (_, d) => {
      const [low, high] = [data[2 * d], data[2 * d + 1]]
      const inside = (2 * (values[layer.layer][layer.units[d]][i] - low)) / (high - low) - 1
      return inside * morph + (plane[d][i] / this.span) * (1 - morph)
    }))
  }

  formula(player, layer, unit) {
    const drawing = player.drawing
    if (layer === 0) return `${drawing.names[unit]}: an input`
    const parameters = this.at(player.at, player.turn)
    const last = layer === this.sizes.length - 1
    const terms = []
    for (let i = 0; i <= this.sizes[layer - 1]; i++) {
      const w = this.weight(parameters, layer, unit, i)
      if (w === 0 && i < this.sizes[layer - 1]) continue
      const sign = w < 0 ? "− " : terms.length ? "+ " : ""
      terms.push(`${sign}${number(Math.abs(w))}${i < this.sizes[layer - 1] ? " " + unitName(drawing, layer - 1, i) : ""}`)
    }
    const name = last ? this.output : this.hidden[layer - 1]
    const sum = terms.join(" ")
    const whole = { linear: sum, relu: `max(0, ${sum})`, sine: `sin(${sum})` }[name] ?? `${name.replace("_", " ")}(${sum})`
    return `${unitName(drawing, layer, unit)} = ${whole}`
  }
}

function softmax(units) {
  for (let i = 0; i < units[0].length; i++) {
    let [largest, sum] = [-Infinity, 0]
    for (const z of units) if (z[i] > largest) largest = z[i]
    for (const z of units) sum += z[i] = Math.exp(z[i] - largest)
    for (const z of units) z[i] /= sum
  }
}

const sub = (n) => String(n).replace(/\d/g, (d) => "₀₁₂₃₄₅₆₇₈₉"[d])

function unitName(drawing, layer, unit) {
  if (layer === 0) return drawing.names[unit]
  if (layer > drawing.hidden) return drawing.outputs.length > 1 ? drawing.outputs[unit] : "output"
  return drawing.hidden > 1 ? `h${sub(layer)}.${sub(unit + 1)}` : `h${sub(unit + 1)}`
}

// ---------------------------------------------------------------- drawing them

const MAP_SIZE = 100
const THUMB_SIZE = 24
const STRONGEST = 0.72 // of the color map: where its colors are those of the classes
const QUICK = 9 // ms; what takes longer is drawn coarser while it moves

// Values in [-1, 1] -> a small picture in the colors of the diverging map, highest row first.
function diverging(view, values, size, canvas, steps = 0) {
  const table = view.colormap("diverging")
  return painted(canvas, size, (pixels, to, from) => {
    let v = values[from]
    v = v > 1 ? 1 : v < -1 ? -1 : v === v ? v : 0
    const c = 3 * Math.round((STRONGEST * (steps ? Math.sign(v) : v) + 1) * 127.5)
    pixels[to] = table[c]
    pixels[to + 1] = table[c + 1]
    pixels[to + 2] = table[c + 2]
  })
}

// Winner and lead -> the winner's color, the paler the smaller its lead.
function winners(view, values, size, canvas, discrete) {
  const colors = view.classes.colors.map(hexColor)
  const ground = hexColor(view.colors.ground)
  return painted(canvas, size, (pixels, to, from) => {
    const winner = Math.floor(values[from])
    const sure = discrete ? 1 : 0.2 + 0.8 * (values[from] - winner)
    const color = colors[winner % colors.length] ?? ground
    for (let d = 0; d < 3; d++) pixels[to + d] = ground[d] + sure * (color[d] - ground[d])
  })
}

function painted(canvas, size, paint) {
  canvas.width = canvas.height = size
  const ctx = canvas.getContext("2d")
  const image = ctx.createImageData(size, size)
  for (let row = 0; row < size; row++)
    for (let col = 0; col < size; col++) {
      const to = 4 * (row * size + col)
      paint(image.data, to, (size - 1 - row) * size + col)
      image.data[to + 3] = 255
    }
  ctx.putImageData(image, 0, 0)
  return canvas
}

const hexColor = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16))

// The line on which values over a lattice are `level`.
function isoline(ctx, view, net, values, size, level) {
  const { axes } = view
  const unit = (2 * net.span) / (size - 1)
  const [x0, y0] = [axes.x(-net.span), axes.y(-net.span)]
  const [dx, dy] = [axes.x(unit) - axes.x(0), axes.y(unit) - axes.y(0)]
  ctx.beginPath()
  for (const chain of chains(values, size, level))
    chain.forEach(([c, r], i) => (i ? ctx.lineTo(x0 + c * dx, y0 + r * dy) : ctx.moveTo(x0 + c * dx, y0 + r * dy)))
  ctx.stroke()
}

// Marching squares: where the line crosses the sides of each cell, then side by side into chains,
// so that a dashed line stays dashed. A side is named by its cell: even below it, odd left of it.
function chains(values, size, level) {
  const places = new Map()
  const next = new Map()
  const join = (side, other) => (next.has(side) ? next.get(side).push(other) : next.set(side, [other]))
  const share = (a, b) => (level - a) / (b - a)
  for (let r = 0; r + 1 < size; r++)
    for (let c = 0; c + 1 < size; c++) {
      const i = r * size + c
      const [a, b, d, e] = [values[i], values[i + 1], values[i + size], values[i + size + 1]]
      const [low, right, high, left] = [a > level !== b > level, b > level !== e > level, d > level !== e > level, a > level !== d > level]
      if (!(low || right || high || left)) continue
      const sides = []
      if (low) { sides.push(2 * i); places.set(2 * i, [c + share(a, b), r]) }
      if (right) { sides.push(2 * i + 3); places.set(2 * i + 3, [c + 1, r + share(b, e)]) }
      if (high) { sides.push(2 * (i + size)); places.set(2 * (i + size), [c + share(d, e), r + 1]) }
      if (left) { sides.push(2 * i + 1); places.set(2 * i + 1, [c, r + share(a, d)]) }
      for (let k = 0; k + 1 < sides.length; k += 2) {
        join(sides[k], sides[k + 1])
        join(sides[k + 1], sides[k])
      }
    }
  const found = []
  const walk = (start) => {
    const chain = []
    for (let side = start; side !== undefined; ) {
      chain.push(places.get(side))
      const on = next.get(side).pop()
      if (on === undefined) break
      const back = next.get(on)
      back.splice(back.indexOf(side), 1)
      side = on
    }
    found.push(chain)
  }
  for (const [side, others] of next) if (others.length === 1) walk(side) // open lines from their ends
  for (const [side, others] of next) if (others.length) walk(side) // what is left are rings
  return found
}

function mapLines(ctx, view, net, values, size) {
  ctx.lineJoin = ctx.lineCap = "round"
  const stroke = (field, level, width, color, dash = []) => {
    ctx.lineWidth = width
    ctx.strokeStyle = color
    ctx.setLineDash(dash)
    isoline(ctx, view, net, field, size, level)
    ctx.setLineDash([])
  }
  if (net.many) {
    const out = values[values.length - 1]
    out.forEach((units, k) => {
      const lead = units.map((v, i) => v - out.reduce((most, other, j) => (j === k ? most : Math.max(most, other[i])), -Infinity))
      stroke(lead, 0, 2, view.colors.ink)
    })
    return
  }
  const field = net.field(values)
  for (const level of [-0.5, 0.5]) stroke(field, level, 1.2, view.colors.muted, [4, 4])
  stroke(field, 0, 5, view.colors.halo)
  stroke(field, 0, 2.5, view.colors.ink)
}

const runOf = (layer, knob) => layer.run ?? knob

Object.assign(MARKS, {
  NetMap(ctx, view, layer, frame, knob) {
    const { net, player } = { net: layer.evaluator, player: view.player }
    const chosen = net.isEdited(frame, knob) ? null : player.chosen // who edits wants to see what comes of it
    const lit = layer.unit ?? (layer.run === null ? player.lit ?? chosen : null)
    const size = player.playing && layer.cost > QUICK ? MAP_SIZE / 2 : MAP_SIZE
    const begun = performance.now()
    const values = net.maps(size, frame, runOf(layer, knob))
    layer.canvas ??= document.createElement("canvas")
    const picture = lit
      ? diverging(view, net.scaled(lit[0], values[lit[0]][lit[1]]), size, layer.canvas)
      : net.many
        ? winners(view, net.field(values), size, layer.canvas, layer.discrete)
        : diverging(view, net.field(values), size, layer.canvas, layer.discrete)
    const { axes } = view
    const half = net.span / (size - 1)
    const [x0, x1, y0, y1] = [axes.x(-net.span - half), axes.x(net.span + half), axes.y(net.span + half), axes.y(-net.span - half)]
    ctx.save()
    ctx.globalAlpha = 0.75
    ctx.imageSmoothingEnabled = !layer.discrete || Boolean(lit)
    ctx.imageSmoothingQuality = "high"
    ctx.drawImage(picture, x0, y0, x1 - x0, y1 - y0)
    ctx.restore()
    if (layer.lines && !lit) mapLines(ctx, view, net, values, size)
    if (size === MAP_SIZE) layer.cost = 0.8 * (layer.cost ?? 0) + 0.2 * (performance.now() - begun)
    if (lit && layer.run === null) words(ctx, view, unitName(player.drawing, ...lit), axes.left + 6, axes.top + axes.type * 1.2, view.colors.ink)
  },

  NetLine(ctx, view, layer, frame, knob) {
    const net = layer.evaluator
    if (net.many || net.regression) return
    const field = net.field(net.maps(MAP_SIZE, frame, runOf(layer, knob)))
    ctx.strokeStyle = view.color(layer.color)
    ctx.lineWidth = 2.5
    ctx.setLineDash([7, 5])
    isoline(ctx, view, net, field, MAP_SIZE, 0)
    ctx.setLineDash([])
    if (layer.label) words(ctx, view, layer.label, view.axes.left + view.axes.width - 6, view.axes.top + view.axes.height - 8, view.color(layer.color), "right")
  },

  NetPoints(ctx, view, layer, frame, knob) {
    const classes = layer.arrays.classes.data
    const net = layer.evaluator
    if (layer.stamp !== stampOf(view)) stampPoints(view, layer, classes, net)
    ctx.drawImage(layer.stamped, 0, 0, layer.stamped.width / view.ratio, layer.stamped.height / view.ratio)
    if (net.regression) return
    const named = net.classes(net.points(layer, frame, runOf(layer, knob)))
    const { data } = layer.arrays.xy
    ctx.strokeStyle = view.colors.ink
    ctx.lineWidth = 1.5
    ctx.beginPath()
    classes.forEach((label, i) => {
      if (named[i] === label) return
      const [x, y] = [view.axes.x(data[2 * i]), view.axes.y(data[2 * i + 1])]
      ctx.moveTo(x + layer.size + 3, y)
      ctx.arc(x, y, layer.size + 3, 0, 7)
    })
    ctx.stroke()
  },

  NetDrawing(ctx, view, layer, frame, knob) {
    const net = layer.evaluator
    const plan = planOf(view, layer)
    const parameters = net.at(frame, runOf(layer, knob))
    drawEdges(ctx, view, net, plan, parameters)
    const values = net.maps(THUMB_SIZE, frame, runOf(layer, knob))
    layer.canvas ??= document.createElement("canvas")
    ctx.imageSmoothingEnabled = true
    for (const box of plan.boxes) {
      const { layer: at, unit, x, y, side } = box
      const last = at === net.sizes.length - 1
      const units = last && net.sizes[at] === 1 && !net.regression ? net.field(values) : net.scaled(at, values[at][unit])
      ctx.drawImage(diverging(view, units, THUMB_SIZE, layer.canvas), x, y, side, side)
      const [lit, chosen] = [view.player.lit, view.player.chosen].map((u) => u && u[0] === at && u[1] === unit)
      ctx.strokeStyle = lit || chosen ? view.colors.path : view.colors.muted
      ctx.lineWidth = chosen ? 4 : lit ? 3 : 1
      ctx.strokeRect(x, y, side, side)
      if (at > 0) drawBias(ctx, view, box, net.weight(parameters, at, unit, net.sizes[at - 1]))
    }
    nameUnits(ctx, view, layer, plan)
  },

  NetConfusion(ctx, view, layer, frame, knob) {
    const net = layer.evaluator
    const count = layer.names.length
    const counts = Array.from({ length: count }, () => new Array(count).fill(0))
    const named = net.classes(net.points(layer, frame, runOf(layer, knob)))
    layer.arrays.classes.data.forEach((label, i) => counts[label][named[i]]++)
    const { left, top, width, height, type } = view.axes
    const [wide, tall] = [(width - type * 2.2) / (count + 0.02), (height - type * 2.6) / count]
    const [x0, y0] = [left + type * 2.2, top + type * 2.6]
    ctx.textAlign = "center"
    ctx.fillStyle = view.colors.muted
    ctx.fillText("taken for", x0 + (wide * count) / 2, top + type)
    counts.forEach((row, r) => {
      const all = Math.max(1, row.reduce((a, b) => a + b, 0))
      row.forEach((value, c) => {
        ctx.globalAlpha = 0.08 + (0.5 * value) / all
        ctx.fillStyle = r === c ? view.colors.good : view.colors.path
        ctx.fillRect(x0 + c * wide + 1, y0 + r * tall + 1, wide - 2, tall - 2)
        ctx.globalAlpha = 1
        ctx.fillStyle = view.colors.ink
        ctx.fillText(String(value), x0 + (c + 0.5) * wide, y0 + (r + 0.5) * tall + type * 0.35)
      })
      const [shape, color] = [view.classes.markers[r % view.classes.markers.length], view.classes.colors[r % view.classes.colors.length]]
      marker(ctx, shape, left + type * 1.1, y0 + (r + 0.5) * tall, type * 0.4, color, view.colors.halo)
      marker(ctx, shape, x0 + (r + 0.5) * wide, top + type * 1.9, type * 0.4, color, view.colors.halo)
    })
  },

  NetSpace(ctx, view, layer, frame, knob) {
    const net = layer.evaluator
    const parameters = net.at(frame, runOf(layer, knob))
    const [low0, high0, low1, high1] = part(layer, "box", frame, knob).data
    const morph = view.player.morph
    layer.mesh ??= meshOf(net)
    const bent = net.places(layer, net.forward(parameters, layer.mesh.inputs), layer.mesh.plane, frame, knob, morph)
    ctx.strokeStyle = view.colors.faint
    ctx.lineWidth = 1.2
    layer.mesh.lines.forEach(([from, to]) => {
      ctx.beginPath()
      for (const [x, y] of bent.slice(from, to)) ctx.lineTo(view.axes.x(x), view.axes.y(y))
      ctx.stroke()
    })
    layer.plane ??= [0, 1].map((d) => layer.arrays.xy.data.filter((_, i) => i % 2 === d))
    const places = net.places(layer, net.points(layer, frame, runOf(layer, knob)), layer.plane, frame, knob, morph)
    if (morph > 0.02) drawReader(ctx, view, layer, net, parameters, [low0, high0, low1, high1], morph)
    layer.arrays.classes.data.forEach((label, i) => {
      const [x, y] = places[i]
      if (!Number.isFinite(x + y)) return
      const kind = label % view.classes.colors.length
      marker(ctx, view.classes.markers[kind], view.axes.x(x), view.axes.y(y), 4, view.classes.colors[kind], view.colors.halo)
    })
  },
})

// A lattice over the plane as open lines: where they bend, the network has bent the plane.
function meshOf(net) {
  const [count, fine] = [13, 61]
  const [xs, ys, lines] = [[], [], []]
  for (const across of [true, false])
    for (let line = 0; line < count; line++) {
      const at = net.span * ((2 * line) / (count - 1) - 1)
      lines.push([xs.length, xs.length + fine])
      for (let i = 0; i < fine; i++) {
        const along = net.span * ((2 * i) / (fine - 1) - 1)
        xs.push(across ? along : at)
        ys.push(across ? at : along)
      }
    }
  return { lines, plane: [xs, ys], inputs: net.inputs(xs, ys) }
}

// The straight line at which the single output that reads just these two units is undecided.
function drawReader(ctx, view, layer, net, parameters, [low0, high0, low1, high1], morph) {
  const reads = layer.layer === net.sizes.length - 2 && net.sizes[layer.layer] === 2 && net.sizes[layer.layer + 1] === 1
  if (!reads) return
  const [w0, w1, b] = [0, 1, 2].map((i) => net.weight(parameters, layer.layer + 1, 0, i))
  const [a, c] = [(w0 * (high0 - low0)) / 2, (w1 * (high1 - low1)) / 2]
  const d = b + (w0 * (high0 + low0)) / 2 + (w1 * (high1 + low1)) / 2
  const long = Math.hypot(a, c)
  if (!(long > 0)) return
  const [nx, ny, from] = [a / long, c / long, -d / long]
  ctx.save()
  ctx.globalAlpha = morph
  ctx.strokeStyle = view.colors.ink
  ctx.lineWidth = 3
  line(ctx, view.axes.x(nx * from - 9 * ny), view.axes.y(ny * from + 9 * nx), view.axes.x(nx * from + 9 * ny), view.axes.y(ny * from - 9 * nx))
  ctx.restore()
}

// What the network says at a place: its output, or the class and its lead.
function mapReadout(view, layer, at, frame, knob) {
  const net = layer.evaluator
  const values = net.forward(net.at(frame, runOf(layer, knob)), net.inputs([at.x], [at.y]))
  const lit = layer.unit ?? view.player.lit ?? view.player.chosen
  if (lit) return [`${unitName(view.player.drawing, ...lit)}: ${number(values[lit[0]][lit[1]][0])}`]
  const field = net.field(values)[0]
  if (!net.many) return [`output: ${number(field)}`]
  return [`class ${view.player.drawing.outputs[Math.floor(field)]}, ahead by ${number(field - Math.floor(field))}`]
}

// All points on a canvas of their own: they stay where they are while the map below them moves.
const stampOf = (view) => `${view.canvas.width}/${view.canvas.height}/${view.player.dark}`

function stampPoints(view, layer, classes, net) {
  const canvas = document.createElement("canvas")
  canvas.width = view.canvas.width
  canvas.height = view.canvas.height
  const ctx = canvas.getContext("2d")
  ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0)
  const { data } = layer.arrays.xy
  const table = view.colormap("diverging")
  classes.forEach((label, i) => {
    const [x, y] = [view.axes.x(data[2 * i]), view.axes.y(data[2 * i + 1])]
    const kind = net.regression ? 0 : label % view.classes.colors.length
    const c = 3 * Math.round((clamp(label, -1, 1) + 1) * 127.5)
    const color = net.regression ? `rgb(${table[c]},${table[c + 1]},${table[c + 2]})` : view.classes.colors[kind]
    const edge = layer.hollow ? color : view.colors.halo
    marker(ctx, view.classes.markers[kind], x, y, layer.size, layer.hollow ? view.colors.ground : color, edge)
  })
  Object.assign(layer, { stamped: canvas, stamp: stampOf(view) })
}

// ---------------------------------------------------------------- the network as a drawing

// Where every unit and every edge is.
function planOf(view, layer) {
  const { sizes } = layer.evaluator
  const { left, top, width, height, type } = view.axes
  const columns = sizes.length
  const room = height - type * 1.6
  const side = Math.min(54, (width / columns) * 0.56, (room / Math.max(...sizes)) * 0.84)
  const names = 8 + 0.58 * type * Math.max(...layer.names.map((name) => name.length))
  const at = (column, unit, count) => ({
    x: left + names + ((width - names - side - 6) * column) / Math.max(1, columns - 1),
    y: top + (room * (unit + 0.5)) / count - side / 2,
  })
  const boxes = sizes.flatMap((count, column) => Array.from({ length: count }, (_, unit) =>
    ({ layer: column, unit, side, ...at(column, unit, count) })))
  const of = (column, unit) => boxes.find((box) => box.layer === column && box.unit === unit)
  const edges = boxes.flatMap((to) => to.layer === 0 ? [] : Array.from({ length: sizes[to.layer - 1] }, (_, input) => {
    const from = of(to.layer - 1, input)
    return { to, input, x0: from.x + side, y0: from.y + side / 2, x1: to.x, y1: to.y + side / 2 }
  }))
  view.plan = { boxes, edges, side }
  return view.plan
}

const edgeWidth = (w) => 0.6 + 1.5 * Math.min(5, Math.abs(w))

function drawEdges(ctx, view, net, plan, parameters) {
  ctx.lineCap = "butt"
  for (const { to, input, x0, y0, x1, y1 } of plan.edges) {
    const w = net.weight(parameters, to.layer, to.unit, input)
    const dead = w === 0
    ctx.strokeStyle = dead ? view.colors.muted : w > 0 ? view.classes.colors[1] : view.classes.colors[0]
    ctx.lineWidth = dead ? 1 : edgeWidth(w)
    ctx.globalAlpha = dead ? 0.6 : clamp(0.25 + 0.5 * Math.abs(w), 0.25, 0.95)
    ctx.setLineDash(dead ? [1, 6] : w < 0 ? [8, 4] : [])
    const bend = (x1 - x0) / 2
    ctx.beginPath()
    ctx.moveTo(x0, y0)
    ctx.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1)
    ctx.stroke()
  }
  ctx.setLineDash([])
  ctx.globalAlpha = 1
}

function drawBias(ctx, view, { x, y, side }, bias) {
  ctx.fillStyle = bias >= 0 ? view.classes.colors[1] : view.classes.colors[0]
  ctx.globalAlpha = clamp(0.3 + 0.7 * Math.abs(bias), 0.3, 1)
  const size = Math.min(9, side / 3)
  ctx.fillRect(x - size / 2, y + side - size / 2, size, size)
  ctx.globalAlpha = 1
  ctx.strokeStyle = view.colors.ink
  ctx.lineWidth = 1
  ctx.strokeRect(x - size / 2, y + side - size / 2, size, size)
}

function nameUnits(ctx, view, layer, plan) {
  const { type, top, height } = view.axes
  ctx.fillStyle = view.colors.ink
  ctx.textAlign = "right"
  const small = plan.side < type * 1.4
  ctx.font = `${small ? type - 4 : type}px ${view.player.font}`
  for (const { layer: at, unit, x, y, side } of plan.boxes)
    if (at === 0) ctx.fillText(layer.names[unit], x - 5, y + side / 2 + type * 0.35)
  ctx.textAlign = "center"
  ctx.font = `${type - 2}px ${view.player.font}`
  ctx.fillStyle = view.colors.muted
  const net = layer.evaluator
  const columns = [...new Set(plan.boxes.map((box) => box.layer))]
  const wide = view.axes.width / columns.length
  for (const at of columns) {
    const box = plan.boxes.find((b) => b.layer === at)
    const name = at === 0 ? "inputs" : at === columns.length - 1 ? "output" : net.hidden[at - 1].replace("_", " ")
    const half = ctx.measureText(name).width / 2
    const { left, width } = view.axes
    if (2 * half < wide) ctx.fillText(name, clamp(box.x + box.side / 2, left + half, left + width - half), top + height - 3)
  }
  ctx.font = `${type}px ${view.player.font}`
}

// The unit, or the edge with its parameter's place, at a point of the drawing.
function hitUnit(view, { x, y }) {
  const margin = 4
  return view.plan?.boxes.find((b) => x > b.x - margin && x < b.x + b.side + margin && y > b.y - margin && y < b.y + b.side + margin) ?? null
}

function hitWeight(view, net, { x, y }) {
  const bias = view.plan?.boxes.find((b) => b.layer > 0 && Math.hypot(x - b.x, y - b.y - b.side) < 8)
  if (bias) return { box: bias, place: net.place(bias.layer, bias.unit, net.sizes[bias.layer - 1]), input: net.sizes[bias.layer - 1] }
  let [best, found] = [8, null]
  for (const edge of view.plan?.edges ?? []) {
    if (x < edge.x0 || x > edge.x1) continue
    const t = bezierTime((x - edge.x0) / (edge.x1 - edge.x0))
    const away = Math.abs(y - (edge.y0 + (edge.y1 - edge.y0) * (3 * t * t - 2 * t * t * t)))
    if (away < best) [best, found] = [away, edge]
  }
  return found && { box: found.to, place: net.place(found.to.layer, found.to.unit, found.input), input: found.input }
}

// The time at which a curve with both controls half way across is at a share of the way.
function bezierTime(share) {
  let [low, high] = [0, 1]
  for (let i = 0; i < 20; i++) {
    const t = (low + high) / 2
    const x = 1.5 * t * (1 - t) ** 2 + 1.5 * t * t * (1 - t) + t ** 3
    if (x < share) low = t
    else high = t
  }
  return low
}
