// ---------------------------------------------------------------- exact linear regions, live
// The twin of dlviz/regions.py in the browser: layer by layer, each convex face is cut along the
// lines on which a unit's sum is 0; on a face all below is affine, so these lines are straight.

const TOUCH = 1e-11 // of a face's largest sum: a line through a corner cuts nothing off

// Faces { xy, maps, key, birth } and hinges { layer, unit, ends } of a network of x1 and x2.
function regionsOf(net, parameters, leak, span = net.span) {
  const corners = [-span, -span, span, -span, span, span, -span, span]
  let faces = [{ xy: corners, maps: [1, 0, 0, 0, 1, 0], key: 2166136261, birth: 0, pattern: "" }]
  const hinges = []
  for (let layer = 1; layer < net.sizes.length - 1; layer++) {
    const next = []
    for (const face of faces) cutFace(net, parameters, layer, leak, face, next, hinges)
    faces = next
  }
  const last = new Float64Array(3 * net.sizes[net.sizes.length - 1])
  for (const face of faces) {
    affine(net, parameters, net.sizes.length - 1, face.maps, last)
    face.out = last.slice()
  }
  return { faces, hinges }
}

// The sums of a layer's units on a face, a x + b y + c each, from the maps of the layer below.
function affine(net, parameters, layer, maps, sums) {
  const fan = net.sizes[layer - 1]
  for (let unit = 0; unit < net.sizes[layer]; unit++) {
    const at = net.place(layer, unit, 0)
    let [a, b, c] = [0, 0, parameters[at + fan]]
    for (let i = 0; i < fan; i++) {
      const w = parameters[at + i]
      a += w * maps[3 * i]
      b += w * maps[3 * i + 1]
      c += w * maps[3 * i + 2]
    }
    sums[3 * unit] = a
    sums[3 * unit + 1] = b
    sums[3 * unit + 2] = c
  }
}

function cutFace(net, parameters, layer, leak, face, next, hinges) {
  const units = net.sizes[layer]
  const sums = new Float64Array(3 * units)
  affine(net, parameters, layer, face.maps, sums)
  const pieces = [{ xy: face.xy, pattern: "" }]
  for (let unit = 0; unit < units; unit++)
    for (let i = pieces.length - 1; i >= 0; i--) {
      const piece = pieces[i]
      const { on, off, hinge } = split(piece.xy, sums[3 * unit], sums[3 * unit + 1], sums[3 * unit + 2])
      if (hinge) {
        hinges.push({ layer, unit, ends: hinge })
        pieces.push({ xy: off, pattern: piece.pattern + "0" })
        piece.xy = on
      }
      piece.pattern += on ? "1" : "0"
    }
  for (const piece of pieces) {
    const maps = sums.slice()
    for (let i = 0; i < maps.length; i++) if (piece.pattern[(i / 3) | 0] === "0") maps[i] *= leak
    next.push({
      xy: piece.xy,
      maps,
      pattern: face.pattern + piece.pattern,
      key: hashed(face.key, piece.pattern),
      birth: pieces.length > 1 ? layer : face.birth,
    })
  }
}

// FNV-1a: the same pattern has the same color in every picture.
function hashed(key, text) {
  for (let i = 0; i < text.length; i++) key = Math.imul(key ^ text.charCodeAt(i), 16777619) >>> 0
  return key
}

// The two sides of a convex polygon, and the line between them. Mostly a line passes it by, which
// is found out without asking for any memory.
const SUMS = new Float64Array(4096)

