// ---------------------------------------------------------------- embeddings: clouds of points
// The marks of dlviz/cloud_layers.py. All panels of a scene show the same points: one that is asked
// (under the pointer, clicked, or by N) is lit in each, and a lasso marks points in each.

const ABSENT = 65535
const HALF = 32767
const MORPH = 350 // ms from one turn of the knob to the next
const NEAR = 22 // px from the pointer to a point that is meant
const NEIGHBORS = 8 // lines to the nearest

// The points of one picture, in units of the map, and its radius there; between two frames on the
// straight way. Absent points are not a number.
function cloudUnits(layer, frame, knob) {
  const last = Math.ceil(frame)
  const [share, same] = [frame - Math.floor(frame), last === Math.floor(frame)]
  const read = (at) => ({ codes: part(layer, "xy", at, knob).data, radius: part(layer, "radius", at, knob).data[0] })
  const [a, b] = [read(frame), same || !layer.over.includes("t") ? null : read(last)]
  const units = new Float32Array(a.codes.length)
  for (let i = 0; i < units.length; i++) {
    const from = a.codes[i] === ABSENT ? NaN : (a.codes[i] / HALF - 1) * a.radius
    units[i] = b ? from + share * ((b.codes[i] / HALF - 1) * b.radius - from) : from
  }
  return { units, radius: b ? a.radius + share * (b.radius - a.radius) : a.radius }
}

// What the panel's half width stands for.
function cloudReach(layer, radius) {
  if (!layer.fixed) return radius
  return (layer.reach ??= layer.arrays.radius.data.reduce((a, b) => Math.max(a, b), 1e-12))
}

// Where the points are drawn, (x, y) pairs in px; while the knob turns, on their way from the turn before.
function cloudPlaces(view, layer, frame, knob) {
  const { units, radius } = cloudUnits(layer, frame, knob)
  const reach = cloudReach(layer, radius) || 1
  const goal = units.map((v) => v / reach)
  const memory = (view.cloud ??= { knob, shown: goal })
  if (memory.knob !== knob || memory.shown.length !== goal.length) {
    const moves = memory.shown.length === goal.length && !matchMedia("(prefers-reduced-motion: reduce)").matches
    Object.assign(memory, { knob, from: moves ? memory.shown : null, began: performance.now() })
  }
  const share = memory.from ? clamp((performance.now() - memory.began) / MORPH, 0, 1) : 1
  const eased = share * share * (3 - 2 * share)
  if (share < 1) {
    for (let i = 0; i < goal.length; i++) if (Number.isFinite(memory.from[i])) goal[i] = memory.from[i] + eased * (goal[i] - memory.from[i])
    setTimeout(() => view.player.redraw())
  } else memory.from = null
  memory.shown = goal
  const places = new Float32Array(goal.length)
  const { left, top, width, height, type } = view.axes
  const spare = hasScale(view, layer) ? type * 1.3 : 0 // kept free of points
  const shrunk = 1 - spare / height
  for (let i = 0; i < goal.length; i += 2) {
    places[i] = left + width / 2 + shrunk * (view.axes.x(goal[i]) - left - width / 2)
    places[i + 1] = top + spare + shrunk * (view.axes.y(goal[i + 1]) - top)
  }
  Object.assign(view, { places, reach: reach / shrunk, units })
  return places
}

// Whether what the colors mean is told on the first line of the panel.
const hasScale = (view, layer) => !layer.names.length && layer.value && view === view.player.views[0]

function cloudColor(view, layer, code) {
  if (!layer.names.length) {
    const table = view.colormap(layer.colors)
    return `rgb(${table[3 * code]},${table[3 * code + 1]},${table[3 * code + 2]})`
  }
  const color = layer.palette[code % layer.palette.length]
  if (!view.player.dark) return color
  const mixed = [1, 3, 5].map((i) => Math.round(0.7 * parseInt(color.slice(i, i + 2), 16) + 0.3 * 255))
  return `rgb(${mixed})`
}

