// A stack of convolutions (dlviz/stack_layers.py): its units, and what the chosen one sees of each
// layer. Any unit can be pressed: its field lights at once, and Python hears of it.

const SLANT = 0.4 // as in dlviz/stack_layers.py
const NEAR_UNIT = 18 // px from a unit of a row that still hit it

// Which units of each layer a unit sees along one dimension, as rising arrays; index 0 is the input.
function fieldOf(layer, top, unit) {
  const lit = Array.from({ length: top + 1 }, () => [unit])
  for (let l = top; l > 0; l--) {
    const reads = lit[l].flatMap((u) => taps(layer, l, u))
    lit[l - 1] = [...new Set(reads)].sort((a, b) => a - b)
  }
  return lit
}

// The units of the layer before that a unit reads.
function taps({ kernel, strides, dilations }, l, unit) {
  return Array.from({ length: kernel }, (_, tap) => unit * strides[l - 1] + dilations[l - 1] * tap)
}

const middle = ({ jumps, fields }, l, unit) => unit * jumps[l] + (fields[l] - 1) / 2

// Where a unit of a plane is in the panel's units; corners of cells are at half numbers.
function placed(layer, l, column, row) {
  const back = SLANT * middle(layer, l, row)
  return [middle(layer, l, column) + back, l * layer.rise + back]
}

// The unit that is looked from: one just pressed, or that of the scene at this turn.
function lookedFrom(layer, knob) {
  return layer.pressed ?? { top: layer.top, column: knob, row: layer.row }
}

MARKS.StackDrawing = function (ctx, view, layer, frame, knob) {
  const from = lookedFrom(layer, knob)
  const lowest = layer.pressed ? 0 : Math.max(0, from.top - Math.floor(frame))
  ctx.lineJoin = "round"
  if (layer.row < 0) drawRows(ctx, view, layer, from, lowest)
  else drawPlanes(ctx, view, layer, from, lowest)
}

function drawRows(ctx, view, layer, from, lowest) {
  const { axes, colors } = view
  const every = layer.sizes.map((size) => Array.from({ length: size }, (_, i) => i))
  const lit = fieldOf(layer, from.top, from.column)
  const size = clamp(400 / layer.sizes[0], 1.5, 7)
  const wires = (units, color, width, first, last) => {
    ctx.strokeStyle = color
    ctx.lineWidth = width
    ctx.beginPath()
    for (let l = first; l <= last; l++)
      for (const unit of units[l])
        for (const below of taps(layer, l, unit)) {
          ctx.moveTo(axes.x(middle(layer, l, unit)), axes.y(l))
          ctx.lineTo(axes.x(middle(layer, l - 1, below)), axes.y(l - 1))
        }
    ctx.stroke()
  }
  const dots = (units, color, radius, first, last) => {
    for (let l = first; l <= last; l++)
      for (const unit of units[l]) marker(ctx, "circle", axes.x(middle(layer, l, unit)), axes.y(l), radius, color, colors.halo)
  }
  wires(every, colors.faint, 1, 1, every.length - 1)
  wires(lit, colors.path, 2, lowest + 1, from.top)
  dots(every, colors.muted, size, 0, every.length - 1)
  dots(lit, colors.path, size * 1.5, lowest, from.top)
}

