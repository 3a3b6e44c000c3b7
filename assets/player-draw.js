// The dlviz player: draws a packed scene (see dlviz/scene.py) on canvases, 60 times a second.
//
//   unpack    bytes -> scene: header words and typed arrays
//   Frame     one panel's axes: data units <-> pixels, ticks, grid
//   MARKS     one drawing function for each kind of layer (see dlviz/layers.py)
//   Evaluator (player-net.js) the networks a scene carries, and the marks that show them
//   PanelView a canvas with a panel on it; what never changes is drawn once and kept
//   Player    frames, knob, transport, keyboard, pointer, exports, and words to Python
//
// Python is told only what it must know: a knob let go ("knob"), a place picked ("pick"),
// a scene asked for ("scene"), presenter mode ("present"), a branch ("branch"), points painted
// ("paint"), weights changed by hand ("edit").

const TYPES = { uint8: Uint8Array, uint16: Uint16Array, float32: Float32Array, float64: Float64Array, int32: Int32Array }
const SPEEDS = [0.25, 0.5, 1, 2, 4]
const FAR = 1e5 // px; canvas coordinates beyond this are not drawn reliably

// ---------------------------------------------------------------- the scene

// "DLVP", length, a session's options as JSON, then the scene deflated: "DLV1", length, header as
// JSON, arrays at multiples of 8.
async function unpack(bytes) {
  const copy = bytes.slice()
  const from = 8 + new DataView(copy.buffer).getUint32(4, true)
  const words = (buffer, at, end) => JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, at, end - at)))
  const options = words(copy.buffer, 8, from)
  const stream = new Blob([copy.subarray(from)]).stream().pipeThrough(new DecompressionStream("deflate"))
  const buffer = await new Response(stream).arrayBuffer()
  const base = 8 + new DataView(buffer).getUint32(4, true)
  const scene = words(buffer, 8, base)
  const array = ({ dtype, shape, offset }) => ({
    shape,
    data: new TYPES[dtype](buffer, base + offset, shape.reduce((a, b) => a * b, 1)),
  })
  const nets = scene.nets.map((net) => new Evaluator({ ...net, parameters: array(net.parameters) }))
  for (const panel of scene.panels)
    for (const layer of panel.layers) {
      for (const name in layer.arrays) layer.arrays[name] = array(layer.arrays[name])
      if ("net" in layer) layer.evaluator = nets[layer.net]
    }
  for (const name in scene.readouts) scene.readouts[name] = array(scene.readouts[name])
  for (const name in scene.colormaps) scene.colormaps[name] = array(scene.colormaps[name]).data
  return { options, scene }
}

// The part of a layer's array that belongs to one picture; leading axes are those in `over`.
function part(layer, name, frame, knob) {
  const { shape, data } = layer.arrays[name]
  const inner = shape.slice(shape.length - layer.axes[name])
  const size = inner.reduce((a, b) => a * b, 1)
  let index = 0
  if (shape.length > layer.axes[name])
    for (let i = 0; i < layer.over.length; i++)
      index = index * shape[i] + (layer.over[i] === "k" ? knob : Math.floor(frame))
  return { shape: inner, data: data.subarray(index * size, (index + 1) * size) }
}

// A number as words: counts whole, else three significant digits; the twin of dlviz.words.number.
export function number(value) {
  if (Number.isNaN(value)) return "not a number"
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞"
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 1e5) return String(value + 0).replace("-", "−") // a count
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) {
    const [mantissa, exponent] = value.toExponential(2).split("e")
    return `${mantissa}e${Number(exponent)}`.replaceAll("-", "−")
  }
  return String(Number(value.toPrecision(3))).replace("-", "−")
}

// What a frame is called: its own number, or the one that the scene gives.
const called = (scene, frame) => scene.numbers[frame] ?? frame

// The frame whose number is nearest to one.
function frameOf(scene, number) {
  let best = 0
  scene.numbers.forEach((each, i) => { if (Math.abs(each - number) < Math.abs(scene.numbers[best] - number)) best = i })
  return scene.numbers.length ? best : number
}

function caption(scene, frame, knob) {
  const template = scene.captions[scene.captions.length > 1 ? knob : 0]
  const words = scene.says.length ? template.replace("{says}", scene.says[frame % scene.says.length]) : template
  const fill = (name) => {
    if (name === "frame") return String(called(scene, frame))
    if (name === "last") return String(called(scene, scene.frames - 1))
    if (name === "knob") return number(scene.knob.values[knob])
    if (name === "regions") return number(regionsAt(scene.panels.flatMap((panel) => panel.layers).find((layer) => layer.kind === "NetRegions"), frame, knob).faces.length)
    if (name === "answer" || name === "sure") return cnnWords(scene, name, frame, knob)
    const { shape, data } = scene.readouts[name]
    return number(data[(shape[0] > 1 ? knob : 0) * shape[1] + (shape[1] > 1 ? frame : 0)])
  }
  const said = words.replace(/\{(\w+)\}/g, (_, name) => fill(name))
  const ended = scene.endings.length && frame === scene.frames - 1
  return ended ? `${said}: ${scene.endings[knob]}` : said
}