// A small picture of each kind of point, drawn once: thousands are copied for each frame.
function sprite(view, layer, code, size) {
  const shade = layer.names.length ? code : code & ~7
  const key = `${layer.names.length}/${layer.glyphs}/${shade}/${size}/${view.player.dark}/${view.ratio}`
  const kept = (view.sprites ??= new Map())
  if (kept.has(key)) return kept.get(key)
  const side = Math.ceil(size * 3.6)
  const canvas = document.createElement("canvas")
  canvas.width = canvas.height = Math.ceil(side * view.ratio)
  const ctx = canvas.getContext("2d")
  ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0)
  const color = cloudColor(view, layer, shade)
  if (layer.glyphs) {
    ctx.font = `700 ${size * 2.5}px ${view.player.font}`
    ctx.textAlign = "center"
    ctx.textBaseline = "middle"
    ctx.lineWidth = 2
    ctx.strokeStyle = view.colors.halo
    ctx.strokeText(layer.names[code][0], side / 2, side / 2)
    ctx.fillStyle = color
    ctx.fillText(layer.names[code][0], side / 2, side / 2)
  } else {
    const shape = layer.names.length ? view.classes.markers[code % view.classes.markers.length] : "circle"
    marker(ctx, shape, side / 2, side / 2, size, color, view.colors.halo)
  }
  const made = { canvas, side }
  kept.set(key, made)
  return made
}

// The points whose images have room, the first ones first: those of the rest would cover them.
function roomy(places, side) {
  const chosen = []
  for (let i = 0; 2 * i < places.length; i++) {
    const [x, y] = [places[2 * i], places[2 * i + 1]]
    if (Number.isFinite(x) && chosen.every((j) => Math.max(Math.abs(places[2 * j] - x), Math.abs(places[2 * j + 1] - y)) >= side)) chosen.push(i)
  }
  return new Set(chosen)
}

// The image of a point in the color of its class.
function tile(view, layer, images, code, i) {
  const key = `tile/${i}/${code}/${view.player.dark}`
  const kept = (view.sprites ??= new Map())
  if (kept.has(key)) return kept.get(key)
  const { shape: [, height, width], data } = images.arrays.images
  const canvas = document.createElement("canvas")
  Object.assign(canvas, { width, height })
  const ctx = canvas.getContext("2d")
  ctx.fillStyle = view.colors.ground
  ctx.fillRect(0, 0, width, height)
  ctx.fillStyle = cloudColor(view, layer, code)
  for (let p = 0; p < width * height; p++) {
    ctx.globalAlpha = data[i * width * height + p] / 255
    ctx.fillRect(p % width, Math.floor(p / width), 1, 1)
  }
  kept.set(key, canvas)
  return canvas
}

const cloudOf = (panel) => panel.layers.find((layer) => layer.kind === "CloudPoints")

