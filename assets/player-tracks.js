// Many tracks side by side (dlviz/track_layers.py): lines first, then markers, then labels that
// are pushed apart until each can be read.

MARKS.Tracks = function (ctx, view, layer, frame, knob) {
  const { shape: [count, entries], data } = part(layer, "xy", 0, knob)
  const grows = layer.head === "frame"
  const end = grows ? Math.min(frame, entries - 1) : layer.head === "knob" ? knob : entries - 1
  const heads = []
  ctx.lineJoin = ctx.lineCap = "round"
  for (let i = 0; i < count; i++) {
    const own = data.subarray(2 * i * entries, 2 * (i + 1) * entries)
    const color = view.color(layer.colors[i])
    ctx.setLineDash(layer.dashed[i] ? [7, 5] : [])
    for (const [style, width, alpha] of [[view.colors.halo, layer.width + 2, 0.6], [color, layer.width, 1]]) {
      ctx.strokeStyle = style
      ctx.lineWidth = width
      ctx.globalAlpha = alpha
      trace(ctx, view.axes, own, grows ? end : entries - 1)
    }
    ctx.globalAlpha = 1
    const last = lastFinite(own, end)
    if (last < 0 || (layer.head === "knob" && last < end)) continue
    const gone = last < Math.floor(end)
    const [x, y] = gone ? [own[2 * last], own[2 * last + 1]] : between(own, end)
    heads.push({ i, color, gone, x: view.axes.x(x), y: view.axes.y(y) })
  }
  ctx.setLineDash([])
  const { left, top, width, height } = view.axes
  for (const head of heads) {
    const [x, y] = [clamp(head.x, left + 9, left + width - 9), clamp(head.y, top + 9, top + height - 9)]
    const off = head.x < left || head.x > left + width || head.y < top || head.y > top + height
    if (off) arrowhead(ctx, x, y, Math.atan2(head.y - y, head.x - x), head.color)
    else marker(ctx, head.gone ? "cross" : layer.markers[head.i], x, y, layer.size, head.color, view.colors.halo)
    Object.assign(head, { x, y, text: (layer.labels[head.i] ?? "") + (head.gone ? " ✕" : "") })
  }
  labelApart(ctx, view, heads.filter((head) => head.text), layer.size)
}

function arrowhead(ctx, x, y, angle, color) {
  ctx.save()
  ctx.translate(x, y)
  ctx.rotate(angle)
  ctx.beginPath()
  polygon(ctx, [[9, 0], [-6, -8], [-6, 8]])
  ctx.fillStyle = color
  ctx.fill()
  ctx.restore()
}

// Labels beside their heads, moved up or down as far as they must be, with a line back.
function labelApart(ctx, view, heads, size) {
  const { left, top, width, height, type } = view.axes
  const gap = type * 1.12
  for (const head of heads) {
    head.wide = ctx.measureText(head.text).width
    head.leftward = head.x + size + 8 + head.wide > left + width
    head.at = head.y + type * 0.35
  }
  for (const side of [true, false]) {
    const column = heads.filter((head) => head.leftward === side).sort((a, b) => a.y - b.y)
    spread(column, gap, top + type, top + height - 4)
  }
  for (const head of heads) {
    const x = head.leftward ? head.x - size - 7 - head.wide : head.x + size + 7
    if (Math.abs(head.at - type * 0.35 - head.y) > gap * 0.6) {
      ctx.strokeStyle = head.color
      ctx.lineWidth = 1
      line(ctx, head.x, head.y, head.leftward ? x + head.wide + 2 : x - 2, head.at - type * 0.35)
    }
    words(ctx, view, head.text, x, head.at, head.color)
  }
}

// Move rising positions `at` of labels whose boxes meet so that they are at least `gap` apart.
function spread(column, gap, low, high) {
  const groups = []
  for (const head of column) {
    let group = { members: [head], middle: head.at }
    for (let before = groups.at(-1); before && meets(before, group, gap); before = groups.at(-1)) {
      groups.pop()
      const members = [...before.members, ...group.members]
      group = { members, middle: members.reduce((sum, each) => sum + each.y, 0) / members.length }
    }
    groups.push(group)
  }
  for (const { members, middle } of groups) {
    const tall = (members.length - 1) * gap
    const first = clamp(middle - tall / 2, low, Math.max(low, high - tall))
    members.forEach((head, i) => { head.at = first + i * gap })
  }
}

function meets(a, b, gap) {
  const half = ((a.members.length + b.members.length) * gap) / 2
  const beside = (p, q) => Math.abs(p.x - q.x) < Math.max(p.wide, q.wide) + 24
  return Math.abs(b.middle - a.middle) < half && a.members.some((p) => b.members.some((q) => beside(p, q)))
}
