// ---------------------------------------------------------------- networks and points in the hand
// Weights changed in the drawing, and points painted on the map: parts of the player (mixed in at
// the end), which Python hears of when the hand lets go.

const STRIDE = 10 // px between points of one stroke
const PER_PIXEL = 1 / 40 // how much a weight changes for each px that its edge is dragged up

const HANDS = {
  // ------------------------------------------------------------ choosing a unit

  choose(unit) {
    this.chosen = unit
    const inspector = this.pick("inspector")
    // A field that hides keeps the keys until the next frame is drawn: they are the player's at once.
    if (!unit && inspector.contains(this.root.activeElement)) this.root.activeElement.blur()
    inspector.hidden = !unit
    if (unit) this.buildInspector()
    this.redraw()
  },

  nextUnit(by) {
    if (!this.drawing) return
    const { sizes } = this.drawing.net
    const all = sizes.flatMap((count, layer) => Array.from({ length: count }, (_, unit) => [layer, unit])).filter(([layer]) => layer > 0)
    const now = this.chosen ? all.findIndex(([layer, unit]) => layer === this.chosen[0] && unit === this.chosen[1]) : by > 0 ? -1 : 0
    this.choose(all[(now + by + all.length) % all.length])
    this.pick("inspector").focus({ preventScroll: true }) // so that Tab leads to its weights
  },

  // A number field for each weight of the chosen unit: what the drawing offers to the mouse, by keyboard.
  buildInspector() {
    const { net } = this.drawing
    const [layer, unit] = this.chosen
    const count = layer === 0 ? 0 : net.sizes[layer - 1] + 1
    const shape = JSON.stringify([layer, unit, net.sizes, this.drawing.names])
    if (shape !== this.inspected) this.pick("weights").replaceChildren(...Array.from({ length: count }, (_, input) => {
      const label = document.createElement("label")
      const field = document.createElement("input")
      Object.assign(field, { type: "number", step: "0.1", min: "-1000", max: "1000" })
      field.dataset.place = net.place(layer, unit, input)
      const set = (event) => event.target.value !== "" && this.edit(`${field.dataset.place}=${clamp(Number(event.target.value), -1000, 1000)}`, event.type === "change")
      field.addEventListener("input", set)
      field.addEventListener("change", set)
      label.append(input < count - 1 ? unitName(this.drawing, layer - 1, input) : "bias", field)
      return label
    }))
    this.inspected = shape // fields that stay keep the focus
    for (const field of this.pick("weights").querySelectorAll("input")) field.disabled = this.isFixed()
    const hidden = layer > 0 && layer < net.sizes.length - 1 && !this.isFixed()
    this.pick("shuffle").hidden = !hidden || net.sizes[layer] < 2
    this.pick("rescale").hidden = !hidden || !HOMOGENEOUS.includes(net.hidden[layer - 1])
    this.pick("train-on").hidden = !this.options.branch
    this.fillInspector()
  },

  fillInspector() {
    if (!this.drawing || !this.chosen) return
    const { net } = this.drawing
    const formula = net.formula(this, ...this.chosen)
    if (this.pick("formula").textContent !== formula) this.pick("formula").textContent = formula
    const parameters = net.at(this.at, this.turn)
    for (const field of this.pick("weights").querySelectorAll("input"))
      if (field !== this.root.activeElement) field.value = Number(parameters[field.dataset.place].toPrecision(3))
    this.pick("undo").hidden = !net.edited
  },

  // ------------------------------------------------------------ changing weights

  // Whether the page lets nobody change weights: it says so with null for edits.
  isFixed() { return this.options.edits === null },

  // What the page says was edited before: "epoch@rate;operation;operation".
  takeEdits() {
    this.pick("inspector").hidden = !this.chosen
    if (!this.drawing) return
    const [where, ...operations] = (this.options.edits ?? "").split(";")
    const [number, rate] = where.split("@").map(Number)
    const { numbers, knob } = this.scene
    const frame = numbers.length ? numbers.indexOf(number) : number
    const turn = knob ? knob.values.findIndex((value) => Math.abs(value - rate) <= 1e-6 * Math.abs(rate) + 1e-9) : 0
    const sound = operations.length && operations.every((each) => this.drawing.net.fits(each))
    this.drawing.net.edited = sound && frame >= 0 && turn >= 0 ? { frame, turn, operations } : null
    if (this.chosen) this.buildInspector()
  },

  // Do one more thing to the network that is shown; `tell` says that the hand let go.
  edit(operation, tell = true) {
    const { net } = this.drawing
    if (this.playing || !Number.isInteger(this.at)) this.pause()
    if (!net.edited || net.edited.frame !== this.at || net.edited.turn !== this.turn)
      net.edited = { frame: this.at, turn: this.turn, operations: [] }
    const { operations } = net.edited
    const target = operation.split("=")[0]
    const last = operations[operations.length - 1]
    if (/^\d/.test(target) && last?.split("=")[0] === target) operations.pop() // the same hand on the same weight
    net.edited.operations = [...operations, operation].slice(0, 100)
    this.fillInspector()
    this.redraw()
    if (tell) this.send("edit", this.editText())
  },

  editText() {
    const { frame, turn, operations } = this.drawing.net.edited
    return [`${called(this.scene, frame)}@${this.scene.knob?.values[turn] ?? 0}`, ...operations].join(";")
  },

  undo() {
    this.drawing.net.edited = null
    this.fillInspector()
    this.redraw()
    this.send("edit", "")
  },

  // Go on learning from the weights as they are now, and play what comes of it.
  trainOn() {
    this.goesOn = true
    this.choose(null)
    this.send("branch", called(this.scene, this.frame))
  },

  // The caption of a network changed by hand: what the run's numbers say is not about it.
  editedCaption(said) {
    const { net } = this.drawing
    const layers = this.scene.panels.flatMap((panel) => panel.layers)
    const rights = layers.filter((layer) => layer.kind === "NetPoints" && layer.evaluator === net).map((layer) => {
      const named = net.classes(net.points(layer, this.at, this.turn))
      const right = named.filter((label, i) => label === layer.arrays.classes.data[i]).length
      return `${layer.hollow ? "test" : "training"} points: ${right} of ${named.length} right`
    })
    const cut = layers.find((layer) => layer.kind === "NetRegions")
    if (cut) return `edited by hand · ${regionsAt(cut, this.at, this.turn).faces.length} regions`
    const words = net.regression ? "" : " · " + rights.join(" · ")
    return `${said.split(" · ")[0]} · edited by hand${words}`
  },

  grasp(view, at, event, canvas) {
    canvas.setPointerCapture(event.pointerId)
    const weight = hitUnit(view, at) ? null : hitWeight(view, this.drawing.net, at)
    const bias = hitWeight(view, this.drawing.net, at)
    const found = weight ?? (bias && bias.input === this.drawing.net.sizes[bias.box.layer - 1] ? bias : null)
    const value = found && this.drawing.net.at(this.at, this.turn)[found.place]
    view.grasped = { from: event.clientY, found, value, unit: hitUnit(view, at) }
    if (found) this.choose([found.box.layer, found.box.unit])
    if (this.isFixed()) view.grasped.found = null
  },

  reach(view, at, event) {
    const held = view.grasped
    if (held?.found) {
      const moved = held.from - event.clientY // on the window: words above that wrap move the drawing
      if (Math.abs(moved) < 3 && !held.moved) return
      held.moved = true
      this.lit = null // who edits wants to see the whole
      return this.edit(`${held.found.place}=${Number((held.value + moved * PER_PIXEL).toFixed(2))}`, false)
    }
    const unit = hitUnit(view, at)
    view.canvas.style.cursor = unit ? "pointer" : hitWeight(view, this.drawing.net, at) && !this.isFixed() ? "ns-resize" : "default"
    const lit = unit && [unit.layer, unit.unit]
    if (String(lit) === String(this.lit)) return
    this.lit = lit
    this.hint(view, lit)
    this.redraw()
  },

  // The formula of the unit under the pointer, where the caption is.
  hint(view, lit) {
    view.canvas.title = lit ? this.drawing.net.formula(this, ...lit) : ""
  },

  release(view) {
    const held = view.grasped
    view.grasped = null
    if (!held) return
    if (held.moved) return this.send("edit", this.editText())
    if (!held.unit) return
    const { layer, unit } = held.unit
    const same = this.chosen && this.chosen[0] === layer && this.chosen[1] === unit
    this.choose(same ? null : [layer, unit])
  },

  // ------------------------------------------------------------ morphing

  toggleMorph() {
    if (this.pick("morph").hidden) return
    const [from, to, begun] = [this.morph, this.morph > 0.5 ? 0 : 1, performance.now()]
    const move = (now) => {
      const share = Math.min(1, (now - begun) / 1200)
      this.morph = from + (to - from) * share * share * (3 - 2 * share)
      this.pick("morph-input").value = Math.round(100 * this.morph)
      this.redraw()
      if (share < 1) requestAnimationFrame(move)
    }
    requestAnimationFrame(move)
  },

  // ------------------------------------------------------------ dragging what the knob turns

  takeHold(view, at, event, canvas) {
    canvas.setPointerCapture(event.pointerId)
    view.hold = { at, turn: this.turn }
    view.pointer = null
    canvas.style.cursor = "grabbing"
  },

  dragOn(view, at) {
    const { at: from, turn } = view.hold
    const turned = Math.round(turn + this.turnsOf(view, from, at))
    this.setTurn(((turned % this.turns) + this.turns) % this.turns, false)
  },

  // By how many turns a drag takes the knob on: cells across, or parts of the circle clockwise.
  turnsOf({ axes, panel }, from, at) {
    if (panel.drag === "across") return ((at.x - from.x) / axes.width) * (panel.x.high - panel.x.low)
    const [x, y] = [axes.left + axes.width / 2, axes.top + axes.height / 2]
    const angle = Math.atan2(at.y - y, at.x - x) - Math.atan2(from.y - y, from.x - x)
    return (this.turns * angle) / (2 * Math.PI)
  },

  letGo(view) {
    view.canvas.style.cursor = "grab"
    if (view.hold.turn !== this.turn) this.setTurn(this.turn, true)
    view.hold = null
  },

  // ------------------------------------------------------------ painting points

  paints(view) {
    return view.panel.pick && this.options.brush !== undefined && this.options.brush !== null
  },

  beginStroke(view, at, event, canvas) {
    canvas.setPointerCapture(event.pointerId)
    Object.assign(view, { stroke: [], painting: true, brush: this.options.brush, ghost: null, pointer: null })
    this.goOn(view, at)
  },

  goOn(view, at) {
    const place = view.axes.at(at.x, at.y)
    const last = view.strokeEnd
    if (!place || (view.stroke.length && Math.hypot(at.x - last.x, at.y - last.y) < STRIDE)) return
    view.strokeEnd = at
    view.stroke.push([place.x, place.y])
    this.redraw()
  },

  endStroke(view) {
    const stroke = view.stroke.map((place) => place.map((v) => Number(v.toFixed(3))))
    Object.assign(view, { stroke: null, painting: false })
    if (!stroke.length) return
    this.strokes.push({ stroke, brush: view.brush, frame: this.frame })
    if (this.strokes.length === 1) this.sendStroke()
  },

  // One at a time: of two that come close together Python may hear of the later alone.
  sendStroke() {
    this.send("paint", this.strokes[0])
    this.patience = setTimeout(() => this.strokeAnswered(), 1500) // what changes nothing gets no answer
  },

  strokeAnswered() {
    clearTimeout(this.patience)
    this.strokes.shift()
    if (this.strokes.length) this.sendStroke()
    this.redraw()
  },
}

Object.assign(Player.prototype, HANDS)
