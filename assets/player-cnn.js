// ---------------------------------------------------------------- convolutional networks, live
// The twin of dlviz/cnn.py in the browser: the scene carries the network's numbers at each frame and
// the picture at each turn; every map that is drawn is computed here, from those or from a drawing.

const BN_EPSILON = 1e-5

// A number of half precision from its 16 bits.
function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024))
}

class CnnEvaluator {
  constructor(layer) {
    this.layer = layer
    this.net = layer.net
    this.drawn = null // a picture drawn by hand, until Python sends it back
    this.edits = 0
  }

  numbersAt(frame) {
    if (this.frame === frame) return this.numbers
    const { shape: [, bytes], data } = this.layer.arrays.numbers
    const row = new DataView(data.buffer, data.byteOffset + frame * bytes, bytes)
    this.numbers = Float64Array.from({ length: bytes / 2 }, (_, i) => half(row.getUint16(2 * i, true)))
    this.frame = frame
    return this.numbers
  }

  picture(turn) {
    const { shape: [, , rows, columns], data } = this.layer.arrays.pictures
    return this.drawn ?? data.subarray(turn * rows * columns, (turn + 1) * rows * columns)
  }

  // What comes out of each block before its ReLU (sums), and after (flows); and the answer.
  at(frame, turn) {
    frame = Math.floor(frame)
    const key = `${frame}/${turn}/${this.edits}`
    if (this.key === key) return this.found
    const numbers = this.numbersAt(frame)
    let flow = Float64Array.from(this.picture(turn))
    const [sums, flows] = [[], [flow]]
    for (const block of this.net.blocks) {
      const out = CNN_BLOCKS[block.kind](block, numbers, flow)
      sums.push(out)
      flow = block.relu ? out.map((v) => (v > 0 || Number.isNaN(v) ? v : 0)) : out
      flows.push(flow)
    }
    this.key = key
    this.found = { sums, flows, answer: softmaxOf(sums[sums.length - 1]) }
    return this.found
  }
}

function softmaxOf(logits) {
  const top = Math.max(...logits)
  const e = Array.from(logits, (v) => Math.exp(v - top))
  const total = e.reduce((a, b) => a + b, 0)
  return e.map((v) => v / total)
}

const CNN_BLOCKS = {
  conv({ k, padding, given: [channels, rows, columns], shape: [filters, high, wide], start }, numbers, x) {
    const out = new Float64Array(filters * high * wide)
    const bias = start + filters * channels * k * k
    for (let f = 0; f < filters; f++)
      for (let r = 0; r < high; r++)
        for (let c = 0; c < wide; c++) {
          let sum = numbers[bias + f]
          for (let ch = 0; ch < channels; ch++)
            for (let i = 0; i < k; i++) {
              const row = r + i - padding
              if (row < 0 || row >= rows) continue
              const from = (ch * rows + row) * columns + c - padding
              const weights = start + ((f * channels + ch) * k + i) * k
              for (let j = Math.max(0, padding - c); j < k && c + j - padding < columns; j++) sum += x[from + j] * numbers[weights + j]
            }
          out[(f * high + r) * wide + c] = sum
        }
    return out
  },
  dense({ shape: [units], start }, numbers, x) {
    const fan = x.length
    return Float64Array.from({ length: units }, (_, unit) => {
      let sum = numbers[start + units * fan + unit]
      for (let i = 0; i < fan; i++) sum += numbers[start + unit * fan + i] * x[i]
      return sum
    })
  },
  output(block, numbers, x) { return CNN_BLOCKS.dense(block, numbers, x) },
  norm({ shape, start }, numbers, x) {
    const channels = shape[0]
    const size = x.length / channels
    return x.map((v, i) => {
      const ch = Math.floor(i / size)
      const [scale, shift, mean, variance] = [0, 1, 2, 3].map((part) => numbers[start + part * channels + ch])
      return ((v - mean) / Math.sqrt(variance + BN_EPSILON)) * scale + shift
    })
  },
  pool(block, _, x) { return pooled(block, x, (cells) => Math.max(...cells)) },
  mean(block, _, x) { return pooled(block, x, (cells) => cells.reduce((a, b) => a + b, 0) / cells.length) },
  dropout(_block, _, x) { return x },
}

