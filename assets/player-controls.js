// ---------------------------------------------------------------- the player itself

const icon = (path) => `<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path d="${path}"/></svg>`
const ICONS = {
  first: icon("M5 5h3v14H5zM20 5v14L9 12z"),
  back: icon("M16 5v14L6 12z"),
  play: icon("M7 4v16l13-8z"),
  pause: icon("M6 5h4v14H6zM14 5h4v14h-4z"),
  next: icon("M8 5v14l10-7z"),
  loop: icon("M12 5V1L7 6l5 5V7a5 5 0 1 1-5 5H5a7 7 0 1 0 7-7z"),
  more: icon("M5 10h4v4H5zM10 10h4v4h-4zM15 10h4v4h-4z"),
}

const MARKUP = `
<div class="player" tabindex="-1">
  <div class="stage"></div>
  <div class="inspector" tabindex="-1" hidden>
    <p class="formula" role="status"></p>
    <div class="weights"></div>
    <button type="button" class="shuffle" title="Put the units of this layer into another order">Shuffle neurons</button>
    <button type="button" class="rescale" title="Double what goes in, halve what reads it">Rescale × 2</button>
    <button type="button" class="undo">Undo edits</button>
    <button type="button" class="train-on">Train on from here</button>
    <button type="button" class="shut" title="Close (Esc)" aria-label="Close">✕</button>
  </div>
  <label class="morph" hidden><span>input space</span><input class="morph-input" type="range" min="0" max="100" step="1" value="100"><span class="morph-to">hidden space</span></label>
  <label class="knob" hidden>
    <span class="knob-name"></span>
    <span class="track"><input class="knob-input" type="range" min="0" step="1"><span class="marks"></span></span>
    <output class="knob-value"></output>
  </label>
  <div class="transport">
    <button type="button" class="first" title="First frame (Home)" aria-label="First frame">${ICONS.first}</button>
    <button type="button" class="back" title="One step back (←)" aria-label="One step back">${ICONS.back}</button>
    <button type="button" class="play" title="Play or pause (space)" aria-label="Play">${ICONS.play}</button>
    <button type="button" class="next" title="One step on (→)" aria-label="One step on">${ICONS.next}</button>
    <input class="scrub" type="range" min="0" step="1" aria-label="Step">
    <span class="count"></span>
    <select class="speed" title="Speed" aria-label="Speed">${SPEEDS.map((s) => `<option value="${s}">${s}×</option>`).join("")}</select>
    <button type="button" class="loop" aria-pressed="false" title="Play in a loop (L)" aria-label="Loop">${ICONS.loop}</button>
    <details class="menu"><summary title="More" aria-label="More: save, branch, full screen, keys">${ICONS.more}</summary>
      <div class="menu-items">
        <button type="button" class="png">Save picture (PNG)</button>
        <button type="button" class="gif">Save film (GIF)</button>
        <button type="button" class="webm">Save film (WebM)</button>
        <button type="button" class="branch" hidden>Branch at this step</button>
        <button type="button" class="full">Full screen (F)</button>
        <button type="button" class="present">Presenter mode (P)</button>
        <p class="keys">space plays · ← → step · ↑ ↓ turn the knob · Home End · L loop · F full screen · P presenter · Page Up, Page Down: scenes · N next unit or point · Esc lets go · M morph</p>
      </div>
    </details>
  </div>
  <p class="caption" role="status"></p>
</div>`

// Streamlit disables a tab while what is in it is made anew, which takes the focus from whoever
// walks the tabs by keyboard: give it back.
function keepTab(tab) {
  if (tab.role !== "tab" || tab.hasAttribute("tabindex")) return
  const watch = new MutationObserver(() => {
    if (!tab.hasAttribute("tabindex")) return
    watch.disconnect()
    if (document.activeElement === document.body) tab.focus({ preventScroll: true })
  })
  watch.observe(tab, { attributes: true })
}

