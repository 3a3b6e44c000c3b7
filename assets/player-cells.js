// Marks for grids of numbers (dlviz/cell_layers.py): cells, and the sum that a window makes.

const FULL_INK = 0.62 // of a cell with the full shade; its number must stay legible
const SMALLEST_TYPE = 8.5 // px; numbers that would be smaller are left out

function parts(color) {
  return [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16))
}

function blend(ground, color, share) {
  const [a, b] = [parts(ground), parts(color)]
  return a.map((each, i) => Math.round(each + (b[i] - each) * share))
}

// The color of a cell, as red, green and blue.
function shade(view, { signed, limit, paper }, value, code, full = 0.85) {
  const { classes } = view
  const colors = paper ? { ...view.colors, ground: "#FFFFFF" } : view.colors
  if (code > 0) return blend(colors.ground, classes.colors[(code - 1) % classes.colors.length], 0.55)
  if (code === 0) return parts(colors.ground)
  const share = limit ? Math.min(1, Math.abs(value) / limit) : 0
  if (!signed) return blend(colors.ground, colors.ink, FULL_INK * share)
  return blend(colors.ground, value < 0 ? "#0072B2" : "#E69F00", full * share)
}

// Relative luminance, and the one of ink and ground that stands out more on a color (WCAG 2.2).
function bright(rgb) {
  const [r, g, b] = rgb.map((each) => each / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function legible({ colors }, rgb) {
  const contrast = (color) => {
    const [low, high] = [bright(parts(color)), bright(rgb)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }
  return contrast(colors.ink) >= contrast(colors.ground) ? colors.ink : colors.ground
}

const css = (rgb) => `rgb(${rgb.join(",")})`

// A number with fewer digits, for cells in which all of them would be too small to read.
const shorter = (value) => number(Number(value.toPrecision(2)))

const fontOf = (view, size, bold) => `${bold ? "700 " : ""}${size}px ${view.player.font}`

// How large words can be in a box, in pixels.
function fit(ctx, view, text, width, height, bold) {
  const most = Math.min(view.axes.type * 1.25, Math.max(height * 0.62, Math.min(height * 0.9, SMALLEST_TYPE + 1.5)))
  ctx.font = fontOf(view, most, bold)
  return Math.min(most, (most * width * 0.9) / Math.max(1, ctx.measureText(text).width))
}

// Words in the middle of a box, as large as fits: the first of several that can be read, or none.
function centered(ctx, view, words, x, y, width, height, color, bold = false) {
  ctx.save()
  const size = (text) => fit(ctx, view, text, width, height, bold)
  const text = [words].flat().find((each) => size(each) >= SMALLEST_TYPE)
  if (text !== undefined) {
    ctx.font = fontOf(view, size(text), bold)
    ctx.textAlign = "center"
    ctx.textBaseline = "middle"
    ctx.fillStyle = color
    ctx.fillText(text, x + width / 2, y + height / 2)
  }
  ctx.restore()
}

// The box of a cell in pixels: left, top, width, height.
function cellBox(view, layer, row, column) {
  const { axes } = view
  const { left, top, unit } = layer
  const [x0, x1] = [axes.x(left + unit * column), axes.x(left + unit * (column + 1))]
  const [y0, y1] = [axes.y(top - unit * row), axes.y(top - unit * (row + 1))]
  return [x0, y0, x1 - x0, y1 - y0]
}

Object.assign(MARKS, {
  Cells(ctx, view, layer, frame, knob) {
    const { shape: [rows, columns], data } = part(layer, "values", frame, knob)
    const codes = part(layer, "codes", frame, knob).data
    const filled = layer.moving ? Math.floor(frame) + layer.first : data.length
    const { colors } = view
    const limit = layer.limit || data.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0)
    const look = { signed: layer.signed, limit, paper: layer.paper }
    ctx.lineWidth = 1
    for (let i = 0; i < data.length; i++) {
      const [x, y, w, h] = cellBox(view, layer, Math.floor(i / columns), i % columns)
      const there = i < filled && !Number.isNaN(data[i])
      const fill = there ? shade(view, look, data[i], codes.length ? codes[i] : -1) : parts(colors.ground)
      ctx.fillStyle = css(fill)
      ctx.fillRect(x, y, w, h)
      ctx.strokeStyle = colors.faint
      if (w > 4) ctx.strokeRect(x, y, w, h)
      if (!there || !layer.numbers) continue
      const text = layer.names.length ? layer.names[data[i]] : [number(data[i]), shorter(data[i])]
      const quiet = layer.names.length ? codes[i] === 0 : data[i] === 0
      centered(ctx, view, text, x, y, w, h, quiet && !layer.paper ? colors.muted : legible(view, fill))
    }
    if (!layer.moving || filled < 1) return
    const last = Math.min(filled, rows * columns) - 1
    ctx.strokeStyle = colors.path
    ctx.lineWidth = 3
    ctx.strokeRect(...cellBox(view, layer, Math.floor(last / columns), last % columns))
  },

  Products(ctx, view, layer, frame, knob) {
    const { shape: [, across], data } = part(layer, "image", frame, knob)
    const { shape: [rows, columns], data: weights } = layer.arrays.kernel
    const [top, left] = layer.arrays.corners.data.subarray(2 * Math.floor(frame), 2 * Math.floor(frame) + 2)
    const { axes, colors } = view
    const line = Math.min(axes.height * (rows > 4 ? 0.15 : 0.22), axes.type * 2.4)
    const [w, h] = [axes.width / columns, (axes.height - line) / rows]
    const limit = Math.max(1e-9, ...weights.map(Math.abs))
    const d = layer.dilation
    const values = Array.from(weights, (_, i) => data[(top + d * Math.floor(i / columns)) * across + left + d * (i % columns)])
    const factors = Array.from(weights, (weight) => (number(weight).startsWith("−") ? `(${number(weight)})` : number(weight)))
    const written = values.map((value, i) => `${number(value)} · ${factors[i]}`)
    ctx.save()
    const roomy = written.every((text) => fit(ctx, view, text, w - 1, h - 1, true) >= SMALLEST_TYPE)
    ctx.restore()
    values.forEach((value, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns]
      const [x, y] = [axes.left + column * w, axes.top + row * h]
      const fill = layer.way === "sum" ? shade(view, { signed: true, limit }, weights[i], -1, 0.5) : parts(colors.ground)
      ctx.fillStyle = css(fill)
      ctx.fillRect(x, y, w - 1, h - 1)
      ctx.strokeStyle = colors.faint
      ctx.lineWidth = 1
      ctx.strokeRect(x, y, w - 1, h - 1)
      const product = value * weights[i] || 0
      const text = layer.way === "sum" ? (roomy ? written[i] : [number(product), shorter(product)]) : number(value)
      const counts = layer.way === "sum" ? value * weights[i] !== 0 : layer.way === "mean" || value === Math[layer.way](...values)
      centered(ctx, view, text, x, y, w - 1, h - 1, legible(view, fill), counts)
    })
    const sum = values.reduce((total, value, i) => total + value * weights[i], 0)
    const mean = values.reduce((total, value) => total + value, 0) / values.length
    const total = { sum, mean, max: Math.max(...values), min: Math.min(...values) }[layer.way]
    const shown = Math.abs(total) < 1e-6 ? 0 : Number(total.toPrecision(6))
    centered(ctx, view, `${layer.way} = ${number(shown)}`, axes.left, axes.top + axes.height - line, axes.width, line, colors.path, true)
  },
})

// The frame of the cell at a place of a panel that fills with the frames, or null.
function frameAt(view, { x, y }) {
  const layer = view.panel.layers.find((each) => each.kind === "Cells" && each.moving)
  const at = layer && view.axes.at(x, y)
  if (!at) return null
  const [rows, columns] = layer.arrays.values.shape.slice(-2)
  const [row, column] = [Math.floor((layer.top - at.y) / layer.unit), Math.floor((at.x - layer.left) / layer.unit)]
  const inside = row >= 0 && column >= 0 && row < rows && column < columns
  return inside ? row * columns + column + 1 - layer.first : null
}