function pooled({ k, given: [, rows, columns], shape: [channels, high, wide] }, x, of) {
  const out = new Float64Array(channels * high * wide)
  for (let ch = 0; ch < channels; ch++)
    for (let r = 0; r < high; r++)
      for (let c = 0; c < wide; c++) {
        const cells = []
        for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) cells.push(x[(ch * rows + r * k + i) * columns + c * k + j])
        out[(ch * high + r) * wide + c] = of(cells)
      }
  return out
}

const mapsLayer = (scene) => scene.panels.flatMap((panel) => panel.layers).find((layer) => layer.kind === "CnnMaps")
const cnnOf = (layer) => (layer.cnn ??= new CnnEvaluator(layer))

// What a caption says of the network's answer.
function cnnWords(scene, name, frame, knob) {
  const layer = mapsLayer(scene)
  const { answer } = cnnOf(layer).at(frame, knob)
  const best = answer.reduce((top, share, i) => (share > answer[top] ? i : top), 0)
  return name === "answer" ? layer.names[best] : `${Math.round(100 * answer[best])} %`
}

// ---------------------------------------------------------------- where everything is

// Columns: the picture, each block that changes something, the answer. Each has boxes for its maps.
function cnnLayout(view, layer) {
  const { left, top, width, height, type } = view.axes
  const key = `${left}/${top}/${width}/${height}`
  if (layer.laid?.key === key) return layer.laid
  const blocks = layer.net.blocks.map((block, i) => ({ ...block, at: i })).filter((block) => block.kind !== "dropout")
  const columns = [{ kind: "input", title: "picture", shape: layer.net.shape, at: -1 }, ...blocks]
  const head = type * 2.5
  const gap = Math.max(6, type * 0.6)
  const tall = height - head - 2
  // How wide a column is, and its boxes, where a map is `size` wide with its margin.
  const plan = (column, size) => {
    const [count] = column.shape
    if (column.kind === "input") return { cell: Math.min(2.2 * size, tall), across: 1, width: Math.min(2.2 * size, tall) }
    if (column.kind === "output") return { width: type * 2 + Math.min(type * 4, 0.55 * type * Math.max(...layer.names.map((name) => name.length))) + 1.1 * size }
    const cell = column.shape.length === 1 ? clamp(0.42 * size, 3, type * 1.3) : size
    const across = Math.ceil(count / Math.max(1, Math.floor(tall / cell)))
    return { cell, across, width: across * cell * (withKernel(column) ? PAIR : 1) }
  }
  const widthAt = (size) => columns.reduce((sum, column) => sum + plan(column, size).width, gap * (columns.length - 1) + 4)
  let size = type * 8
  while (size > 6 && widthAt(size) > width) size -= 0.5
  const spare = Math.max(0, width - widthAt(size)) / (columns.length - 1)
  let x = left + 2
  for (const column of columns) {
    const planned = plan(column, size)
    Object.assign(column, { x, y: top + head, width: planned.width, height: tall })
    if (planned.cell) place(column, planned)
    x += planned.width + gap + spare
  }
  return (layer.laid = { key, columns })

  function place(column, { cell, across }) {
    const [count, rows = 1, wide = 1] = column.shape
    const pair = withKernel(column) ? PAIR : 1
    const inner = Math.max(1, cell - (cell > 14 ? 4 : 1))
    const scale = inner / Math.max(rows, wide)
    const [w, h] = [wide * scale, rows * scale]
    const shift = cell * (pair - 1)
    const from = column.y + Math.max(0, (tall - Math.ceil(count / across) * cell) / 2)
    column.boxes = Array.from({ length: count }, (_, i) => {
      const [cx, cy] = [column.x + (i % across) * cell * pair, from + Math.floor(i / across) * cell]
      return { x: cx + shift + (inner - w) / 2, y: cy + (inner - h) / 2, w, h, kx: cx, k: Math.max(0, shift - 3) }
    })
  }
}

const PAIR = 1.5 // a kernel stands beside its map, half as wide

// A filter that reads one map only can be shown as a picture beside its own map.
const withKernel = (column) => column.kind === "conv" && column.given[0] === 1