// ---------------------------------------------------------------- axes

function ticks({ low, high, log, whole }, most) {
  if (log) {
    const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)]
    const every = Math.max(1, Math.ceil((last - first + 1) / most))
    const out = []
    for (let e = first; e <= last; e += every) out.push(10 ** e)
    return out
  }
  const rough = Math.max(whole ? 1 : 0, (high - low) / most)
  const unit = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((m) => m * unit).find((s) => s >= rough)
  const out = []
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) out.push(i * step)
  return out
}

function tickText(value, log) {
  if (!log) return number(Math.abs(value) < 1e-12 ? 0 : value)
  const exponent = Math.round(Math.log10(value))
  if (exponent >= -3 && exponent <= 3) return number(value)
  return "10" + String(exponent).replace(/[-0-9]/g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)])
}

const SQUEEZED = 0.7 // of its width: how narrow a name may be drawn

// The ticks of a panel of bars with names: as many as there is room for, from the first on.
function named(ctx, frame) {
  const names = frame.panel.layers.find((layer) => layer.kind === "Bars" && layer.labels.length)?.labels
  if (!names) return null
  const [room, gap] = [frame.x(1) - frame.x(0), frame.type * 0.4]
  const widest = Math.max(...names.map((name) => ctx.measureText(name).width))
  const every = Math.max(1, Math.ceil((widest * SQUEEZED + gap) / room))
  return names.flatMap((name, i) => (i % every ? [] : [[i, name, every * room - gap]]))
}

class Frame {
  constructor(panel, width, height, type) {
    this.panel = panel
    this.type = type
    this.room = width
    const { bare } = panel
    this.bare = bare
    const title = panel.title ? type * 1.5 : type * 0.6
    this.left = bare ? 2 : type * 4.1
    this.top = title
    this.width = Math.max(20, width - this.left - type * 0.9)
    this.height = Math.max(20, height - title - (bare ? 2 : type * 2.9))
    if (panel.equal) this.keepAspect()
  }

  keepAspect() {
    const { x, y } = this.panel
    const scale = Math.min(this.width / (x.high - x.low), this.height / (y.high - y.low))
    const [w, h] = [scale * (x.high - x.low), scale * (y.high - y.low)]
    this.left += (this.width - w) / 2
    this.width = w
    this.height = h
  }

  share(axis, value) {
    if (!axis.log) return (value - axis.low) / (axis.high - axis.low)
    if (value <= 0) return -FAR
    return Math.log(value / axis.low) / Math.log(axis.high / axis.low)
  }

  x(value) {
    return clamp(this.left + this.share(this.panel.x, value) * this.width, -FAR, FAR)
  }

  y(value) {
    return clamp(this.top + (1 - this.share(this.panel.y, value)) * this.height, -FAR, FAR)
  }

  // Data units of a pixel, or null outside the axes.
  at(px, py) {
    const u = (px - this.left) / this.width
    const v = 1 - (py - this.top) / this.height
    if (u < 0 || u > 1 || v < 0 || v > 1) return null
    const value = (axis, share) =>
      axis.log ? axis.low * (axis.high / axis.low) ** share : axis.low + share * (axis.high - axis.low)
    return { x: value(this.panel.x, u), y: value(this.panel.y, v) }
  }

  draw(ctx, colors) {
    const { panel, type } = this
    ctx.fillStyle = colors.ink
    ctx.textBaseline = "alphabetic"
    if (panel.title) {
      ctx.textAlign = "left"
      const start = this.bare ? 2 : this.left
      const [long, least] = [ctx.measureText(panel.title).width, Math.min(start, type)]
      // a long title begins further left, and is squeezed only if that is not enough
      const x = clamp(this.room - 2 - long, least, start)
      ctx.fillText(panel.title, x, type * 1.05, this.room - 2 - x)
    }
    if (this.bare) return
    ctx.strokeStyle = colors.muted
    ctx.lineWidth = 1
    ctx.strokeRect(this.left, this.top, this.width, this.height)
    ctx.fillStyle = colors.muted
    const bottom = this.top + this.height
    ctx.textAlign = "center"
    const across = Math.max(2, Math.floor(this.width / (type * 3.5)))
    for (const [tick, text, room] of named(ctx, this) ?? ticks(panel.x, across).map((tick) => [tick, tickText(tick, panel.x.log)])) {
      const at = this.x(tick)
      line(ctx, at, bottom, at, bottom + 4)
      ctx.fillText(text, at, bottom + type * 1.15, room)
    }
    ctx.textAlign = "right"
    const down = Math.max(2, Math.floor(this.height / (type * 2.2)))
    for (const tick of ticks(panel.y, down)) {
      const at = this.y(tick)
      line(ctx, this.left - 4, at, this.left, at)
      ctx.fillText(tickText(tick, panel.y.log), this.left - 7, at + type * 0.35)
    }
    ctx.fillStyle = colors.ink
    ctx.textAlign = "center"
    ctx.fillText(panel.x.label, this.left + this.width / 2, bottom + type * 2.4, this.width)
    ctx.save()
    ctx.translate(this.left - type * 3.2, this.top + this.height / 2)
    ctx.rotate(-Math.PI / 2)
    ctx.fillText(panel.y.label, 0, 0, this.height)
    ctx.restore()
  }
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value))