class Player {
  constructor(root) {
    this.root = root
    const holder = root.querySelector(".dlviz")
    holder.innerHTML = MARKUP // words of our own only
    this.box = holder.firstElementChild
    this.box.player = this // for tests and the console
    this.at = 0
    this.turn = 0
    this.speed = 1
    this.playing = false
    this.looping = false
    this.draws = 0
    this.strokes = [] // painted, and not answered yet
    this.morph = 1 // from the input plane (0) to hidden space (1)
    this.kept = this.pointed = null // the point of a cloud that was clicked, the one under the pointer
    this.lassoed = new Set() // points of clouds inside the lasso
    this.lit = this.chosen = null // the unit under the pointer, the unit that was clicked: [layer, number]
    this.pick = (name) => this.box.querySelector("." + name)
    this.listen()
  }

  // ------------------------------------------------------------ a new scene or new options

  load({ options, scene }) {
    const first = !this.scene
    const inHand = this.views?.some((view) => view.grasped?.moved) && this.drawing.net.edited
    const atEnd = !first && this.at >= this.scene.frames - 1 && !(this.options.growing && this.playing)
    const asked = options.serial !== this.options?.serial || this.beginsToGrow(options, scene)
    if (options.scene_index === this.sceneAsked) this.sceneAsked = null
    const serial = this.options?.serial
    const number = first ? 0 : called(this.scene, this.frame)
    this.options = options
    this.hearNews(asked || first)
    this.scene = scene
    this.turns = scene.knob ? scene.knob.values.length : 1
    this.drawing = this.findDrawing()
    this.busy = false
    if (serial !== options.serial) this.turn = options.turn
    this.turn = Math.min(this.turn, this.turns - 1)
    if (!first) this.at = atEnd ? scene.frames - 1 : clamp(this.at - this.frame + frameOf(scene, number), 0, scene.frames - 1)
    this.dress()
    this.build()
    this.takeEdits()
    if (inHand && this.drawing) this.drawing.net.edited = inHand // an answer to what was done before
    if (asked || first) this.begin()
    this.setPace()
    if (this.goesOn) this.play()
    this.goesOn = false
    if (this.strokes.length) this.strokeAnswered()
    this.redraw()
  }

  // Whether work has begun anew, that is to be watched from its start.
  beginsToGrow({ growing }, { frames }) {
    if (!growing || !this.scene) return false
    return frames < this.scene.frames || (frames === 1 && !this.options.growing)
  }

  // The network that is drawn, with its names, if one is.
  findDrawing() {
    const layers = this.scene.panels.flatMap((panel) => panel.layers)
    const layer = layers.find((each) => each.kind === "NetDrawing")
    const net = layer?.evaluator
    const has = (unit) => Boolean(net && unit && unit[1] < net.sizes[unit[0]])
    if (!has(this.lit)) this.lit = null
    if (!has(this.chosen)) this.chosen = null
    return net ? { net, names: layer.names, outputs: layer.outputs, hidden: net.sizes.length - 2 } : null
  }

  // Show a scene from its start; for those who ask for less motion, or where asked for, its end.
  begin() {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches || this.litByHand
    this.litByHand = false
    const moves = this.scene.frames > 1 || this.options.growing
    if (this.options.autoplay && !this.options.at_end && !calm && moves && !this.drawing?.net.edited) {
      this.at = 0
      this.play()
    } else {
      this.pause()
      if (this.drawing?.net.edited) this.at = this.drawing.net.edited.frame
      else this.at = this.options.autoplay ? this.scene.frames - 1 : Math.min(this.at, this.scene.frames - 1)
    }
  }

  dress() {
    const host = this.root.host ?? this.root
    const style = getComputedStyle(host)
    const ground = style.getPropertyValue("--st-background-color").trim()
    this.dark = luminance(ground) < 0.4
    this.colors = this.scene.palettes[this.dark ? "dark" : "light"]
    this.font = style.getPropertyValue("--st-font").trim() || "sans-serif"
    this.box.classList.toggle("presenting", this.options.presenting)
    this.box.classList.toggle("alone", this.options.alone)
    for (const name of ["wide", "split", "pair", "grid", "wall"])
      this.box.classList.toggle(name, this.scene.layout === name)
  }