// The map and pixel at a place of the window, if any: { block, unit, row, column }; block −1 is the picture.
function spotAt(view, layer, { x, y }) {
  for (const column of cnnLayout(view, layer).columns) {
    if (column.kind === "output") {
      const i = Math.floor((y - column.y) / (column.height / column.shape[0]))
      if (x >= column.x && x <= column.x + column.width && i >= 0 && i < column.shape[0]) return { block: column.at, unit: i, row: 0, column: 0 }
      continue
    }
    const [, rows = 1, wide = 1] = column.shape
    for (let i = 0; i < column.boxes.length; i++) {
      const box = column.boxes[i]
      if (x >= box.x && x < box.x + box.w && y >= box.y && y < box.y + box.h)
        return { block: column.at, unit: i, row: Math.floor(((y - box.y) / box.h) * rows), column: Math.floor(((x - box.x) / box.w) * wide) }
      if (x >= box.kx && x < box.kx + box.k && y >= box.y && y < box.y + box.h) return { ...strongest(view, layer, column.at, i) }
    }
  }
  return null
}

// The pixel of a map where its value is largest.
function strongest(view, layer, block, unit) {
  const { sums } = cnnOf(layer).at(view.player.at, view.player.turn)
  const [, rows = 1, columns = 1] = layer.net.blocks[block].shape
  const map = sums[block].subarray(unit * rows * columns, (unit + 1) * rows * columns)
  const best = map.reduce((top, v, i) => (v > map[top] ? i : top), 0)
  return { block, unit, row: Math.floor(best / columns), column: best % columns }
}

function spotOf(view, layer) {
  const [block, unit] = layer.chosen
  return view.player.spot ?? strongest(view, layer, block, unit)
}

// The rows and columns of the maps below that a pixel reads.
function windowOf(block, spot) {
  if (block.kind === "conv") return { row: spot.row - block.padding, column: spot.column - block.padding, rows: block.k, columns: block.k }
  if (block.kind === "pool" || block.kind === "mean") return { row: spot.row * block.k, column: spot.column * block.k, rows: block.k, columns: block.k }
  if (block.kind === "norm" && block.shape.length === 3) return { row: spot.row, column: spot.column, rows: 1, columns: 1 }
  const [, rows = 1, columns = 1] = block.given
  return { row: 0, column: 0, rows, columns }
}

// ---------------------------------------------------------------- drawing

// Values as pixels: around 0, or from 0 to 1 as gray. Of several maps one under the other each may
// have its own largest value.
function cnnPicture(view, data, rows, columns, largest, gray = false) {
  const canvas = document.createElement("canvas")
  canvas.width = columns
  canvas.height = rows
  const ctx = canvas.getContext("2d")
  const pixels = ctx.createImageData(columns, rows)
  const table = gray ? null : view.colormap("diverging")
  const each = largest.length ? (rows * columns) / largest.length : 0
  for (let i = 0; i < rows * columns; i++) {
    const most = (each ? largest[Math.floor(i / each)] : largest) || 1
    const code = gray ? Math.round(255 * clamp(data[i], 0, 1)) : Math.round(clamp(127.5 + (127.5 * data[i]) / most, 0, 255)) || 0
    for (let d = 0; d < 3; d++) pixels.data[4 * i + d] = gray ? code : table[3 * code + d]
    pixels.data[4 * i + 3] = 255
  }
  ctx.putImageData(pixels, 0, 0)
  return canvas
}

const largestOf = (values) => values.reduce((top, v) => (Math.abs(v) > top ? Math.abs(v) : top), 0)