function line(ctx, x0, y0, x1, y1) {
  ctx.beginPath()
  ctx.moveTo(x0, y0)
  ctx.lineTo(x1, y1)
  ctx.stroke()
}

// ---------------------------------------------------------------- marks
// Each takes (ctx, view, layer, frame, knob): `view` gives axes, colors and the scene.

const SHAPES = {
  circle: (c, r) => c.arc(0, 0, r, 0, 7),
  square: (c, r) => c.rect(-r * 0.9, -r * 0.9, r * 1.8, r * 1.8),
  triangle: (c, r) => polygon(c, [[0, -r * 1.2], [r * 1.1, r * 0.8], [-r * 1.1, r * 0.8]]),
  diamond: (c, r) => polygon(c, [[0, -r * 1.25], [r * 1.25, 0], [0, r * 1.25], [-r * 1.25, 0]]),
  cross: (c, r) => polygon(c, plus(r).map(([x, y]) => [(x + y) * 0.71, (y - x) * 0.71])),
  plus: (c, r) => polygon(c, plus(r)),
  star: (c, r) => polygon(c, Array.from({ length: 10 }, (_, i) => {
    const size = i % 2 ? r * 0.55 : r * 1.35
    return [size * Math.sin((i * Math.PI) / 5), -size * Math.cos((i * Math.PI) / 5)]
  })),
}

function plus(r) {
  const [a, b] = [r * 1.2, r * 0.42]
  return [[-b, -a], [b, -a], [b, -b], [a, -b], [a, b], [b, b], [b, a], [-b, a], [-b, b], [-a, b], [-a, -b], [-b, -b]]
}

function polygon(ctx, corners) {
  corners.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)))
  ctx.closePath()
}

// Polygons of the axes' coordinates, each of which ends where a number is missing.
function outlines(ctx, axes, xy) {
  let open = false
  for (let i = 0; i < xy.length; i += 2) {
    if (!Number.isFinite(xy[i])) {
      if (open) ctx.closePath()
      open = false
    } else if (open) ctx.lineTo(axes.x(xy[i]), axes.y(xy[i + 1]))
    else {
      ctx.moveTo(axes.x(xy[i]), axes.y(xy[i + 1]))
      open = true
    }
  }
  if (open) ctx.closePath()
}

function marker(ctx, shape, x, y, radius, fill, edge) {
  ctx.save()
  ctx.translate(x, y)
  ctx.beginPath()
  SHAPES[shape](ctx, radius)
  ctx.fillStyle = fill
  ctx.strokeStyle = edge
  ctx.lineWidth = Math.min(1.5, radius * 0.35)
  ctx.fill()
  ctx.stroke()
  ctx.restore()
}

// Words with a halo, so that they can be read on any ground; kept inside the axes.
function words(ctx, view, text, x, y, color, align = "left") {
  ctx.save() // the caller's pen stays as it was
  const width = ctx.measureText(text).width
  const { left, top, width: w, height: h, type } = view.axes
  let start = align === "left" ? x : align === "right" ? x - width : x - width / 2
  start = clamp(start, left + 3, Math.max(left + 3, left + w - width - 3))
  ctx.textAlign = "left"
  ctx.lineWidth = 4
  ctx.lineJoin = "round"
  ctx.strokeStyle = view.colors.halo
  const base = clamp(y, top + type, top + h - 4)
  ctx.setLineDash([])
  ctx.strokeText(text, start, base)
  ctx.fillStyle = color
  ctx.fillText(text, start, base)
  ctx.restore()
}

// The open line through finite points of `data` (x, y pairs) from entry 0 to a fractional end.
function trace(ctx, axes, data, end) {
  ctx.beginPath()
  let drawing = false
  const last = Math.floor(end)
  for (let i = 0; i <= last; i++) {
    const [x, y] = [data[2 * i], data[2 * i + 1]]
    if (!Number.isFinite(x) || !Number.isFinite(y)) { drawing = false; continue }
    if (drawing) ctx.lineTo(axes.x(x), axes.y(y))
    else ctx.moveTo(axes.x(x), axes.y(y))
    drawing = true
  }
  const [x, y] = between(data, end)
  if (drawing && Number.isFinite(x) && Number.isFinite(y)) ctx.lineTo(axes.x(x), axes.y(y))
  ctx.stroke()
}

// The point at a fractional entry: on the straight way from one step to the next.
function between(data, at) {
  const i = Math.floor(at)
  const share = at - i
  if (share === 0 || 2 * i + 3 >= data.length) return [data[2 * i], data[2 * i + 1]]
  return [0, 1].map((d) => data[2 * i + d] * (1 - share) + data[2 * i + 2 + d] * share)
}