  build() {
    const stage = this.pick("stage")
    const shape = JSON.stringify(this.scene.panels.map((panel) => panel.name))
    if (shape !== this.shape) {
      stage.replaceChildren()
      this.views = this.scene.panels.map((panel) => new PanelView(this, panel))
      this.views.forEach((view, i) => {
        view.canvas.classList.add(i || /grid|wall/.test(this.scene.layout) ? "companion" : "main", `shows-${view.panel.name}`)
        stage.append(view.canvas)
        this.watchPointer(view)
      })
      stage.style.setProperty("--tile", this.views.length > 8 ? "190px" : "290px")
      stage.style.setProperty("--companions", Math.max(1, this.views.length - 1))
      const columns = this.views.length < 4 ? this.views.length : Math.ceil(this.views.length / 2)
      stage.style.setProperty("--columns", columns)
      stage.style.setProperty("--rows", Math.ceil(this.views.length / columns))
      stage.classList.toggle("lone", this.views.length === 1)
      this.shape = shape
    }
    this.views.forEach((view, i) => {
      Object.assign(view, { panel: this.scene.panels[i], ghost: null })
      view.canvas.classList.toggle("many", view.panel.layers.some((l) => l.kind === "Products" && l.arrays.kernel.shape[0] > 4))
      view.canvas.style.touchAction = this.paints(view) ? "none" : view.panel.layers.some((l) => l.kind === "NetDrawing" || l.paint) ? "none" : "pan-y"
      if (view.panel.drag === "around") view.canvas.style.touchAction = "none"
      view.canvas.style.cursor = view.panel.drag ? "grab" : view.panel.pick ? "crosshair" : "default"
    })
    const space = this.scene.panels[0]?.layers.find((layer) => layer.kind === "NetSpace")
    this.pick("morph").hidden = !space
    if (space) this.pick("morph-to").textContent = `space of layer ${space.layer}`
    this.buildKnob()
    this.pick("scrub").max = this.scene.frames - 1
    this.pick("transport").hidden = this.scene.frames < 2
    this.pick("branch").hidden = !this.options.branch
    this.pick("present").hidden = !this.options.main
    this.fit()
  }

  buildKnob() {
    const { knob } = this.scene
    this.pick("knob").hidden = !knob
    if (!knob) return
    this.pick("knob-name").textContent = knob.label
    const input = this.pick("knob-input")
    input.max = this.turns - 1
    input.setAttribute("aria-label", knob.label)
    this.pick("marks").replaceChildren(...knob.marks.map(() => document.createElement("span")))
    this.marked = null
  }

  // Put the knob's marks where they belong at this turn; of labels too near only the last is shown.
  placeMarks() {
    const { knob } = this.scene
    const at = knob.marks.map(([value]) => (Array.isArray(value) ? value[this.turn] : value))
    if (String(at) === this.marked) return
    this.marked = String(at)
    const room = 4000 / Math.max(200, this.box.clientWidth) // 40 px in percent of the track
    let next = Infinity // from the right, so that the limit is always named
    ;[...this.pick("marks").children].reverse().forEach((mark, back) => {
      const i = at.length - 1 - back
      mark.hidden = at[i] === null
      if (mark.hidden) return
      const share = (100 * place(knob.values, at[i])) / (this.turns - 1)
      const free = next - share >= room
      mark.textContent = free ? knob.marks[i][1] : "\u00a0"
      if (free) next = share
      mark.style.left = `${share}%`
      mark.style.setProperty("--lean", share > 90 ? "-92%" : share < 10 ? "-8%" : "-50%")
    })
  }

  fit() {
    this.marked = this.said = null // marks and alt texts are to be put where they belong
    const narrow = this.box.clientWidth < 640
    const { stage, presenter } = this.scene.type
    const type = this.options.presenting ? presenter : narrow ? stage - 3 : stage
    for (const view of this.views) view.resize(this.scene.layout === "wall" ? Math.min(type, stage + 2) : this.scene.layout === "grid" ? stage - (this.views.length > 8 ? 4 : 2) : type)
  }

  // ------------------------------------------------------------ time

  get frame() { return Math.floor(this.at + 1e-9) }