// The maps of each column one under the other, and its kernels, as pictures; made anew only when
// there is something else to see.
function strips(view, layer, columns, frame, knob) {
  const cnn = cnnOf(layer)
  const { sums, flows } = cnn.at(frame, knob)
  const key = `${cnn.key}/${layer.ranges}/${layer.sums}/${view.player.dark}/${columns.length}`
  if (layer.strips?.key === key) return layer.strips.made
  const shown = (at) => (layer.sums ? sums[at] : flows[at + 1])
  const overall = layer.ranges === "network" ? Math.max(...layer.net.blocks.slice(0, -1).map((_, i) => largestOf(shown(i)))) : 0
  const made = columns.map((column) => {
    if (column.kind === "output") return null
    const values = column.kind === "input" ? cnn.picture(knob) : shown(column.at)
    const [count, rows = 1, wide = 1] = column.shape
    const ofLayer = overall || largestOf(values)
    const scale = (i) => (layer.ranges === "unit" ? largestOf(values.subarray(i * rows * wide, (i + 1) * rows * wide)) : ofLayer)
    const maps = cnnPicture(view, values, count * rows, wide, Array.from({ length: count }, (_, i) => scale(i)), column.kind === "input")
    if (!withKernel(column)) return { maps }
    const { k, start } = column
    const weights = cnn.numbersAt(Math.floor(frame)).subarray(start, start + count * k * k)
    const sizes = Array.from({ length: count }, (_, i) => largestOf(weights.subarray(i * k * k, (i + 1) * k * k)))
    return { maps, kernels: cnnPicture(view, weights, count * k, k, sizes) }
  })
  layer.strips = { key, made }
  return made
}

MARKS.CnnMaps = (ctx, view, layer, frame, knob) => {
  const { answer } = cnnOf(layer).at(frame, knob)
  const laid = cnnLayout(view, layer)
  const { type } = view.axes
  const made = strips(view, layer, laid.columns, frame, knob)
  if (view.pointer && !view.cnnStroke) view.player.spot = spotAt(view, layer, view.pointer)
  ctx.save()
  ctx.imageSmoothingEnabled = false
  ctx.textAlign = "center"
  ctx.lineWidth = 1
  const small = `${Math.min(type, 16) * 0.82}px ${view.player.font}`
  laid.columns.forEach((column, at) => {
    ctx.font = small
    ctx.textAlign = "center"
    ctx.fillStyle = view.colors.ink
    ctx.fillText(column.title, column.x + column.width / 2, view.axes.top + type, column.width + 4)
    ctx.fillStyle = view.colors.muted
    const short = ctx.measureText(sizeWords(column.shape)).width > column.width + 4
    ctx.fillText(sizeWords(column.shape, short), column.x + column.width / 2, view.axes.top + type * 2.05, column.width + 4)
    if (column.kind === "output") return answerBars(ctx, view, layer, column, answer, knob)
    const { maps, kernels } = made[at]
    const [, rows = 1, wide = 1] = column.shape
    ctx.strokeStyle = view.colors.faint
    column.boxes.forEach((box, i) => {
      ctx.drawImage(maps, 0, i * rows, wide, rows, box.x, box.y, box.w, box.h)
      ctx.strokeRect(box.x, box.y, box.w, box.h)
      if (!kernels) return
      const y = box.y + (box.h - box.k) / 2
      ctx.drawImage(kernels, 0, i * column.k, column.k, column.k, box.kx, y, box.k, box.k)
      ctx.strokeRect(box.kx, y, box.k, box.k)
    })
  })
  drawSpot(ctx, view, layer, laid, spotOf(view, layer))
  ctx.restore()
}

const sizeWords = ([count, rows, columns], short) => (rows ? (count > 1 && !short ? `${count} of ` : "") + `${rows}×${columns}` : `${count}`)

function answerBars(ctx, view, layer, column, answer, knob) {
  const tall = column.height / answer.length
  const size = Math.min(view.axes.type, tall * 0.8)
  const best = answer.reduce((top, share, i) => (share > answer[top] ? i : top), 0)
  const truth = cnnOf(layer).drawn ? -1 : layer.truth[knob]
  ctx.font = `${size}px ${view.player.font}`
  const names = Math.min(column.width * 0.5, Math.max(...layer.names.map((name) => ctx.measureText(name).width)) + 8)
  answer.forEach((share, i) => {
    const y = column.y + i * tall
    ctx.fillStyle = i === best ? view.color("path") : view.color("second")
    ctx.fillRect(column.x + names, y + tall * 0.2, Math.max(1, (column.width - names - 2) * share), tall * 0.6)
    ctx.fillStyle = view.colors.ink
    ctx.textAlign = "right"
    ctx.fillText(layer.names[i], column.x + names - 6, y + tall / 2 + size * 0.35, names - 6)
    if (i === truth) { // the right one is underlined
      ctx.fillRect(column.x + names - 6 - Math.min(names - 6, ctx.measureText(layer.names[i]).width), y + tall / 2 + size * 0.5, Math.min(names - 6, ctx.measureText(layer.names[i]).width), 2)
    }
  })
}