function lastFinite(data, end) {
  for (let i = Math.floor(end); i >= 0; i--)
    if (Number.isFinite(data[2 * i]) && Number.isFinite(data[2 * i + 1])) return i
  return -1
}

// The moving point. Off the picture it becomes an arrow at the edge that says where it is.
function ball(ctx, view, x, y, color) {
  const { axes, colors } = view
  const [px, py] = [axes.x(x), axes.y(y)]
  const [right, bottom] = [axes.left + axes.width, axes.top + axes.height]
  const inside = px >= axes.left && px <= right && py >= axes.top && py <= bottom
  if (inside) return marker(ctx, "circle", px, py, view.ballSize, color, colors.halo)
  const [ex, ey] = [clamp(px, axes.left + 12, right - 12), clamp(py, axes.top + 12, bottom - 12)]
  const angle = Math.atan2(py - ey, px - ex)
  ctx.save()
  ctx.translate(ex, ey)
  ctx.rotate(angle)
  ctx.beginPath()
  polygon(ctx, [[11, 0], [-7, -9], [-7, 9]])
  ctx.fillStyle = color
  ctx.fill()
  ctx.restore()
  words(ctx, view, `at (${number(x)}, ${number(y)})`, ex + (ex > axes.left + axes.width / 2 ? -14 : 14),
    ey + (ey > axes.top + axes.height / 2 ? -14 : 24), colors.ink, ex > axes.left + axes.width / 2 ? "right" : "left")
}

