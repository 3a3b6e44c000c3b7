// ---------------------------------------------------------------- exact linear regions, live
// The twin of dlviz/regions.py in the browser: layer by layer, each convex face is cut along the
// lines on which a unit's sum is 0; on a face all below is affine, so these lines are straight.

const ROUNDOFF = 2 ** -53

// Faces { xy, maps, on, key, birth, out } and hinges { layer, unit, ends } of a network of x1 and x2.
// `maps` holds a x + b y + c of what goes into each unit of the last hidden layer, `out` of each
// output; `on` is 1 for each unit of all hidden layers that is on.
function regionsOf(net, parameters, leak, span = net.span) {
  const gates = new Float64Array(Math.max(...net.sizes)).fill(1)
  const cut = { net, parameters, leak, span, gates, hinges: [], first: 0 }
  const xy = [-span, -span, span, -span, span, span, -span, span]
  const units = net.sizes.slice(1, -1).reduce((a, b) => a + b, 0)
  let faces = [{ xy, maps: [1, 0, 0, 0, 1, 0], on: new Array(units).fill(0), key: 2166136261, birth: 0 }]
  let errors = new Float64Array(2)
  for (let layer = 1; layer < net.sizes.length - 1; layer++) {
    errors = tolerances(cut, layer, faces, errors)
    const next = []
    for (const face of faces) cutFace(cut, layer, face, errors, next)
    faces = next
    cut.first += net.sizes[layer]
  }
  const last = net.sizes.length - 1
  for (const face of faces) face.out = affine(cut, last, face)
  return { faces, hinges: cut.hinges }
}

// How far from 0 a sum of each unit may be that is 0 but for rounding: see dlviz/regions.py. The
// largest |h| is here that of |a x| + |b y| + |c| of its sum, as sums are computed from maps.
function tolerances({ net, parameters, span }, layer, faces, errors) {
  const fan = net.sizes[layer - 1]
  const largest = new Float64Array(fan)
  for (const maps of new Set(faces.map((face) => face.maps))) // pieces of one face share them
    for (let i = 0; i < fan; i++) {
      const size = (Math.abs(maps[3 * i]) + Math.abs(maps[3 * i + 1])) * span + Math.abs(maps[3 * i + 2])
      if (size > largest[i]) largest[i] = size
    }
  return Float64Array.from({ length: net.sizes[layer] }, (_, unit) => {
    const at = net.place(layer, unit, 0)
    let [size, error] = [Math.abs(parameters[at + fan]), 0]
    for (let i = 0; i < fan; i++) {
      size += Math.abs(parameters[at + i]) * largest[i]
      error += 2 * Math.abs(parameters[at + i]) * errors[i]
    }
    return error + (fan + 2 + 4 * net.sizes[layer]) * ROUNDOFF * size
  })
}

// The sums of a layer's units on a face, a x + b y + c each, from the maps of the layer below, each
// times 1 where its unit is on and the leak where it is off.
function affine({ net, parameters, leak, gates, first }, layer, { maps, on }) {
  const sums = [] // thousands of small typed arrays would keep the garbage collector busy
  const fan = net.sizes[layer - 1]
  if (layer > 1) for (let i = 0; i < fan; i++) gates[i] = on[first - fan + i] ? 1 : leak
  let at = net.place(layer, 0, 0)
  for (let unit = 0; unit < net.sizes[layer]; unit++) {
    let [a, b, c] = [0, 0, 0]
    for (let i = 0; i < fan; i++) {
      const w = parameters[at++] * gates[i]
      if (w === 0) continue
      a += w * maps[3 * i]
      b += w * maps[3 * i + 1]
      c += w * maps[3 * i + 2]
    }
    sums.push(a, b, c + parameters[at++])
  }
  return sums
}

function cutFace(cut, layer, face, errors, next) {
  const { hinges, first } = cut
  const units = errors.length
  const sums = affine(cut, layer, face)
  const pieces = [{ xy: face.xy, on: face.on.slice() }]
  for (let unit = 0; unit < units; unit++) {
    const [a, b, c] = [sums[3 * unit], sums[3 * unit + 1], sums[3 * unit + 2]]
    const whole = sideOf(face.xy, a, b, c, errors[unit]) // mostly a line passes a face by
    for (let i = pieces.length - 1; i >= 0; i--) {
      const piece = pieces[i]
      const side = whole || pieces.length === 1 ? whole : sideOf(piece.xy, a, b, c, errors[unit])
      if (side === 0) {
        const { on, off, hinge } = split(piece.xy, a, b, c, errors[unit])
        hinges.push({ layer, unit, ends: hinge })
        pieces.push({ xy: off, on: piece.on.slice() })
        piece.xy = on
      }
      piece.on[first + unit] = side < 0 ? 0 : 1
    }
  }
  const birth = pieces.length > 1 ? layer : face.birth
  for (const { xy, on } of pieces) {
    let key = face.key
    for (let i = first; i < first + units; i++) key = Math.imul(key ^ (48 + on[i]), 16777619) // FNV-1a: a pattern keeps its color
    next.push({ xy, maps: sums, on, key: key >>> 0, birth })
  }
}