// The map that is looked at, the pixel in it, and the window below that the pixel reads.
function drawSpot(ctx, view, layer, laid, spot) {
  const at = laid.columns.findIndex((column) => column.at === spot.block)
  const column = laid.columns[at]
  if (!column || column.kind === "output") return
  const box = column.boxes[spot.unit]
  const [, rows = 1, columns = 1] = column.shape
  const cell = (of, [, high = 1, wide = 1], row, col, tall, across) =>
    ctx.strokeRect(of.x + (col / wide) * of.w, of.y + (row / high) * of.h, (across / wide) * of.w, (tall / high) * of.h)
  ctx.strokeStyle = view.colors.ink
  ctx.lineWidth = 2.5
  ctx.strokeRect(box.x - 1, box.y - 1, box.w + 2, box.h + 2)
  for (const [color, wide] of [["#1a1f29", 5], [view.color("path"), 2.5]]) { // seen on light maps and on dark ones
    ctx.strokeStyle = color
    ctx.lineWidth = wide
    if (rows * columns > 1) cell(box, column.shape, spot.row, spot.column, 1, 1)
  }
  if (spot.block < 0) return
  const below = laid.columns[at - 1]
  const window = windowOf(column, spot)
  const reads = column.kind === "conv" || below.shape.length === 1 || column.shape.length === 1 ? below.boxes : [below.boxes[spot.unit]]
  if (below.shape.length !== 3 || column.shape.length === 1) return
  ctx.strokeStyle = view.color("path")
  ctx.lineWidth = 2
  for (const each of reads) cell(each, below.shape, window.row, window.column, window.rows, window.columns)
  if (reads.length > 1) return
  ctx.lineWidth = 1 // lines from the window to the pixel
  const [, high, wide] = below.shape
  const x = reads[0].x + ((window.column + window.columns) / wide) * reads[0].w
  const [px, py] = [box.x + (spot.column / columns) * box.w, box.y + (spot.row / rows) * box.h]
  line(ctx, x, reads[0].y + (window.row / high) * reads[0].h, px, py)
  line(ctx, x, reads[0].y + ((window.row + window.rows) / high) * reads[0].h, px, py + box.h / rows)
}

// ---------------------------------------------------------------- one pixel, taken apart

MARKS.CnnWindow = (ctx, view, _layer, frame, knob) => {
  const layer = mapsLayer(view.player.scene)
  const cnn = cnnOf(layer)
  const { sums, flows } = cnn.at(frame, knob)
  const main = view.player.views.find((each) => each.panel.layers.includes(layer))
  const spot = main?.axes ? spotOf(main, layer) : null
  if (!spot) return
  const { left, top, width, type } = view.axes
  const block = layer.net.blocks[spot.block]
  const [, rows = 1, columns = 1] = block?.shape ?? layer.net.shape
  const say = (text, row, color = view.colors.ink) => {
    ctx.fillStyle = color
    ctx.textAlign = "left"
    ctx.fillText(text, left + 4, top + type * (1.1 + 1.35 * row), width - 8)
  }
  ctx.save()
  ctx.imageSmoothingEnabled = false
  if (!block) {
    say(`Picture, row ${spot.row + 1}, column ${spot.column + 1}: ${number(cnn.picture(knob)[spot.row * columns + spot.column])}`, 0)
    return ctx.restore()
  }
  const value = sums[spot.block][(spot.unit * rows + spot.row) * columns + spot.column]
  const place = rows * columns > 1 ? `, row ${spot.row + 1}, column ${spot.column + 1}` : ""
  const unit = block.kind === "output" ? layer.names[spot.unit] : spot.unit + 1
  const what = block.kind === "output" ? `answer ${unit}` : rows * columns > 1 ? `map ${unit}` : `unit ${unit}`
  say(`${block.title}, ${what}${place}`, 0)
  const ended = block.relu ? ` → ReLU: ${number(Math.max(0, value))}` : ""
  if (block.kind === "conv" || block.kind === "dense" || block.kind === "output") {
    const bias = takenApart(ctx, view, layer, spot, flows[spot.block], cnn.numbersAt(Math.floor(frame)))
    say(`sum ${number(value - bias)} + bias ${number(bias)} = ${number(value)}${ended}`, 1)
  } else if (block.kind === "norm") {
    say(`(${number(flows[spot.block][(spot.unit * rows + spot.row) * columns + spot.column])} − mean) / deviation × scale + shift`, 1)
    say(`= ${number(value)}${ended}`, 2)
  } else {
    const window = windowCut(block, spot, flows[spot.block], spot.unit)
    say(`the ${block.kind === "pool" ? "largest" : "mean"} of ${block.k}×${block.k}: ${number(value)}`, 1)
    numbersGrid(ctx, view, window, block.k, left + 4, top + type * 3, Math.min(width * 0.6, view.axes.height - type * 3.4), largestOf(window))
  }
  ctx.restore()
}