const MARKS = {
  Field(ctx, view, layer, frame, knob) {
    const image = part(layer, "image", frame, knob)
    const [height, width] = image.shape
    const { axes } = view
    const dx = (layer.x[1] - layer.x[0]) / Math.max(1, width - 1) / 2
    const dy = (layer.y[1] - layer.y[0]) / Math.max(1, height - 1) / 2
    const [x0, x1] = [axes.x(layer.x[0] - dx), axes.x(layer.x[1] + dx)]
    const [y0, y1] = [axes.y(layer.y[1] + dy), axes.y(layer.y[0] - dy)]
    const picture = layer.bands
      ? kept(view, layer, frame, knob, Math.round(x1 - x0), Math.round(y1 - y0))
      : colored(view, layer, image)
    ctx.save()
    ctx.globalAlpha = layer.opacity
    ctx.imageSmoothingEnabled = layer.colors !== "labels"
    ctx.drawImage(picture, x0, y0, x1 - x0, y1 - y0)
    ctx.restore()
    if (layer.hatched.length) hatch(ctx, view, layer, image, x0, y0, x1, y1)
  },

  Points(ctx, view, layer, frame, knob) {
    const { data } = part(layer, "xy", frame, knob)
    const classes = part(layer, "classes", frame, knob).data
    for (let i = 0; 2 * i < data.length; i++) {
      if (!Number.isFinite(data[2 * i]) || !Number.isFinite(data[2 * i + 1])) continue
      const [x, y] = [view.axes.x(data[2 * i]), view.axes.y(data[2 * i + 1])]
      const kind = classes.length ? classes[i] % view.classes.colors.length : -1
      const color = kind < 0 ? view.color(layer.color) : view.classes.colors[kind]
      marker(ctx, kind < 0 ? layer.marker : view.classes.markers[kind], x, y, layer.size, color, view.colors.halo)
      if (layer.labels[i]) words(ctx, view, layer.labels[i], x + layer.size, y + layer.size + view.axes.type * 1.1, view.colors.ink)
    }
  },

  Path(ctx, view, layer, frame, knob) {
    const { data } = part(layer, "xy", 0, knob)
    const end = layer.whole ? data.length / 2 - 1 : frame * layer.stride
    const color = view.color(layer.color)
    ctx.lineJoin = ctx.lineCap = "round"
    ctx.strokeStyle = view.colors.halo
    ctx.lineWidth = layer.width + 2
    ctx.globalAlpha = 0.7
    trace(ctx, view.axes, data, end)
    ctx.globalAlpha = 1
    ctx.strokeStyle = color
    ctx.lineWidth = layer.width
    trace(ctx, view.axes, data, end)
    if (layer.dots) dots(ctx, view, data, end, layer.stride, color)
    const last = lastFinite(data, end)
    if (last < 0) return
    const gone = last < Math.floor(end)
    const [x, y] = gone ? [data[2 * last], data[2 * last + 1]] : between(data, end)
    if (layer.label) words(ctx, view, layer.label, view.axes.x(x) + 10, view.axes.y(y) - 8, color)
    if (gone) return marker(ctx, "cross", clampX(view, x), clampY(view, y), view.ballSize, color, view.colors.halo)
    if (layer.ball) ball(ctx, view, x, y, color)
  },

  Polygons(ctx, view, layer, frame, knob) {
    const { shape, data } = part(layer, "xy", frame, knob)
    const codes = part(layer, "codes", frame, knob).data
    const table = view.colormap(layer.colors)
    const paths = new Map() // tiles of one color are one path: else seams would show between them
    for (let p = 0; p < shape[0]; p++) {
      const key = layer.tiles ? Math.round(codes[p]) : p
      paths.set(key, [...(paths.get(key) ?? []), p])
    }
    for (const rows of paths.values()) {
      ctx.beginPath()
      for (const p of rows) outlines(ctx, view.axes, data.subarray(2 * p * shape[1], 2 * (p + 1) * shape[1]))
      const c = 3 * Math.round(codes[rows[0]])
      ctx.globalAlpha = layer.opacity
      ctx.fillStyle = `rgb(${table[c]},${table[c + 1]},${table[c + 2]})`
      ctx.fill()
      ctx.globalAlpha = 1
      if (!layer.outline) continue
      ctx.strokeStyle = view.color(layer.outline)
      ctx.lineWidth = 1
      ctx.stroke()
    }
  },

  Segments(ctx, view, layer, frame, knob) {
    const { data } = part(layer, "xy", frame, knob)
    ctx.strokeStyle = view.color(layer.color)
    ctx.setLineDash(layer.dashed ? [6, 5] : [])
    for (let i = 0; 4 * i < data.length; i++) {
      if (!data.subarray(4 * i, 4 * i + 4).every(Number.isFinite)) continue
      const [x0, y0, x1, y1] = ends(view, data, i)
      ctx.lineWidth = layer.width
      line(ctx, x0, y0, x1, y1)
      if (layer.labels[i]) words(ctx, view, layer.labels[i], x1 + 5, y1 + view.axes.type * (1.1 + 1.15 * (i % 3)), view.color(layer.color))
    }
    ctx.setLineDash([])
  },

  Curve(ctx, view, layer, frame, knob) {
    const xs = layer.arrays.x.data
    const ys = part(layer, "y", frame, knob).data
    const color = view.color(layer.color)
    ctx.strokeStyle = color
    ctx.lineWidth = layer.width
    ctx.setLineDash(layer.dashed ? [7, 5] : [])
    curve(ctx, view.axes, xs, ys)
    ctx.setLineDash([])
    const broken = ys.findIndex((value) => !Number.isFinite(value))
    if (broken > 0 && layer.cursor !== "knob")
      marker(ctx, "cross", clampX(view, xs[broken - 1]), clampY(view, ys[broken - 1]), 6, color, view.colors.halo)
    if (layer.label) words(ctx, view, layer.label, view.axes.x(xs[xs.length - 1]) - 6, view.axes.y(ys[ys.length - 1]) - 8, color, "right")
    if (!layer.cursor) return
    const at = layer.cursor === "knob" ? knob : frame
    const pair = new Float32Array([xs[Math.floor(at)], ys[Math.floor(at)], xs[Math.ceil(at)], ys[Math.ceil(at)]])
    const [x, y] = between(pair, at - Math.floor(at))
    ctx.strokeStyle = view.colors.muted
    ctx.lineWidth = 1
    line(ctx, view.axes.x(x), view.axes.top, view.axes.x(x), view.axes.top + view.axes.height)
    if (Number.isFinite(y)) marker(ctx, "circle", clampX(view, x), clampY(view, y), view.ballSize * 0.8, color, view.colors.halo)
  },

  Tiles(ctx, view, layer, frame, knob) {
    const { shape: [count, height, width], data } = part(layer, "images", frame, knob)
    const { axes } = view
    const rows = Math.ceil(count / layer.columns)
    const room = layer.labels.length ? axes.type * 1.3 : 3
    const cell = Math.min(axes.width / layer.columns, axes.height / rows)
    ctx.imageSmoothingEnabled = false
    for (let i = 0; i < count; i++) {
      const image = { shape: [height, width], data: data.subarray(i * height * width, (i + 1) * height * width) }
      const [x, y] = [axes.left + (i % layer.columns) * cell, axes.top + Math.floor(i / layer.columns) * cell]
      const side = cell - room // square, whether or not there is a label under it
      const left = x + (cell - 3 - side) / 2
      ctx.drawImage(colored(view, layer, image, true), left, y, side, side)
      ctx.strokeStyle = view.colors.muted // white pictures end somewhere, too
      ctx.lineWidth = 1
      ctx.strokeRect(left, y, side, side)
      if (layer.labels[i]) words(ctx, view, layer.labels[i], x + cell / 2, y + cell - 4, view.colors.ink, "center")
    }
  },

  Bars(ctx, view, layer, frame, knob) {
    const heights = part(layer, "heights", frame, knob).data
    const { axes } = view
    const zero = clamp(axes.y(Math.max(0, view.panel.y.low)), axes.top, axes.top + axes.height)
    ctx.fillStyle = view.color(layer.color)
    heights.forEach((height, i) => {
      if (!Number.isFinite(height)) return
      const [x0, x1, y] = [axes.x(i - 0.4), axes.x(i + 0.4), axes.y(height)]
      ctx.fillRect(x0, Math.min(y, zero), x1 - x0, Math.abs(zero - y))
    })
    if (axes.bare) layer.labels.forEach((text, i) => words(ctx, view, text, axes.x(i), zero - 6, view.colors.ink, "center"))
  },

  Arrows(ctx, view, layer, frame, knob) {
    const { data } = part(layer, "xy", frame, knob)
    ctx.strokeStyle = ctx.fillStyle = view.color(layer.color)
    ctx.lineWidth = layer.width
    for (let i = 0; 4 * i < data.length; i++) {
      if (!data.subarray(4 * i, 4 * i + 4).every(Number.isFinite)) continue
      const [x0, y0, x1, y1] = ends(view, data, i)
      const length = Math.hypot(x1 - x0, y1 - y0)
      if (length < 2) continue
      const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length]
      const head = Math.min(12, length)
      line(ctx, x0, y0, x1 - ux * head * 0.8, y1 - uy * head * 0.8)
      ctx.beginPath()
      polygon(ctx, [[x1, y1], [x1 - head * ux + head * 0.45 * uy, y1 - head * uy - head * 0.45 * ux],
        [x1 - head * ux - head * 0.45 * uy, y1 - head * uy + head * 0.45 * ux]])
      ctx.fill()
      const { left, top, width, height } = view.axes
      const seen = x1 > left && x1 < left + width && y1 > top && y1 < top + height
      if (layer.label && seen) words(ctx, view, layer.label, x1 + 6, y1 - 6, view.color(layer.color))
      ctx.fillStyle = view.color(layer.color)
    }
  },

  Text(ctx, view, layer, frame, knob) {
    const { data } = part(layer, "xy", frame, knob)
    layer.texts.forEach((text, i) => {
      if (Number.isFinite(data[2 * i]))
        words(ctx, view, text, view.axes.x(data[2 * i]), view.axes.y(data[2 * i + 1]), view.color(layer.color), layer.anchor)
    })
  },
}