MARKS.CloudPoints = (ctx, view, layer, frame, knob) => {
  const { player } = view
  const places = cloudPlaces(view, layer, frame, knob)
  const codes = part(layer, "codes", frame, knob).data
  const size = layer.size * (view.axes.type / 16)
  const images = layer.tiles && player.cloudImages()
  const tall = view.axes.type * 1.3
  const shown = images ? roomy(places, tall) : new Set()
  const put = (i) => {
    if (!Number.isFinite(places[2 * i])) return
    if (images) {
      ctx.fillStyle = cloudColor(view, layer, codes[i])
      ctx.fillRect(places[2 * i] - 2, places[2 * i + 1] - 2, 4, 4)
      return
    }
    const { canvas, side } = sprite(view, layer, codes[i], size)
    ctx.drawImage(canvas, places[2 * i] - side / 2, places[2 * i + 1] - side / 2, side, side)
  }
  const marked = player.lassoed.size > 0
  ctx.globalAlpha = marked ? 0.22 : 1
  for (let i = 0; i < codes.length; i++) if (!marked || !player.lassoed.has(i)) put(i)
  ctx.globalAlpha = 1
  for (const i of player.lassoed) if (i < codes.length) put(i)
  ctx.imageSmoothingEnabled = false
  for (const i of shown) {
    ctx.globalAlpha = marked && !player.lassoed.has(i) ? 0.22 : 1
    ctx.drawImage(tile(view, layer, images, codes[i], i), places[2 * i] - tall / 2, places[2 * i + 1] - tall / 2, tall, tall)
    ctx.strokeStyle = cloudColor(view, layer, codes[i])
    ctx.lineWidth = 1
    ctx.strokeRect(places[2 * i] - tall / 2, places[2 * i + 1] - tall / 2, tall, tall)
  }
  ctx.globalAlpha = 1
  if (layer.ruler) drawRuler(ctx, view)
  if (!Number.isFinite(places[0])) words(ctx, view, "still to be computed", view.axes.left + view.axes.width / 2, view.axes.top + view.axes.height / 2, view.colors.muted, "center")
  if (hasScale(view, layer)) drawScale(ctx, view, layer)
  const asked = player.askedPoint()
  if (asked !== null && asked < codes.length && Number.isFinite(places[2 * asked]) && !view.panel.layers.some((l) => l.kind === "CloudForces")) ring(ctx, view, asked)
  if (view.lasso) drawLasso(ctx, view)
}

function ring(ctx, view, i) {
  const { places } = view
  ctx.strokeStyle = view.colors.ink
  ctx.lineWidth = 2.5
  ctx.beginPath()
  ctx.arc(places[2 * i], places[2 * i + 1], view.axes.type * 0.75, 0, 7)
  ctx.stroke()
}

function drawLasso(ctx, view) {
  ctx.strokeStyle = view.colors.accent
  ctx.lineWidth = 2
  ctx.setLineDash([6, 4])
  ctx.beginPath()
  polygon(ctx, view.lasso)
  ctx.stroke()
  ctx.setLineDash([])
}

// A bar of a round length: what is one unit of the map now.
function drawRuler(ctx, view) {
  const { left, top, width, height, type } = view.axes
  const perUnit = width / (2 * 1.1 * view.reach)
  const rough = (width * 0.2) / perUnit
  const unit = 10 ** Math.floor(Math.log10(rough))
  const length = [5, 2, 1].map((m) => m * unit).find((l) => l <= rough) ?? unit
  const [x, y] = [left + type * 0.5, top + height - type * 0.5]
  ctx.strokeStyle = view.colors.muted
  ctx.lineWidth = 2
  line(ctx, x, y, x + length * perUnit, y)
  words(ctx, view, number(length), x + length * perUnit + 5, y + type * 0.3, view.colors.muted)
}

// What the colors of values mean, on the first line of the panel.
function drawScale(ctx, view, layer) {
  const { left, top, width, type } = view.axes
  const table = view.colormap(layer.colors)
  const wide = Math.min(80, width * 0.16)
  const y = top + type * 0.85
  const high = number(layer.high)
  let x = left + width - 4 - ctx.measureText(high).width
  words(ctx, view, high, left + width - 4, y, view.colors.muted, "right")
  x -= wide + 6
  for (let i = 0; i < 30; i++) {
    const c = 3 * Math.round((i / 29) * 255)
    ctx.fillStyle = `rgb(${table[c]},${table[c + 1]},${table[c + 2]})`
    ctx.fillRect(x + (i * wide) / 30, y - type * 0.6, wide / 30 + 0.5, type * 0.6)
  }
  const told = `${layer.value}: ${number(layer.low)}`
  const fits = ctx.measureText(told).width < x - 6 - left
  words(ctx, view, fits ? told : number(layer.low), x - 6, y, view.colors.muted, "right")
}

// ---------------------------------------------------------------- P and Q of the point that is asked