  play() {
    if (this.scene.frames < 2 && !this.options.growing) return
    if (this.at >= this.scene.frames - 1) this.at = 0
    this.playing = true
    this.last = null
    this.redraw()
  }

  pause() {
    this.playing = false
    this.at = this.frame
    this.redraw()
  }

  go(frame) {
    this.playing = false
    this.at = clamp(frame, 0, this.scene.frames - 1)
    this.redraw()
  }

  // Turn the knob; `tell` says it is let go, and Python may know.
  setTurn(turn, tell) {
    this.turn = clamp(Math.round(turn), 0, this.turns - 1)
    this.redraw()
    clearTimeout(this.told)
    if (tell) this.told = setTimeout(() => this.send("knob", this.scene.knob.values[this.turn]), tell === true ? 0 : tell)
  }

  redraw() {
    if (!this.waiting) this.waiting = requestAnimationFrame((now) => this.tick(now))
  }

  tick(now) {
    this.waiting = null
    if (!this.box.isConnected || !this.scene) return
    if (this.playing) this.advance(now)
    for (const view of this.views) view.draw(this.at, this.turn)
    this.draws++
    this.say()
    this.onframe?.(now)
    if (this.playing && !this.waitsForMore) this.redraw()
  }

  // Whether all there is has been played, and more frames are on their way.
  get waitsForMore() { return this.options.growing && this.at >= this.scene.frames - 1 }

  advance(now) {
    const end = this.scene.frames - 1
    const rate = (this.pace ?? this.scene.fps * Math.max(1, this.speed)) * Math.min(1, this.speed)
    if (this.last !== null) this.at += (Math.min(100, now - this.last) / 1000) * rate
    this.last = now
    if (this.at < end) return
    if (this.options.growing) [this.at, this.last] = [end, null]
    else if (this.looping) this.at = 0
    else [this.at, this.playing] = [end, false]
  }

  // Frames of a growing scene come many at once: remember how long one has to wait for them.
  hearNews(anew) {
    const now = performance.now()
    const since = now - this.heardAt
    this.every = anew ? null : this.every ? (this.every + since) / 2 : since
    this.heardAt = now
  }

  // So many frames a second that those at hand last until the next ones come; null: as usual.
  setPace() {
    const { frames, fps } = this.scene
    const left = frames - 1 - this.at
    this.pace = this.options.growing && this.every ? clamp((1000 * left) / (1.1 * this.every), 1, 3 * fps) : null
  }

  // Words that follow the picture: counter, caption, alt texts.
  say() {
    const { scene, frame } = this
    const text = this.caption()
    const state = `${frame}/${this.turn}/${this.playing}/${text}`
    if (state === this.said) return
    this.said = state
    this.pick("count").textContent = `${scene.unit} ${called(scene, frame)} of ${called(scene, scene.frames - 1)}`
    if (this.chosen) this.fillInspector()
    this.pick("scrub").value = frame
    const play = this.pick("play")
    play.innerHTML = this.playing ? ICONS.pause : ICONS.play
    play.setAttribute("aria-label", this.playing ? "Pause" : "Play")
    const words = this.pick("caption")
    words.setAttribute("aria-live", this.playing ? "off" : "polite")
    if (words.textContent !== text) words.textContent = text
    this.box.dataset.frame = frame
    this.box.dataset.turn = this.turn
    this.box.dataset.playing = this.playing
    if (scene.knob) {
      this.placeMarks()
      const value = number(scene.knob.values[this.turn])
      this.pick("knob-value").textContent = value
      this.pick("knob-input").value = this.turn
      this.pick("knob-input").setAttribute("aria-valuetext", value)
    }
    if (!this.playing) for (const view of this.views) view.canvas.setAttribute("aria-label", `${view.panel.alt} ${text}`)
  }

  caption() {
    const said = caption(this.scene, this.frame, this.turn)
    return this.drawing?.net.isEdited(this.at, this.turn) ? this.editedCaption(said) : said + this.cloudWords()
  }

  // ------------------------------------------------------------ hands