// On which side of a line a polygon lies: 1, −1, or 0 if on both; what touches it counts as below.
function sideOf(xy, a, b, c, zero) {
  let [above, below] = [false, false]
  for (let i = 0; i < xy.length; i += 2) {
    const v = a * xy[i] + b * xy[i + 1] + c
    if (v > zero) above = true
    else if (v < -zero) below = true
  }
  return above ? (below ? 0 : 1) : -1
}

// The two parts of a convex polygon that a line crosses, and the ends of the line between them. It
// goes from one end of the run of corners below it to the other: through a corner that is on it.
function split(xy, a, b, c, zero) {
  const [on, off, hinge] = [[], [], []]
  const value = (i) => a * xy[i] + b * xy[i + 1] + c
  for (let i = 0, v = value(0); i < xy.length; i += 2) {
    const j = i + 2 < xy.length ? i + 2 : 0
    const w = value(j)
    const below = v < -zero
    ;(below ? off : on).push(xy[i], xy[i + 1])
    if (below !== w < -zero) {
      let [x, y] = below ? [xy[j], xy[j + 1]] : [xy[i], xy[i + 1]]
      if ((below ? w : v) > zero) {
        const t = v / (v - w)
        x = xy[i] + t * (xy[j] - xy[i])
        y = xy[i + 1] + t * (xy[j + 1] - xy[i + 1])
        on.push(x, y)
      }
      off.push(x, y)
      hinge.push(x, y)
    }
    v = w
  }
  return { on, off, hinge }
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
  if (layer.by === "pattern") return (face) => hsl(15 * (face.key % 24), light + 5 * ((face.key >>> 9) % 3))
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

// The faces of each color. Thousands of them are painted in time only if those of one color are one
// path, and are put together once.
function paintedFaces(view, layer, cut) {
  const look = `${layer.by}/${view.player.dark}`
  if (cut.look !== look) {
    const colors = new Map()
    const paint = painter(view, layer, cut.faces)
    for (const face of cut.faces) {
      const color = paint(face)
      if (colors.has(color)) colors.get(color).push(face.xy)
      else colors.set(color, [face.xy])
    }
    Object.assign(cut, { look, colors })
  }
  return cut.colors
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
  const cut = regionsAt(layer, frame, runOf(layer, knob))
  const { faces, hinges } = cut
  const fine = faces.length > 800
  const lit = view.player.lit ?? view.player.chosen
  ctx.save()
  ctx.lineJoin = "round"
  ctx.globalAlpha = layer.by === "birth" ? 0.55 : 1
  for (const [color, polygons] of paintedFaces(view, layer, cut)) {
    ctx.beginPath()
    for (const xy of polygons) outline(ctx, axes, xy)
    ctx.fillStyle = ctx.strokeStyle = color
    ctx.fill()
    ctx.lineWidth = 0.7
    if (!layer.hinges || lit) ctx.stroke() // covers the seams between faces, as hinges do
  }
  ctx.globalAlpha = 1
  if (layer.hinges) {
    ctx.globalAlpha = lit ? 0.25 : 1
    for (let at = 1; at < net.sizes.length - 1; at++) {
      ctx.beginPath()
      for (const { layer: from, ends } of hinges)
        if (from === at) { ctx.moveTo(axes.x(ends[0]), axes.y(ends[1])); ctx.lineTo(axes.x(ends[2]), axes.y(ends[3])) }
      ctx.strokeStyle = at === 1 ? view.colors.ink : view.color(["second", "path", "good", "muted"][(at - 2) % 4])
      ctx.lineWidth = fine ? 0.7 : Math.max(1, 2.6 - 0.6 * at)
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
    if (hinge.layer !== layer || hinge.unit !== unit) continue
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
    const zero = 1e-12 * (Math.abs(out[0]) + Math.abs(out[1]) + Math.abs(out[2]))
    if (sideOf(xy, out[0], out[1], out[2], zero)) continue
    const { hinge } = split(xy, out[0], out[1], out[2], zero)
    line(ctx, view.axes.x(hinge[0]), view.axes.y(hinge[1]), view.axes.x(hinge[2]), view.axes.y(hinge[3]))
  }
}

// Which units are on at a place, and the one plane the network is there.
function regionReadout(layer, at, frame, knob) {
  const { faces } = regionsAt(layer, frame, runOf(layer, knob))
  const face = faces.find(({ xy }) => holds(xy, at))
  if (!face) return []
  const [a, b, c] = face.out
  const plus = (v) => `${v < 0 ? "−" : "+"} ${number(Math.abs(v))}`
  const on = face.on.reduce((sum, bit) => sum + bit, 0)
  return [`${on} of ${face.on.length} units on`, `f = ${number(a)} x₁ ${plus(b)} x₂ ${plus(c)}`]
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
    ctx.fillText(Number.isInteger(value) && value < 1e5 ? String(value) : number(value), left + names + wide + 6, y + tall * 0.66)
  })
}