function split(xy, a, b, c) {
  const count = xy.length / 2
  let low = Infinity
  let high = -Infinity
  for (let i = 0; i < count; i++) {
    const v = a * xy[2 * i] + b * xy[2 * i + 1] + c
    SUMS[i] = v
    if (v < low) low = v
    if (v > high) high = v
  }
  const zero = TOUCH * Math.max(high, -low)
  if (high <= zero) return { off: xy }
  if (low >= -zero) return { on: xy }
  const [on, off, hinge] = [[], [], []]
  for (let i = 0; i < count; i++) {
    const j = i + 1 < count ? i + 1 : 0
    const [x, y] = [xy[2 * i], xy[2 * i + 1]]
    const v = SUMS[i]
    const w = SUMS[j]
    const rests = v <= zero && v >= -zero
    if (v > 0 || rests) on.push(x, y)
    if (v < 0 || rests) off.push(x, y)
    if (rests) hinge.push(x, y)
    if ((v > zero && w < -zero) || (v < -zero && w > zero)) {
      const t = v / (v - w)
      const px = x + t * (xy[2 * j] - x)
      const py = y + t * (xy[2 * j + 1] - y)
      on.push(px, py)
      off.push(px, py)
      hinge.push(px, py)
    }
  }
  return { on, off, hinge: hinge.slice(0, 4) }
}

// ---------------------------------------------------------------- drawing them

const hsl = (hue, light) => `hsl(${hue} 55% ${light}%)`

// What the color of each face is.
function painter(view, layer, faces) {
  const light = view.player.dark ? 32 : 76
  const middle = ({ xy }) => {
    const sum = [0, 0]
    for (let i = 0; i < xy.length; i++) sum[i % 2] += (2 * xy[i]) / xy.length
    return sum
  }
  const size = ({ out }) => Math.hypot(out[0], out[1])
  const value = (face) => {
    const [x, y] = middle(face)
    return face.out[0] * x + face.out[1] * y + face.out[2]
  }
  const coded = (name, share) => {
    const table = view.colormap(name)
    const c = 3 * Math.round(255 * clamp(share, 0, 1))
    return `rgb(${table[c]},${table[c + 1]},${table[c + 2]})`
  }
  const most = (of) => faces.reduce((largest, face) => Math.max(largest, Math.abs(of(face))), 1e-12)
  if (layer.by === "pattern") return (face) => hsl(face.key % 360, light + ((face.key >> 9) % 12))
  if (layer.by === "direction")
    return (face) => (size(face) ? hsl(Math.round((Math.atan2(face.out[1], face.out[0]) * 180) / Math.PI), light) : view.colors.faint)
  if (layer.by === "birth") return (face) => (face.birth ? view.classes.colors[(face.birth - 1) % view.classes.colors.length] : view.colors.faint)
  const of = layer.by === "size" ? size : value
  const largest = most(of)
  return layer.by === "size" ? (face) => coded("viridis", of(face) / largest) : (face) => coded("diverging", 0.5 + (0.36 * of(face)) / largest)
}

function outline(ctx, axes, xy) {
  for (let i = 0; i < xy.length; i += 2) {
    if (i) ctx.lineTo(axes.x(xy[i]), axes.y(xy[i + 1]))
    else ctx.moveTo(axes.x(xy[i]), axes.y(xy[i + 1]))
  }
  ctx.closePath()
}

// The regions of the picture that is shown; cut once for all that shows them.
function regionsAt(layer, frame, turn) {
  const net = layer.evaluator
  const key = `${frame}/${turn}/${net.edits}`
  if (net.cutKey !== key) {
    const parameters = net.at(frame, turn)
    Object.assign(net, { cutKey: key, cut: regionsOf(net, parameters, net.slope) })
  }
  return net.cut
}

MARKS.NetRegions = (ctx, view, layer, frame, knob) => {
  const net = layer.evaluator
  const { axes } = view
  const { faces, hinges } = regionsAt(layer, frame, runOf(layer, knob))
  const paint = painter(view, layer, faces)
  const fine = faces.length > 800
  ctx.save()
  ctx.lineJoin = "round"
  ctx.globalAlpha = layer.by === "birth" ? 0.55 : 1
  for (const face of faces) {
    ctx.beginPath()
    outline(ctx, axes, face.xy)
    ctx.fillStyle = ctx.strokeStyle = paint(face)
    ctx.fill()
    ctx.lineWidth = 0.7 // covers the seam to the next face
    ctx.stroke()
  }
  ctx.globalAlpha = 1
  const lit = view.player.lit ?? view.player.chosen
  if (layer.hinges) {
    ctx.globalAlpha = lit ? 0.25 : 1
    for (let at = 1; at < net.sizes.length - 1; at++) {
      ctx.beginPath()
      for (const { layer: from, ends } of hinges)
        if (from === at && ends.length === 4) { ctx.moveTo(axes.x(ends[0]), axes.y(ends[1])); ctx.lineTo(axes.x(ends[2]), axes.y(ends[3])) }
      ctx.strokeStyle = at === 1 ? view.colors.ink : view.color(["second", "path", "good", "muted"][(at - 2) % 4])
      ctx.lineWidth = fine ? 0.6 : Math.max(1, 2.6 - 0.6 * at)
      ctx.stroke()
    }
    ctx.globalAlpha = 1
  }
  if (lit) strokeHinge(ctx, view, hinges, lit)
  if (layer.boundary) strokeBoundary(ctx, view, faces)
  ctx.restore()
}