  listen() {
    const on = (name, event, act) => this.pick(name).addEventListener(event, act)
    on("first", "click", () => this.go(0))
    on("back", "click", () => this.go(this.frame - 1))
    on("next", "click", () => this.go(this.frame + 1))
    on("play", "click", () => (this.playing ? this.pause() : this.play()))
    on("scrub", "input", (event) => this.go(Number(event.target.value)))
    on("knob-input", "input", (event) => this.setTurn(Number(event.target.value), false))
    on("knob-input", "change", (event) => this.setTurn(Number(event.target.value), 250))
    this.pick("speed").value = "1"
    on("speed", "change", (event) => { this.speed = Number(event.target.value) })
    on("loop", "click", () => this.toggleLoop())
    on("png", "click", () => this.save("png"))
    on("gif", "click", () => this.save("gif"))
    on("webm", "click", () => this.save("webm"))
    on("branch", "click", () => this.send("branch", called(this.scene, this.frame)))
    on("full", "click", () => this.toggleFull())
    on("present", "click", () => this.send("present", !this.options.presenting))
    on("morph-input", "input", (event) => { this.morph = Number(event.target.value) / 100; this.redraw() })
    on("shuffle", "click", () => this.edit(`s${this.chosen[0] - 1}`))
    on("rescale", "click", () => this.edit(`r${this.chosen[0] - 1}.${this.chosen[1]}=2`))
    on("undo", "click", () => this.undo())
    on("train-on", "click", () => this.trainOn())
    on("shut", "click", () => this.choose(null))
    on("menu-items", "click", () => { this.pick("menu").open = false })
    this.onkey = (event) => this.key(event)
    document.addEventListener("keydown", this.onkey)
    this.onpress = (event) => { if (!event.composedPath().includes(this.pick("menu"))) this.pick("menu").open = false }
    document.addEventListener("pointerdown", this.onpress)
    this.onleave = (event) => keepTab(event.target)
    document.addEventListener("focusout", this.onleave)
    this.sizes = new ResizeObserver(() => { if (this.scene) { this.fit(); this.redraw() } })
    this.sizes.observe(this.box)
  }

  close() {
    this.playing = false
    document.removeEventListener("keydown", this.onkey)
    document.removeEventListener("pointerdown", this.onpress)
    document.removeEventListener("focusout", this.onleave)
    this.sizes.disconnect()
  }

  toggleLoop() {
    this.looping = !this.looping
    this.pick("loop").setAttribute("aria-pressed", this.looping)
  }

  toggleFull() {
    if (document.fullscreenElement) document.exitFullscreen()
    else this.box.requestFullscreen()
  }

  // Keys work on the whole page for its main player, elsewhere only inside the player.
  key(event) {
    if (!this.scene || event.ctrlKey || event.metaKey || event.altKey) return
    const target = event.composedPath()[0]
    const ours = this.box.contains(target)
    const page = target === document.body || target === document.documentElement
    const idle = page || !target.closest?.("input, textarea, select, [role=slider], [role=combobox], [role=listbox], [role=tab], [role=radio], [contenteditable]")
    if (!ours && !(this.options.main && idle)) return
    if (target.matches?.("button, summary") && event.key === " ") return
    if (target.matches?.("select")) return
    if (target.matches?.("input[type=number]") && event.key !== "Escape") return
    if (target.matches?.("input[type=range]") && /^(Arrow|Home|End|Page)/.test(event.key) && !/^Page/.test(event.key)) return
    const act = this.keymap()[event.key]
    if (!act) return
    event.preventDefault()
    act(event)
  }

  keymap() {
    const leap = (event) => (event.shiftKey ? 10 : 1)
    const scenes = this.options.main ? (by) => this.goScene(by) : null
    return {
      " ": () => (this.playing ? this.pause() : this.play()),
      ArrowRight: (event) => this.go(this.frame + leap(event)),
      ArrowLeft: (event) => this.go(this.frame - leap(event)),
      ArrowUp: (event) => this.scene.knob && this.setTurn(this.turn + leap(event), 250),
      ArrowDown: (event) => this.scene.knob && this.setTurn(this.turn - leap(event), 250),
      Home: () => this.go(0),
      End: () => this.go(this.scene.frames - 1),
      Escape: () => { this.pick("menu").open = false; this.choose(null); this.ask(null) },
      n: () => this.nextThing(1),
      N: () => this.nextThing(-1),
      m: () => this.toggleMorph(),
      l: () => this.toggleLoop(),
      f: () => this.toggleFull(),
      p: () => this.options.main && this.send("present", !this.options.presenting),
      PageDown: scenes && (() => scenes(1)),
      PageUp: scenes && (() => scenes(-1)),
    }
  }