// The values of one map below that a pixel reads; what is outside is 0.
function windowCut(block, spot, flow, channel) {
  const { row, column, rows: high, columns: wide } = windowOf(block, spot)
  const [, rows = 1, columns = 1] = block.given
  return Float64Array.from({ length: high * wide }, (_, i) => {
    const [r, c] = [row + Math.floor(i / wide), column + (i % wide)]
    return r < 0 || c < 0 || r >= rows || c >= columns ? 0 : flow[(channel * rows + r) * columns + c]
  })
}

// For each map below: window times kernel; those that add the most, first. Returns the bias.
function takenApart(ctx, view, layer, spot, flow, numbers) {
  const block = layer.net.blocks[spot.block]
  const channels = block.given[0]
  const { rows, columns } = windowOf(block, spot)
  const size = rows * columns
  const parts = Array.from({ length: channels }, (_, channel) => {
    const cut = windowCut(block, spot, flow, channel)
    const from = block.start + (spot.unit * channels + channel) * size
    const kernel = numbers.subarray(from, from + size)
    return { channel, cut, kernel, sum: cut.reduce((total, v, i) => total + v * kernel[i], 0) }
  })
  parts.sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum))
  const { left, top, width, height, type } = view.axes
  const all = height - type * 3.2
  const rest = channels > 1 && size > 1 ? Math.min(Math.ceil(channels / 3) * type * 1.05, Math.max(0, all - type * 4)) : 0
  const lines = Math.floor(rest / (type * 1.05)) // of sums alone, three in a line
  const room = all - lines * type * 1.05
  const most = size > 1 ? clamp(Math.floor(room / (type * 3.4)), 1, 4) : clamp(Math.floor((room - type) / (type * 1.5)), 1, 12)
  const shown = parts.slice(0, most)
  const tall = Math.min(room / shown.length, size > 1 ? (width - type * 6) / 2 + type * 0.5 : type * 1.5)
  const side = tall - type * 0.5
  const largest = Math.max(...parts.map(({ kernel }) => largestOf(kernel)))
  const brightest = Math.max(...parts.map(({ cut }) => largestOf(cut)))
  ctx.textAlign = "left"
  shown.forEach(({ channel, cut, kernel, sum }, i) => {
    const y = top + type * 3 + i * tall
    const [x0, x1] = [left + 4, left + 4 + side + type * 1.2]
    if (size > 1) {
      numbersGrid(ctx, view, cut, columns, x0, y, side, brightest, spot.block === 0)
      numbersGrid(ctx, view, kernel, columns, x1, y, side, largest)
    } else {
      ctx.fillStyle = view.colors.ink
      ctx.fillText(`unit ${channel + 1}: ${number(cut[0])} × ${number(kernel[0])} = ${number(sum)}`, x0, y + side / 2 + type * 0.35, width - 8)
      return
    }
    ctx.fillStyle = view.colors.ink
    ctx.fillText("×", x0 + side + type * 0.3, y + side / 2 + type * 0.35)
    ctx.fillText(`= ${number(sum)}`, x1 + side + type * 0.4, y + side / 2 + type * 0.35)
    if (channels > 1) {
      ctx.fillStyle = view.colors.muted
      ctx.fillText(`map ${channel + 1}`, x1 + side + type * 0.4, y + side / 2 + type * 1.55)
    }
  })
  const others = parts.slice(most)
  const said = others.length > 3 * lines ? 3 * Math.max(0, lines - 1) : others.length // a line to say how many more
  ctx.save()
  ctx.fillStyle = view.colors.ink
  ctx.font = `${type * 0.78}px ${view.player.font}`
  others.slice(0, said).forEach(({ channel, sum }, i) => {
    const y = top + type * 3 + room + (Math.floor(i / 3) + 0.7) * type * 1.05
    ctx.fillText(`map ${channel + 1}: ${number(sum)}`, left + 4 + ((i % 3) * width) / 3, y, width / 3 - 6)
  })
  ctx.restore()
  if (others.length > said) {
    ctx.fillStyle = view.colors.muted
    ctx.textAlign = "right"
    ctx.fillText(`… and ${others.length - said} more`, left + width - 4, top + height - 4)
  }
  return numbers[block.start + block.shape[0] * channels * size + spot.unit]
}