function strokeHinge(ctx, view, hinges, [layer, unit]) {
  ctx.strokeStyle = view.colors.path
  ctx.lineWidth = 4
  for (const hinge of hinges) {
    if (hinge.layer !== layer || hinge.unit !== unit || hinge.ends.length < 4) continue
    const [x0, y0, x1, y1] = hinge.ends
    line(ctx, view.axes.x(x0), view.axes.y(y0), view.axes.x(x1), view.axes.y(y1))
  }
}

// Where the output is 0: a piece of a line in each face that it crosses.
function strokeBoundary(ctx, view, faces) {
  ctx.strokeStyle = view.colors.ink
  ctx.lineWidth = 4
  ctx.lineCap = "round"
  for (const { xy, out } of faces) {
    const { hinge } = split(xy, out[0], out[1], out[2])
    if (hinge?.length === 4) line(ctx, view.axes.x(hinge[0]), view.axes.y(hinge[1]), view.axes.x(hinge[2]), view.axes.y(hinge[3]))
  }
}

// Which units are on at a place, and the one plane the network is there.
function regionReadout(layer, at, frame, knob) {
  const { faces } = regionsAt(layer, frame, runOf(layer, knob))
  const face = faces.find(({ xy }) => holds(xy, at))
  if (!face) return []
  const [a, b, c] = face.out
  const plus = (v) => `${v < 0 ? "−" : "+"} ${number(Math.abs(v))}`
  const on = [...face.pattern].filter((bit) => bit === "1").length
  return [`${on} of ${face.pattern.length} units on`, `f = ${number(a)} x₁ ${plus(b)} x₂ ${plus(c)}`]
}

function holds(xy, { x, y }) {
  for (let i = 0; i < xy.length; i += 2) {
    const j = (i + 2) % xy.length
    if ((xy[j] - xy[i]) * (y - xy[i + 1]) - (xy[j + 1] - xy[i + 1]) * (x - xy[i]) < 0) return false
  }
  return true
}

// Bars on a logarithmic scale: this network's regions, as many as they are now, over other numbers.
MARKS.NetTally = (ctx, view, layer, frame, knob) => {
  const count = regionsAt(layer, frame, runOf(layer, knob)).faces.length
  const rows = [["here", count], ...layer.labels.map((label, i) => [label, layer.arrays.values.data[i]])]
  const { left, top, width, height, type } = view.axes
  const tall = Math.min(type * 1.9, height / rows.length)
  const names = Math.max(...rows.map(([label]) => ctx.measureText(label).width)) + 10
  const room = width - names - type * 4.5
  const most = Math.log(Math.max(...rows.map(([, value]) => value), 2))
  rows.forEach(([label, value], i) => {
    const y = top + i * tall
    ctx.fillStyle = i ? view.colors.muted : view.colors.ink
    ctx.textAlign = "right"
    ctx.fillText(label, left + names - 6, y + tall * 0.66)
    ctx.fillStyle = i ? view.color("second") : view.color("path")
    ctx.globalAlpha = i ? 0.45 : 1
    const wide = Math.max(2, (room * Math.log(Math.max(value, 1))) / most)
    ctx.fillRect(left + names, y + tall * 0.18, wide, tall * 0.64)
    ctx.globalAlpha = 1
    ctx.fillStyle = view.colors.ink
    ctx.textAlign = "left"
    ctx.fillText(number(value), left + names + wide + 6, y + tall * 0.66)
  })
}