  // The next unit of a network, or the next point of a cloud.
  nextThing(by) {
    if (this.clouds().length) this.askNext(by)
    else this.nextUnit(by)
  }

  // Ask for a scene by its number, counted from the last one asked for: a clicker may be faster
  // than the server.
  goScene(by) {
    const { scene_index: now, scene_count: count } = this.options
    this.sceneAsked = clamp((this.sceneAsked ?? now) + by, 0, count - 1)
    this.send("scene", this.sceneAsked)
  }

  // Hover reads out; a click picks a place; a drag picks places as it goes.
  watchPointer(view) {
    this.watchCloud(view)
    const { canvas } = view
    const place = (event) => {
      const box = canvas.getBoundingClientRect()
      return { x: event.clientX - box.left, y: event.clientY - box.top }
    }
    const put = (event, done) => {
      const at = view.axes.at(place(event).x, place(event).y)
      if (!at) return
      if (view.panel.layers.some((layer) => layer.kind === "StackDrawing")) {
        const unit = done && stackUnit(view, place(event))
        return unit ? this.lookFrom(view, unit) : undefined
      }
      view.ghost = at
      this.redraw()
      if (this.busy && !done) return
      this.busy = true
      this.send("pick", { panel: view.panel.name, x: at.x, y: at.y, frame: this.frame })
    }
    const isDrawing = () => view.panel.layers.some((layer) => layer.kind === "NetDrawing")
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button === 0 && this.mapsOn(view)) return this.pressMaps(view, place(event), event)
      if (event.button === 0 && isDrawing()) return this.grasp(view, place(event), event, canvas)
      if (event.button === 0 && this.paints(view)) return this.beginStroke(view, place(event), event, canvas)
      if (event.button === 0 && view.panel.drag) return this.takeHold(view, place(event), event, canvas)
      const sought = event.button === 0 ? frameAt(view, place(event)) : null
      if (sought !== null) return this.go(sought)
      if (!view.panel.pick || event.button !== 0) return
      view.held = { ...place(event), dragging: event.pointerType === "mouse" }
      this.busy = false // a place picked before may have changed nothing, and got no answer
      canvas.setPointerCapture(event.pointerId)
    })
    canvas.addEventListener("pointermove", (event) => {
      const at = place(event)
      if (this.mapsOn(view)) return this.moveMaps(view, at)
      if (isDrawing()) return this.reach(view, at, event)
      if (view.painting) return this.goOn(view, at)
      if (view.hold) return this.dragOn(view, at)
      view.pointer = view.held ? null : at
      if (view.held?.dragging && Math.hypot(at.x - view.held.x, at.y - view.held.y) > 4) {
        view.held.moved = true
        put(event, false)
      }
      this.redraw()
    })
    canvas.addEventListener("pointerup", (event) => {
      if (this.mapsOn(view)) return this.releaseMaps(view)
      if (isDrawing()) return this.release(view, place(event))
      if (view.painting) return this.endStroke(view)
      if (view.hold) return this.letGo(view)
      const held = view.held
      view.held = null
      if (!held) return
      put(event, true)
      setTimeout(() => { if (!view.held) { view.ghost = null; this.redraw() } }, 1000)
    })
    canvas.addEventListener("pointercancel", () => { view.held = view.stroke = view.grasped = view.hold = null; view.painting = false; this.redraw() })
    canvas.addEventListener("pointerleave", () => {
      view.pointer = this.spot = null
      if (this.lit) this.hint(view, (this.lit = null))
      this.redraw()
    })
  }

  // ------------------------------------------------------------ taking it home

  // All panels and the caption on one canvas.
  sheet(canvas = document.createElement("canvas"), ratio = window.devicePixelRatio || 1) {
    const box = around(this.views.map((view) => view.canvas.getBoundingClientRect()))
    const type = this.views[0].axes.type
    canvas.width = Math.round(box.width * ratio)
    canvas.height = Math.round((box.height + type * 2) * ratio)
    const ctx = canvas.getContext("2d")
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
    ctx.fillStyle = this.colors.ground
    ctx.fillRect(0, 0, canvas.width, canvas.height)
    for (const view of this.views) {
      const at = view.canvas.getBoundingClientRect()
      ctx.drawImage(view.canvas, at.left - box.left, at.top - box.top, at.width, at.height)
    }
    ctx.fillStyle = this.colors.ink
    ctx.font = `${type}px ${this.font}`
    ctx.fillText(this.caption(), type, box.height + type * 1.2, box.width - 2 * type)
    return canvas
  }

  async save(kind) {
    this.pick("menu").open = false
    this.playing = false
    if (kind === "png") return this.sheet().toBlob((blob) => download(blob, this.fileName("png")))
    const kept = this.at
    const blob = kind === "gif" ? await this.film() : await this.record()
    download(blob, this.fileName(kind))
    this.go(kept)
  }

  fileName(ending) {
    return `dlviz-${this.options.name}-${this.frame}.${ending}`
  }

  paint(frame) {
    this.at = frame
    for (const view of this.views) view.draw(frame, this.turn)
  }

  // At most 120 frames, so that a film stays small enough for a slide.
  async film() {
    const every = Math.max(1, Math.ceil(this.scene.frames / 120))
    const canvas = this.sheet(undefined, 1)
    const film = new Gif(canvas.width, canvas.height)
    for (let frame = 0; frame < this.scene.frames; frame += every) {
      this.paint(frame)
      this.sheet(canvas, 1)
      film.add(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data, (100 * every) / this.scene.fps)
      if (frame % 10 === 0) await new Promise((done) => setTimeout(done))
    }
    return film.blob()
  }

  // Played once in real time into the browser's own recorder.
  async record() {
    const canvas = this.sheet()
    const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: "video/webm" })
    const pieces = []
    recorder.ondataavailable = (event) => pieces.push(event.data)
    const ended = new Promise((done) => { recorder.onstop = done })
    recorder.start()
    const start = performance.now()
    for (let at = 0; at < this.scene.frames - 1;) {
      at = Math.min(this.scene.frames - 1, ((performance.now() - start) / 1000) * this.scene.fps * this.speed)
      this.paint(at)
      this.sheet(canvas)
      await new Promise(requestAnimationFrame)
    }
    await new Promise((done) => setTimeout(done, 200))
    recorder.stop()
    await ended
    return new Blob(pieces, { type: "video/webm" })
  }
}