// p(j | i), p(i | j) and P_ij of a point i: from the data, and what was found for each row of P.
function rowOfP(layer, i, knob) {
  const key = `${i}/${knob}`
  if (layer.rowKey === key) return layer.row
  const { shape: [n, d], data } = layer.arrays.data
  const beta = part(layer, "beta", 0, knob).data
  const sums = part(layer, "log_sums", 0, knob).data
  const given = new Float64Array(n)
  const both = new Float64Array(n)
  for (let j = 0; j < n; j++) {
    if (j === i) continue
    let square = 0
    for (let c = 0; c < d; c++) square += (data[i * d + c] - data[j * d + c]) ** 2
    square *= layer.unit * layer.unit
    given[j] = Math.exp(-beta[i] * square - sums[i])
    both[j] = (given[j] + Math.exp(-beta[j] * square - sums[j])) / (2 * n)
  }
  Object.assign(layer, { rowKey: key, row: { given, both } })
  return layer.row
}

// q(j | i), and the two forces on i: what pulls it to its neighbors, what pushes it from all.
function rowOfQ(view, points, layer, i, frame, knob) {
  const { units } = view
  const n = units.length / 2
  const { both } = rowOfP(layer, i, knob)
  const w = new Float64Array(n)
  let sum = 0
  for (let j = 0; j < n; j++) {
    if (j === i) continue
    w[j] = 1 / (1 + (units[2 * i] - units[2 * j]) ** 2 + (units[2 * i + 1] - units[2 * j + 1]) ** 2)
    sum += w[j]
  }
  const z = part(points, "z", frame, knob).data[0] || n * sum
  const times = frame < layer.until ? layer.exaggeration : 1
  const [pull, push] = [[0, 0], [0, 0]]
  for (let j = 0; j < n; j++)
    for (let axis = 0; axis < 2; axis++) {
      const away = units[2 * i + axis] - units[2 * j + axis]
      pull[axis] -= 4 * times * both[j] * w[j] * away
      push[axis] += (4 * w[j] * w[j] * away) / z
    }
  return { given: w.map((v) => v / sum), pull, push }
}

const largest = (values, count) => Array.from(values.keys()).sort((a, b) => values[b] - values[a]).slice(0, count)

// Whether the row can be worked out: not before its run has begun.
const hasRow = (layer, knob) => Number.isFinite(part(layer, "beta", 0, knob).data[0])

MARKS.CloudForces = (ctx, view, layer, frame, knob) => {
  const i = view.player.askedPoint()
  const { places } = view
  if (i === null || !places || 2 * i >= places.length || !Number.isFinite(places[2 * i])) return
  const points = cloudOf(view.panel)
  if (hasRow(layer, knob)) {
    const { given } = rowOfP(layer, i, knob)
    const q = rowOfQ(view, points, layer, i, frame, knob)
    const most = Math.max(...given)
    ctx.strokeStyle = view.colors.path
    for (const j of largest(given, NEIGHBORS)) {
      if (given[j] < most / 200) continue
      ctx.lineWidth = 0.8 + 3 * (given[j] / most)
      line(ctx, places[2 * i], places[2 * i + 1], places[2 * j], places[2 * j + 1])
    }
    ctx.strokeStyle = view.colors.second
    ctx.lineWidth = 2
    for (const j of largest(q.given, NEIGHBORS)) {
      ctx.beginPath()
      ctx.arc(places[2 * j], places[2 * j + 1], view.axes.type * 0.5, 0, 7)
      ctx.stroke()
    }
    drawForces(ctx, view, i, q)
  }
  ring(ctx, view, i)
  if (view === view.player.askedIn || !view.player.askedIn) drawPoint(ctx, view, points, i, knob)
}