const clampX = (view, x) => clamp(view.axes.x(x), view.axes.left + 6, view.axes.left + view.axes.width - 6)
const clampY = (view, y) => clamp(view.axes.y(y), view.axes.top + 6, view.axes.top + view.axes.height - 6)

function ends(view, data, i) {
  return [view.axes.x(data[4 * i]), view.axes.y(data[4 * i + 1]), view.axes.x(data[4 * i + 2]), view.axes.y(data[4 * i + 3])]
}

function dots(ctx, view, data, end, stride, color) {
  ctx.fillStyle = color
  ctx.beginPath()
  for (let i = 0; i <= end; i += stride) {
    if (!Number.isFinite(data[2 * i]) || !Number.isFinite(data[2 * i + 1])) break
    const [x, y] = [view.axes.x(data[2 * i]), view.axes.y(data[2 * i + 1])]
    ctx.moveTo(x, y)
    ctx.arc(x, y, 3, 0, 7)
  }
  ctx.fill()
}

function curve(ctx, axes, xs, ys) {
  ctx.beginPath()
  let drawing = false
  for (let i = 0; i < xs.length; i++) {
    if (!Number.isFinite(ys[i])) { drawing = false; continue }
    if (drawing) ctx.lineTo(axes.x(xs[i]), axes.y(ys[i]))
    else ctx.moveTo(axes.x(xs[i]), axes.y(ys[i]))
    drawing = true
  }
  ctx.stroke()
}

// Color codes -> a small picture, highest row first; kept while codes and colors stay the same.
function colored(view, layer, image, fresh = false) {
  const [height, width] = image.shape
  const canvas = fresh ? document.createElement("canvas") : (layer.canvas ??= document.createElement("canvas"))
  canvas.width = width
  canvas.height = height
  const ctx = canvas.getContext("2d")
  const pixels = ctx.createImageData(width, height)
  const table = view.colormap(layer.colors)
  const hidden = new Set([...(layer.hatched ?? []), ...(layer.blank ?? [])])
  for (let row = 0; row < height; row++)
    for (let col = 0; col < width; col++) {
      const code = Math.round(image.data[(height - 1 - row) * width + col])
      const to = 4 * (row * width + col)
      pixels.data.set(table.subarray(3 * code, 3 * code + 3), to)
      pixels.data[to + 3] = hidden.has(code) ? 0 : 255
    }
  ctx.putImageData(pixels, 0, 0)
  return canvas
}

// The contours of a field, drawn anew when its image, its size or the colors are others.
function kept(view, layer, frame, knob, width, height) {
  const image = part(layer, "image", frame, knob)
  const key = `${image.data.byteOffset} ${width} ${height}`
  const last = layer.kept
  if (last?.key === key && last.colors === view.colors) return last.picture
  layer.kept = { key, colors: view.colors, picture: contours(view, layer, image, width, height) }
  return layer.kept.picture
}

