// ---------------------------------------------------------------- a mesh that a map bends
// The twin of dlviz/mesh_layers.py: cells of known mass, the denser the darker.

const [FAINTEST, DARKEST] = [0.06, 0.75]

MARKS.Mesh = (ctx, view, layer, frame, knob) => {
  const { shape: [count], data } = part(layer, "xy", frame, knob)
  const weights = layer.arrays.weights.data
  const rows = count / layer.columns
  const at = (i) => [view.axes.x(data[2 * i]), view.axes.y(data[2 * i + 1])]
  const shade = (cell, size) => FAINTEST + (DARKEST - FAINTEST) * weights[cell] / (weights[cell] + layer.full * size)
  const apart = (i, j) => [data[2 * j] - data[2 * i], data[2 * j + 1] - data[2 * i + 1]]
  ctx.fillStyle = ctx.strokeStyle = view.color(layer.color)
  if (rows === 1) {
    ctx.lineWidth = 4
    for (let i = 0; i + 1 < count; i++) {
      ctx.globalAlpha = shade(i, Math.hypot(...apart(i, i + 1)))
      line(ctx, ...at(i), ...at(i + 1))
    }
  }
  ctx.lineWidth = 0.75
  for (let row = 0; row + 1 < rows; row++)
    for (let column = 0; column + 1 < layer.columns; column++) {
      const i = row * layer.columns + column
      const corners = [i, i + 1, i + 1 + layer.columns, i + layer.columns]
      const [one, two] = [apart(corners[0], corners[2]), apart(corners[1], corners[3])]
      ctx.globalAlpha = shade(row * (layer.columns - 1) + column, Math.abs(one[0] * two[1] - one[1] * two[0]) / 2)
      ctx.beginPath()
      polygon(ctx, corners.map(at))
      ctx.fill()
      ctx.globalAlpha = 0.35
      ctx.stroke()
    }
  ctx.globalAlpha = 1
}