function drawForces(ctx, view, i, { pull, push }) {
  const most = Math.max(Math.hypot(...pull), Math.hypot(...push)) || 1
  const [x, y] = [view.places[2 * i], view.places[2 * i + 1]]
  for (const [force, name, color] of [[pull, "pull", view.colors.path], [push, "push", view.colors.second]]) {
    const [dx, dy] = [(80 * force[0]) / most, (-80 * force[1]) / most]
    const length = Math.hypot(dx, dy)
    if (length < 4) continue
    const [ux, uy] = [dx / length, dy / length]
    ctx.strokeStyle = ctx.fillStyle = color
    ctx.lineWidth = 4
    line(ctx, x, y, x + dx - 8 * ux, y + dy - 8 * uy)
    ctx.beginPath()
    polygon(ctx, [[x + dx, y + dy], [x + dx - 13 * ux + 7 * uy, y + dy - 13 * uy - 7 * ux], [x + dx - 13 * ux - 7 * uy, y + dy - 13 * uy + 7 * ux]])
    ctx.fill()
    words(ctx, view, name, x + dx + 6, y + dy - 4, color)
  }
}

// The image of a point, large, and what it is.
function drawPoint(ctx, view, layer, i) {
  const { left, top, width, height, type } = view.axes
  const images = view.player.cloudImages()
  const side = images ? Math.min(96, width / 4) : 0
  const text = view.player.pointWords(layer, i)
  const wide = Math.max(side, ctx.measureText(text).width) + 12
  const tall = side + type * 1.5 + 8
  const far = view.places[2 * i] > left + width / 2
  const x = far ? left + 4 : left + width - wide - 4
  const y = view.places[2 * i + 1] > top + height / 2 ? top + 4 : top + height - tall - 4
  ctx.fillStyle = view.colors.ground
  ctx.strokeStyle = view.colors.muted
  ctx.lineWidth = 1
  ctx.globalAlpha = 0.93
  ctx.fillRect(x, y, wide, tall)
  ctx.globalAlpha = 1
  ctx.strokeRect(x, y, wide, tall)
  if (images) drawImage(ctx, images, i, x + 6, y + 6, side)
  ctx.fillStyle = view.colors.ink
  ctx.textAlign = "left"
  ctx.fillText(text, x + 6, y + side + type * 1.25)
}

function drawImage(ctx, layer, i, x, y, side) {
  const kept = (layer.kept ??= new Map())
  if (!kept.has(i)) {
    const { shape: [, height, width], data } = layer.arrays.images
    const canvas = document.createElement("canvas")
    Object.assign(canvas, { width, height })
    const pen = canvas.getContext("2d")
    const pixels = pen.createImageData(width, height)
    for (let p = 0; p < width * height; p++) pixels.data.set([...Array(3).fill(255 - data[i * width * height + p]), 255], 4 * p)
    pen.putImageData(pixels, 0, 0)
    kept.set(i, canvas)
  }
  ctx.imageSmoothingEnabled = false
  ctx.drawImage(kept.get(i), x, y, side, side)
}

MARKS.CloudImages = () => {} // shown where a point is asked

MARKS.CloudRow = (ctx, view, layer, frame, knob) => {
  const { player } = view
  const { left, top, width, height, type } = view.axes
  const main = player.views.find((each) => each.panel.layers.some((l) => l.kind === "CloudForces"))
  const i = player.askedPoint()
  if (player.lassoed.size) return listMarked(ctx, view)
  const forces = main?.panel.layers.find((l) => l.kind === "CloudForces")
  if (i === null || !main?.units || 2 * i >= main.units.length || !hasRow(forces, knob))
    return drawLegend(ctx, view, layer)
  const { given } = rowOfP(forces, i, knob)
  const q = rowOfQ(main, cloudOf(main.panel), forces, i, frame, knob)
  const images = player.cloudImages()
  const count = clamp(Math.floor(width / 20), 6, 24)
  const shown = largest(given, count)
  const step = width / count
  const room = type * 2.6
  const foot = images ? Math.min(step, 26) : type
  const most = Math.max(given[shown[0]], ...shown.map((j) => q.given[j])) || 1
  const base = top + height - foot - 2
  words(ctx, view, "p in the data", left + 4, top + type, view.colors.path)
  words(ctx, view, "q in the map", left + 4 + ctx.measureText("p in the data  ").width, top + type, view.colors.second)
  shown.forEach((j, at) => {
    const x = left + at * step
    const tall = (v) => Math.max(1, ((height - room - foot) * v) / most)
    ctx.fillStyle = view.colors.path
    ctx.fillRect(x + step * 0.12, base - tall(given[j]), step * 0.4, tall(given[j]))
    ctx.strokeStyle = view.colors.second
    ctx.lineWidth = 2
    ctx.strokeRect(x + step * 0.52, base - tall(q.given[j]), step * 0.3, tall(q.given[j]))
    if (images) drawImage(ctx, images, j, x + (step - foot) / 2 + 1, base + 2, foot - 2)
  })
  words(ctx, view, number(most), left + width - 4, top + type, view.colors.muted, "right")
}