// Filled contours at screen resolution: bilinear between samples, flat bands, a line between.
function contours(view, layer, image, width, height) {
  width = clamp(width, 2, 1600)
  height = clamp(height, 2, 1200)
  const [rows, cols] = image.shape
  const canvas = document.createElement("canvas")
  canvas.width = width
  canvas.height = height
  const ctx = canvas.getContext("2d")
  const pixels = ctx.createImageData(width, height)
  const table = view.colormap(layer.colors)
  const band = new Int16Array(width * height)
  for (let py = 0; py < height; py++) {
    const v = clamp(((height - 0.5 - py) / height) * rows - 0.5, 0, rows - 1.001)
    const [r, dv] = [Math.floor(v), v - Math.floor(v)]
    for (let px = 0; px < width; px++) {
      const u = clamp(((px + 0.5) / width) * cols - 0.5, 0, cols - 1.001)
      const c = Math.floor(u)
      const du = u - c
      const i = r * cols + c
      const low = image.data[i] * (1 - du) + image.data[i + 1] * du
      const high = image.data[i + cols] * (1 - du) + image.data[i + cols + 1] * du
      const value = low * (1 - dv) + high * dv
      const at = py * width + px
      if (Number.isNaN(value)) { band[at] = -1; continue }
      band[at] = Math.min(layer.bands - 1, Math.floor((value / 256) * layer.bands))
      const code = Math.round((band[at] / (layer.bands - 1)) * 255)
      const edge = (px > 0 && band[at - 1] !== band[at]) || (py > 0 && band[at - width] !== band[at])
      for (let d = 0; d < 3; d++) pixels.data[4 * at + d] = table[3 * code + d] * (edge ? 0.8 : 1)
      pixels.data[4 * at + 3] = 255
    }
  }
  ctx.putImageData(pixels, 0, 0)
  return canvas
}

// Hatching over the cells whose code is in `hatched`: told apart without color.
function hatch(ctx, view, layer, image, x0, y0, x1, y1) {
  const [rows, cols] = image.shape
  const hidden = new Set(layer.hatched)
  ctx.save()
  ctx.beginPath()
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < cols; c++)
      if (hidden.has(Math.round(image.data[r * cols + c])))
        ctx.rect(x0 + (c / cols) * (x1 - x0), y1 - ((r + 1) / rows) * (y1 - y0), (x1 - x0) / cols + 0.5, (y1 - y0) / rows + 0.5)
  ctx.clip()
  ctx.strokeStyle = view.colors.muted
  ctx.lineWidth = 1
  ctx.beginPath()
  for (let d = x0 - (y1 - y0); d < x1; d += 9) {
    ctx.moveTo(d, y1)
    ctx.lineTo(d + (y1 - y0), y0)
  }
  ctx.stroke()
  ctx.restore()
}

// ---------------------------------------------------------------- a panel on its canvas

// Whether a layer is the same in every picture and nothing that changes lies right under it.
function still(layers, i) {
  const fixed = (layer) => layer.over === "" && layer.only === null && !/^(Path|Tracks)$/.test(layer.kind) && !layer.cursor && !layer.evaluator && !layer.moving
  return fixed(layers[i]) && !layers.slice(0, i).some((layer) => /^(Field|NetMap|NetRegions)$/.test(layer.kind) && !fixed(layer))
}

class PanelView {
  constructor(player, panel) {
    this.player = player
    this.panel = panel
    this.canvas = document.createElement("canvas")
    this.canvas.className = "panel"
    this.canvas.setAttribute("role", "img")
    this.backdrop = document.createElement("canvas")
    this.pointer = null
  }

  get colors() { return this.player.colors }
  get classes() { return this.player.scene.classes }
  get ballSize() { return this.axes.type * 0.5 }

  // The places painted on this panel that are not among its points yet.
  wet() {
    const sent = this.panel.pick ? this.player.strokes.flatMap(({ stroke }) => stroke) : []
    return this.stroke ? [...sent, ...this.stroke] : sent
  }

  // What is painted shows in its class's color, what is erased as a blank.
  brushColor() {
    const { brush } = this.player.options
    return brush < 0 ? this.colors.ground : this.classes.colors[brush % this.classes.colors.length]
  }

  color(role) { return this.colors[role] ?? role }

  colormap(name) {
    const { scene, dark } = this.player
    return scene.colormaps[(dark && scene.dark_twin[name]) || name]
  }

  resize(type) {
    const { width, height } = this.canvas.getBoundingClientRect()
    if (width < 2 || height < 2) return
    const ratio = window.devicePixelRatio || 1
    for (const canvas of [this.canvas, this.backdrop]) {
      canvas.width = Math.round(width * ratio)
      canvas.height = Math.round(height * ratio)
    }
    this.ratio = ratio
    this.axes = new Frame(this.panel, width, height, type)
    this.live = this.panel.layers.filter((_, i, layers) => !still(layers, i))
    this.drawBackdrop()
  }