// A few numbers as colors, and as digits where there is room.
function numbersGrid(ctx, view, values, columns, x, y, size, largest, gray = false) {
  const rows = values.length / columns
  const cell = size / Math.max(rows, columns)
  const picture = cnnPicture(view, values, rows, columns, largest, gray)
  ctx.drawImage(picture, x, y, cell * columns, cell * rows)
  ctx.strokeStyle = view.colors.muted
  ctx.lineWidth = 1
  ctx.strokeRect(x, y, cell * columns, cell * rows)
  if (cell < 22) return
  const { data } = picture.getContext("2d").getImageData(0, 0, columns, rows)
  ctx.save()
  ctx.font = `${Math.min(15, cell * 0.38)}px ${view.player.font}`
  ctx.textAlign = "center"
  values.forEach((v, i) => {
    const light = 0.3 * data[4 * i] + 0.59 * data[4 * i + 1] + 0.11 * data[4 * i + 2]
    ctx.fillStyle = light < 118 ? "#ffffff" : "#1a1f29"
    ctx.fillText(String(Number(v.toFixed(2))).replace("-", "−"), x + (i % columns + 0.5) * cell, y + (Math.floor(i / columns) + 0.5) * cell + cell * 0.12)
  })
  ctx.restore()
}

// ---------------------------------------------------------------- the hand

const CNN_HANDS = {
  mapsOn(view) { return view.panel.layers.find((layer) => layer.kind === "CnnMaps") },

  // Press on the picture: draw; on a map: choose it.
  pressMaps(view, at, event) {
    const layer = this.mapsOn(view)
    const spot = spotAt(view, layer, at)
    if (!spot) return
    if (spot.block >= 0) {
      this.spot = spot
      return void this.send("pick", { panel: view.panel.name, x: spot.block, y: spot.unit, frame: this.frame })
    }
    if (!layer.paint) return
    this.playing = false
    view.canvas.setPointerCapture(event.pointerId)
    const cnn = cnnOf(layer)
    cnn.drawn = Float32Array.from(cnn.picture(this.turn))
    view.cnnStroke = true
    this.dab(view, at)
  },

  moveMaps(view, at) {
    view.pointer = at
    if (view.cnnStroke) this.dab(view, at)
    this.redraw()
  },

  // Ink on the pixel under the pointer, and a little beside it.
  dab(view, at) {
    const layer = this.mapsOn(view)
    const cnn = cnnOf(layer)
    const [, rows, columns] = layer.net.shape
    const column = cnnLayout(view, layer).columns[0]
    const box = column.boxes[0]
    const [u, v] = [((at.x - box.x) / box.w) * columns - 0.5, ((at.y - box.y) / box.h) * rows - 0.5]
    const reach = Math.max(0.75, rows / 22)
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) {
        const ink = clamp(1.4 - Math.hypot(r - v, c - u) / reach, 0, 1)
        const i = r * columns + c
        const wet = this.options.brush < 0 ? Math.min(cnn.drawn[i], 1 - ink) : Math.max(cnn.drawn[i], ink)
        cnn.drawn[i] = Math.round(15 * wet) / 15
      }
    cnn.edits++
    this.redraw()
  },

  releaseMaps(view) {
    if (!view.cnnStroke) return
    view.cnnStroke = false
    const { drawn } = cnnOf(this.mapsOn(view))
    this.send("paint", { drawing: Array.from(drawn, (v) => Math.round(15 * v).toString(16)).join("") })
  },
}

Object.assign(Player.prototype, CNN_HANDS)