function drawPlanes(ctx, view, layer, from, lowest) {
  const { axes, colors } = view
  const [columns, rows] = [fieldOf(layer, from.top, from.column), fieldOf(layer, from.top, from.row)]
  const corner = (l, column, row) => {
    const [x, y] = placed(layer, l, column, row)
    return [axes.x(x), axes.y(y)]
  }
  const block = (l, left, right, low, high) => [corner(l, left - 0.5, low - 0.5), corner(l, right + 0.5, low - 0.5),
    corner(l, right + 0.5, high + 0.5), corner(l, left - 0.5, high + 0.5)]
  const ends = (l) => [columns[l][0], columns[l].at(-1), rows[l][0], rows[l].at(-1)]
  layer.sizes.forEach((size, l) => {
    ctx.beginPath()
    polygon(ctx, block(l, 0, size - 1, 0, size - 1))
    ctx.globalAlpha = 0.85 // what lies behind a plane shows through
    ctx.fillStyle = colors.ground
    ctx.fill()
    ctx.globalAlpha = 1
    ctx.strokeStyle = colors.faint
    ctx.lineWidth = 1
    for (let i = 0; i <= size; i++) {
      line(ctx, ...corner(l, i - 0.5, -0.5), ...corner(l, i - 0.5, size - 0.5))
      line(ctx, ...corner(l, -0.5, i - 0.5), ...corner(l, size - 0.5, i - 0.5))
    }
    ctx.beginPath()
    polygon(ctx, block(l, 0, size - 1, 0, size - 1))
    ctx.strokeStyle = colors.muted
    ctx.stroke()
    if (l > from.top || l < lowest) return
    ctx.fillStyle = colors.path
    ctx.beginPath()
    for (const row of rows[l]) for (const column of columns[l]) polygon(ctx, block(l, column, column, row, row))
    ctx.fill()
  })
  ctx.strokeStyle = colors.path
  ctx.lineWidth = 1.5
  for (let l = lowest + 1; l <= from.top; l++) {
    const [upper, lower] = [block(l, ...ends(l)), block(l - 1, ...ends(l - 1))]
    upper.forEach((at, i) => line(ctx, ...at, ...lower[i]))
  }
  ctx.textAlign = "left"
  layer.sizes.forEach((size, l) => {
    const [x, y] = corner(l, size - 0.5, -0.5)
    words(ctx, view, l ? `layer ${l}` : "input", x + 8, y, colors.ink)
  })
}

// The unit of a layer above the input that is at a place of a panel, or null.
function stackUnit(view, at) {
  const layer = view.panel.layers.find((each) => each.kind === "StackDrawing")
  if (!layer) return null
  return layer.row < 0 ? unitOfRow(view, layer, at) : unitOfPlane(view, layer, at)
}

function unitOfRow(view, layer, at) {
  let best = null
  for (let top = 1; top < layer.sizes.length; top++)
    for (let column = 0; column < layer.sizes[top]; column++) {
      const away = Math.hypot(view.axes.x(middle(layer, top, column)) - at.x, view.axes.y(top) - at.y)
      if (away <= (best?.away ?? NEAR_UNIT)) best = { away, top, column, row: layer.row }
    }
  return best
}

function unitOfPlane(view, layer, at) {
  const place = view.axes.at(at.x, at.y)
  for (let top = layer.sizes.length - 1; place && top > 0; top--) {
    const back = (place.y - top * layer.rise) / SLANT
    const unit = (middleAt) => Math.round((middleAt - (layer.fields[top] - 1) / 2) / layer.jumps[top])
    const [column, row] = [unit(place.x - SLANT * back), unit(back)]
    if (Math.min(column, row) >= 0 && Math.max(column, row) < layer.sizes[top]) return { top, column, row }
  }
  return null
}

// Which units of each layer are lit once the whole way back is shown.
PanelView.prototype.lit = function (knob) {
  const layer = this.panel.layers.find((each) => each.kind === "StackDrawing")
  const from = lookedFrom(layer, knob)
  return { columns: fieldOf(layer, from.top, from.column), rows: layer.row < 0 ? [] : fieldOf(layer, from.top, from.row) }
}

Object.assign(Player.prototype, {
  // Light what a unit sees, all of it, before Python answers.
  lookFrom(view, { top, column, row }) {
    const layer = view.panel.layers.find((each) => each.kind === "StackDrawing")
    layer.pressed = { top, column, row }
    this.go(this.scene.frames - 1)
    this.litByHand = true
    this.send("pick", { panel: view.panel.name, layer: top, unit: column, row, frame: this.frame })
  },
})