  pen(canvas) {
    const ctx = canvas.getContext("2d")
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0)
    ctx.font = `${this.axes.type}px ${this.player.font}`
    return ctx
  }

  inside(ctx, draw) {
    ctx.save()
    ctx.beginPath()
    ctx.rect(this.axes.left, this.axes.top, this.axes.width, this.axes.height)
    ctx.clip()
    draw()
    ctx.restore()
  }

  // What is the same in every picture: fields, landmarks, the faint curves of all knob values.
  drawBackdrop() {
    const ctx = this.pen(this.backdrop)
    ctx.fillStyle = this.colors.ground
    ctx.fillRect(0, 0, this.backdrop.width, this.backdrop.height)
    this.inside(ctx, () => {
      this.panel.layers.forEach((layer, i, layers) => {
        if (layer.all_faint) this.drawAllFaint(ctx, layer)
        if (still(layers, i)) MARKS[layer.kind](ctx, this, layer, 0, 0)
      })
    })
    this.axes.draw(ctx, this.colors)
  }

  drawAllFaint(ctx, layer) {
    ctx.strokeStyle = this.colors.muted
    ctx.lineWidth = 1
    ctx.globalAlpha = 0.35
    for (let k = 0; k < this.player.turns; k++) curve(ctx, this.axes, layer.arrays.x.data, part(layer, "y", 0, k).data)
    ctx.globalAlpha = 1
  }

  draw(frame, knob) {
    if (!this.axes) return
    const ctx = this.pen(this.canvas)
    ctx.setTransform(1, 0, 0, 1, 0, 0)
    ctx.drawImage(this.backdrop, 0, 0)
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0)
    this.inside(ctx, () => {
      for (const layer of this.live)
        if (layer.only === null || layer.only === knob) MARKS[layer.kind](ctx, this, layer, frame, knob)
      for (const [x, y] of this.wet()) marker(ctx, "circle", this.axes.x(x), this.axes.y(y), 5, this.brushColor(), this.colors.halo)
      if (this.ghost) marker(ctx, "circle", this.axes.x(this.ghost.x), this.axes.y(this.ghost.y), this.ballSize, this.colors.halo, this.colors.ball)
      if (this.pointer) this.drawReadout(ctx, frame, knob)
    })
  }

  // Where the pointer is, and what the picture says there.
  drawReadout(ctx, frame, knob) {
    const at = this.axes.at(this.pointer.x, this.pointer.y)
    if (!at || this.panel.bare) return
    const said = (axis, value) => `${axis.label}: ${number(axis.log ? value : nearZero(axis, value))}`
    const lines = [said(this.panel.x, at.x), said(this.panel.y, at.y)]
    for (const layer of this.panel.layers) {
      if (layer.kind === "Field") lines.push(...fieldReadout(layer, at, frame, knob))
      if (layer.kind === "NetRegions") lines.push(...regionReadout(layer, at, frame, knob))
      if (layer.kind === "NetMap") lines.push(...mapReadout(this, layer, at, frame, knob))
      if (layer.kind === "Curve") lines[1] = curveReadout(this, layer, at, frame, knob)
    }
    const { type, left, top, width, height } = this.axes
    const wide = Math.max(...lines.map((text) => ctx.measureText(text).width)) + 16
    const tall = lines.length * type * 1.3 + 8
    const x = this.pointer.x > left + width / 2 ? this.pointer.x - wide - 12 : this.pointer.x + 14
    const y = clamp(this.pointer.y - tall / 2, top + 2, top + height - tall - 2)
    ctx.globalAlpha = 0.92
    ctx.fillStyle = this.colors.ground
    ctx.strokeStyle = this.colors.muted
    ctx.lineWidth = 1
    ctx.fillRect(x, y, wide, tall)
    ctx.strokeRect(x, y, wide, tall)
    ctx.globalAlpha = 1
    ctx.fillStyle = this.colors.ink
    ctx.textAlign = "left"
    lines.forEach((text, i) => ctx.fillText(text, x + 8, y + type * (1.2 + 1.3 * i)))
  }
}

// A value as finely as a pointer can show it: nothing like 2e-16 where it is 0.
function nearZero(axis, value) {
  const step = (axis.high - axis.low) / 2000
  return Math.abs(value) < step ? 0 : value
}

function fieldReadout(layer, at, frame, knob) {
  const image = part(layer, "image", frame, knob)
  const [rows, cols] = image.shape
  const col = Math.round(((at.x - layer.x[0]) / (layer.x[1] - layer.x[0])) * (cols - 1))
  const row = Math.round(((at.y - layer.y[0]) / (layer.y[1] - layer.y[0])) * (rows - 1))
  if (col < 0 || row < 0 || col >= cols || row >= rows) return []
  const code = image.data[row * cols + col]
  if (layer.names.length) return [layer.names[Math.round(code)] ?? ""]
  const levels = layer.arrays.levels.data
  if (!levels.length) return []
  const i = clamp(Math.floor(code), 0, levels.length - 2)
  return [`value: ${number(levels[i] + (code - i) * (levels[i + 1] - levels[i]))}`]
}

function curveReadout(view, layer, at, frame, knob) {
  const xs = layer.arrays.x.data
  let nearest = 0
  for (let i = 0; i < xs.length; i++) if (Math.abs(xs[i] - at.x) < Math.abs(xs[nearest] - at.x)) nearest = i
  return `${view.panel.y.label}: ${number(part(layer, "y", frame, knob).data[nearest])}`
}