// What to do, and what the marks mean, until a point is asked.
function drawLegend(ctx, view, layer) {
  const { left, top, width, height, type } = view.axes
  const points = view.player.clouds()[0]
  const names = points?.names ?? []
  words(ctx, view, layer.hint, left + width / 2, names.length ? top + type * 1.2 : top + height / 2, view.colors.muted, "center")
  const cell = Math.min(width, Math.max(0, ...names.map((name) => ctx.measureText(name).width)) + type * 2.2)
  const columns = Math.max(1, Math.floor(width / cell))
  names.forEach((name, code) => {
    const [x, y] = [left + (code % columns) * cell + type, top + type * (2.9 + 1.5 * Math.floor(code / columns))]
    if (y > top + height) return
    const color = cloudColor(view, points, code)
    if (points.glyphs) return words(ctx, view, name, x, y, color)
    marker(ctx, view.classes.markers[code % view.classes.markers.length], x, y - type * 0.3, type * 0.4, color, view.colors.halo)
    words(ctx, view, name, x + type * 0.8, y, view.colors.ink)
  })
}

// The points inside the lasso: their images, and how many there are of each class.
function listMarked(ctx, view) {
  const { player } = view
  const { left, top, width, height, type } = view.axes
  const layer = player.clouds()[0]
  const codes = part(layer, "codes", 0, player.turn).data
  const marked = [...player.lassoed].sort((a, b) => a - b)
  const counts = new Map()
  if (layer.names.length) for (const i of marked) counts.set(layer.names[codes[i]], (counts.get(layer.names[codes[i]]) ?? 0) + 1)
  const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([name, count]) => `${count} × “${name}”`)
  words(ctx, view, `${marked.length} points${parts.length ? ": " + parts.slice(0, 4).join(", ") : ""}`, left + 4, top + type, view.colors.ink)
  const images = player.cloudImages()
  if (!images) {
    let count = Math.min(marked.length, 40)
    const list = () => marked.slice(0, count).join(", ") + (count < marked.length ? ` + ${marked.length - count}` : "")
    while (count > 1 && ctx.measureText(list()).width > width - 8) count--
    return words(ctx, view, list(), left + 4, top + type * 2.4, view.colors.muted)
  }
  const room = height - type * 1.6
  let side = 34
  const fitting = () => Math.max(1, Math.floor(width / side)) * Math.floor(room / side)
  while (side > 12 && fitting() < marked.length) side--
  const columns = Math.max(1, Math.floor(width / side))
  const shown = fitting() < marked.length ? marked.slice(0, Math.max(0, fitting() - Math.ceil((type * 4) / side))) : marked
  shown.forEach((i, at) => drawImage(ctx, images, i, left + (at % columns) * side + 1, top + type * 1.6 + Math.floor(at / columns) * side + 1, side - 2))
  if (shown.length < marked.length) words(ctx, view, `+ ${marked.length - shown.length}`, left + width - 4, top + height - 3, view.colors.ink, "right")
}

// ---------------------------------------------------------------- pointing, marking, asking