// The smallest box around some boxes.
function around(boxes) {
  const [left, top] = [Math.min(...boxes.map((b) => b.left)), Math.min(...boxes.map((b) => b.top))]
  const [right, bottom] = [Math.max(...boxes.map((b) => b.right)), Math.max(...boxes.map((b) => b.bottom))]
  return { left, top, width: right - left, height: bottom - top }
}

// Fractional index of a value among rising values.
function place(values, value) {
  const after = values.findIndex((v) => v >= value)
  if (after <= 0) return after === 0 ? 0 : values.length - 1
  return after - (values[after] - value) / (values[after] - values[after - 1])
}

function luminance(color) {
  const probe = document.createElement("canvas").getContext("2d")
  probe.fillStyle = color || "#ffffff"
  const hex = probe.fillStyle.replace("#", "")
  const [r, g, b] = [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function download(blob, name) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10000)
}

const PLAYERS = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  let player = PLAYERS.get(parentElement)
  if (!player) PLAYERS.set(parentElement, (player = new Player(parentElement)))
  player.send = (name, value) => setTriggerValue(name, value)
  const turn = (player.asked = (player.asked ?? 0) + 1)
  unpack(data).then((content) => {
    if (turn === player.asked && player.box.isConnected) player.load(content) // else a later one came first
  })
  return () => { player.close(); PLAYERS.delete(parentElement) }
}