const CLOUDS = {
  clouds() { return this.scene ? this.scene.panels.map(cloudOf).filter(Boolean) : [] },

  cloudImages() {
    return this.scene.panels.flatMap((panel) => panel.layers).find((layer) => layer.kind === "CloudImages")
  },

  // The point that is asked: under the pointer, else the one that was clicked.
  askedPoint() { return this.pointed ?? this.kept },

  ask(i) {
    this.kept = i
    if (i === null) this.lassoed.clear()
    this.redraw()
  },

  askNext(by) {
    const [layer] = this.clouds()
    const n = layer.arrays.xy.shape.at(-2)
    this.askedIn = null
    this.ask(((this.kept ?? (by > 0 ? -1 : 0)) + by + n) % n)
  },

  pointWords(layer, i) {
    const code = part(layer, "codes", 0, this.turn).data[i]
    const what = layer.names.length ? `“${layer.names[code]}”` : layer.value ? `${layer.value} ${number(layer.low + (code / 255) * (layer.high - layer.low))}` : ""
    return `point ${i}${what ? ": " + what : ""}`
  },

  // What the caption says of the point that is asked, and of those marked.
  cloudWords() {
    const [layer] = this.clouds()
    if (!layer) return ""
    const i = this.askedPoint()
    const marked = this.lassoed.size ? ` · ${this.lassoed.size} points marked` : ""
    return (i !== null && i < layer.arrays.xy.shape.at(-2) ? ` · ${this.pointWords(layer, i)}` : "") + marked
  },

  nearestPoint(view, at) {
    const { places } = view
    let [best, least] = [null, NEAR * NEAR]
    for (let i = 0; places && 2 * i < places.length; i++) {
      const square = (places[2 * i] - at.x) ** 2 + (places[2 * i + 1] - at.y) ** 2
      if (square < least) [best, least] = [i, square]
    }
    return best
  },

  // Hover asks, a click keeps, a drag draws a lasso; a second click beside all points clears.
  watchCloud(view) {
    const { canvas } = view
    const place = (event) => {
      const box = canvas.getBoundingClientRect()
      return { x: event.clientX - box.left, y: event.clientY - box.top }
    }
    const has = () => cloudOf(view.panel)
    canvas.addEventListener("pointerdown", (event) => {
      if (!has() || event.button !== 0) return
      const at = place(event)
      view.lassoFrom = [at.x, at.y]
      canvas.setPointerCapture(event.pointerId)
    })
    canvas.addEventListener("pointermove", (event) => {
      if (!has()) return
      const at = place(event)
      if (view.lassoFrom && (view.lasso || Math.hypot(at.x - view.lassoFrom[0], at.y - view.lassoFrom[1]) > 6)) {
        view.lasso = [...(view.lasso ?? [view.lassoFrom]), [at.x, at.y]]
        this.pointed = null
      } else if (event.pointerType !== "touch") {
        this.pointed = this.nearestPoint(view, at)
        this.askedIn = view
      }
      this.redraw()
    })
    canvas.addEventListener("pointerup", (event) => {
      if (!has() || !view.lassoFrom) return
      if (view.lasso) this.mark(view)
      else {
        this.askedIn = view
        this.ask(this.nearestPoint(view, place(event)))
      }
      view.lasso = view.lassoFrom = null
      this.redraw()
    })
    const leave = () => {
      if (!has()) return
      view.lasso = view.lassoFrom = this.pointed = null
      this.redraw()
    }
    canvas.addEventListener("pointerleave", leave)
    canvas.addEventListener("pointercancel", leave)
  },

  // Mark the points inside the lasso, in all panels.
  mark(view) {
    const inside = ([px, py]) => {
      let odd = false
      view.lasso.forEach(([x, y], i) => {
        const [u, v] = view.lasso[(i + view.lasso.length - 1) % view.lasso.length]
        if (y > py !== v > py && px < x + ((py - y) / (v - y)) * (u - x)) odd = !odd
      })
      return odd
    }
    this.kept = null
    this.lassoed = new Set()
    for (let i = 0; 2 * i < view.places.length; i++) if (inside([view.places[2 * i], view.places[2 * i + 1]])) this.lassoed.add(i)
  },
}

Object.assign(Player.prototype, CLOUDS)
