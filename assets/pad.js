// The pad: a grid of cells painted by mouse, finger and keyboard.
//
// Its text is a hexadecimal digit for each cell (see dlviz/drawn.py). Python hears of it once a
// stroke is over ("paint"); until its answer comes, the pad shows what the hand did.

const FULL = 15
const MARKUP = `
<div class="pad">
  <div class="label" id="label"></div>
  <div class="grid" role="grid" tabindex="0" aria-labelledby="label" aria-describedby="help"></div>
  <div class="tools">
    <label class="brush">Brush <select aria-label="What the brush paints"></select></label>
    <button type="button" class="erase" aria-pressed="false">Erase</button>
    <span class="said" role="status"></span>
  </div>
  <p class="help" id="help">Arrow keys move, space paints, Delete erases, digits paint their shade.</p>
</div>`

class Pad {
  constructor(root) {
    const holder = root.querySelector(".dlviz-pad")
    holder.innerHTML = MARKUP // words of our own only
    this.box = holder.firstElementChild
    this.box.pad = this // for tests and the console
    this.grid = this.box.querySelector(".grid")
    this.erase = this.box.querySelector(".erase")
    this.brush = this.box.querySelector("select")
    this.at = 0 // the cell that the keyboard is on
    this.sent = [] // texts that Python has not answered yet
    this.listen()
  }

  // ------------------------------------------------------------ from Python

  load(data) {
    const shape = JSON.stringify([data.rows, data.columns, data.levels, data.numbers, data.soft])
    this.data = data
    this.box.querySelector(".label").textContent = data.label
    if (shape !== this.shape) this.build()
    this.shape = shape
    const answered = this.sent.indexOf(data.text)
    if (this.stroke) return // the hand is faster: its text is sent when it lets go
    if (answered >= 0 && answered < this.sent.length - 1) return void this.sent.splice(0, answered + 1)
    this.sent = []
    this.show([...data.text.padEnd(this.cells.length, "0")].map((digit) => parseInt(digit, 16)))
  }

  build() {
    const { rows, columns, levels, numbers, soft } = this.data
    this.levels = Array.from({ length: levels }, (_, i) => Math.round((i * FULL) / (levels - 1)))
    this.sent = []
    this.stroke = null
    this.at = Math.min(this.at, rows * columns - 1)
    this.grid.style.setProperty("--columns", columns)
    this.grid.style.aspectRatio = `${columns} / ${rows}`
    this.grid.classList.toggle("fine", columns > 16)
    this.grid.setAttribute("aria-rowcount", rows)
    this.grid.setAttribute("aria-colcount", columns)
    this.values = []
    this.grid.replaceChildren(...Array.from({ length: rows }, (_, row) => {
      const line = document.createElement("div")
      line.setAttribute("role", "row")
      line.append(...Array.from({ length: columns }, (_, column) => {
        const cell = document.createElement("div")
        cell.id = `cell-${row * columns + column}`
        cell.setAttribute("role", "gridcell")
        return cell
      }))
      return line
    }))
    this.cells = [...this.grid.querySelectorAll("[role=gridcell]")]
    const kept = Number(this.brush.value)
    this.brush.replaceChildren(...this.levels.slice(1).map((level) => new Option(numbers ? level : `${Math.round((100 * level) / FULL)} %`, level)))
    this.brush.value = this.levels.includes(kept) && kept ? kept : numbers ? this.levels[1] : FULL
    this.box.querySelector(".brush").hidden = levels === 2 || soft
    this.mark()
  }

  // ------------------------------------------------------------ what is seen

  show(values) {
    values.forEach((value, i) => { if (value !== this.values[i]) this.paintCell(i, value) })
    this.tell()
  }

  paintCell(i, value) {
    const { columns, numbers } = this.data
    const cell = this.cells[i]
    this.values[i] = value
    cell.style.setProperty("--ink", `${(100 * value) / FULL}%`)
    cell.classList.toggle("dark", value > 7)
    if (numbers) cell.textContent = value
    const words = numbers ? value : `${Math.round((100 * value) / FULL)} %`
    cell.setAttribute("aria-label", `row ${Math.floor(i / columns) + 1}, column ${(i % columns) + 1}: ${words}`)
  }

  tell() {
    const painted = this.values.filter((value) => value > 0).length
    this.box.querySelector(".said").textContent = `${painted} of ${this.values.length} painted`
  }

  // Show where the keyboard is.
  mark() {
    this.cells.forEach((cell, i) => cell.classList.toggle("here", i === this.at))
    this.grid.setAttribute("aria-activedescendant", this.cells[this.at].id)
  }

  // ------------------------------------------------------------ hands

  get erasing() { return this.erase.getAttribute("aria-pressed") === "true" }

  listen() {
    this.erase.addEventListener("click", () => this.erase.setAttribute("aria-pressed", !this.erasing))
    this.grid.addEventListener("pointerdown", (event) => this.begin(event))
    this.grid.addEventListener("pointermove", (event) => {
      if (!this.stroke) return
      const events = event.getCoalescedEvents?.() ?? []
      for (const each of events.length ? events : [event]) this.reach(this.place(each))
    })
    this.grid.addEventListener("pointerup", () => this.end())
    this.grid.addEventListener("pointercancel", () => this.end())
    this.grid.addEventListener("keydown", (event) => this.key(event))
  }

  // Where a pointer is, in cells from the top left.
  place(event) {
    const box = this.grid.getBoundingClientRect()
    return {
      x: ((event.clientX - box.left) / box.width) * this.data.columns,
      y: ((event.clientY - box.top) / box.height) * this.data.rows,
    }
  }

  begin(event) {
    if (event.button !== 0) return
    event.preventDefault()
    this.grid.focus({ preventScroll: true })
    this.grid.setPointerCapture(event.pointerId)
    const at = this.place(event)
    const level = Number(this.brush.value)
    // A press on what has the brush's shade already takes it away, as in a grid of on and off.
    const again = !this.data.soft && this.values[this.cellAt(at)] === level
    this.stroke = { last: at, level: this.erasing || again ? 0 : level }
    this.reach(at)
  }

  cellAt({ x, y }) {
    const { rows, columns } = this.data
    return x < 0 || y < 0 || x >= columns || y >= rows ? -1 : Math.floor(y) * columns + Math.floor(x)
  }

  // Paint the way from where the hand was, so that fast strokes have no gaps.
  reach(to) {
    const { last } = this.stroke
    const steps = Math.max(1, Math.ceil(3 * Math.hypot(to.x - last.x, to.y - last.y)))
    for (let i = 1; i <= steps; i++) this.dab({ x: last.x + ((to.x - last.x) * i) / steps, y: last.y + ((to.y - last.y) * i) / steps })
    this.stroke.last = to
    const cell = this.cellAt(to)
    if (cell >= 0) { this.at = cell; this.mark() }
  }

  dab(at) {
    const { level } = this.stroke
    if (!this.data.soft) {
      const cell = this.cellAt(at)
      if (cell >= 0 && this.values[cell] !== level) this.paintCell(cell, level)
      return
    }
    const { rows, columns } = this.data
    const full = this.levels.at(-1)
    for (let row = Math.max(0, Math.floor(at.y) - 2); row < Math.min(rows, at.y + 2); row++)
      for (let column = Math.max(0, Math.floor(at.x) - 2); column < Math.min(columns, at.x + 2); column++) {
        const far = Math.hypot(column + 0.5 - at.x, row + 0.5 - at.y)
        const part = Math.min(1, Math.max(0, 1.7 - far)) // full within 0.7 of a cell, none from 1.7 on
        const i = row * columns + column
        const value = level ? Math.max(this.values[i], this.nearest(part * full)) : part > 0.3 ? 0 : this.values[i]
        if (value !== this.values[i]) this.paintCell(i, value)
      }
  }

  nearest(value) {
    return this.levels.reduce((best, each) => (Math.abs(each - value) < Math.abs(best - value) ? each : best))
  }

  end() {
    if (!this.stroke) return
    this.stroke = null
    this.send()
  }

  send() {
    const text = this.values.some(Boolean) ? this.values.map((value) => value.toString(16)).join("") : ""
    this.tell()
    if (text === (this.sent.at(-1) ?? this.data.text)) return
    this.sent.push(text)
    this.hear(text)
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { rows, columns } = this.data
    const [row, column] = [Math.floor(this.at / columns), this.at % columns]
    const moves = {
      ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column], Home: [row, 0], End: [row, columns - 1],
    }
    const to = moves[event.key]
    const level = this.wanted(event.key)
    if (!to && level === null) return
    event.preventDefault()
    event.stopPropagation() // arrows and space are the player's elsewhere
    if (to && to[0] >= 0 && to[1] >= 0 && to[0] < rows && to[1] < columns) {
      this.at = to[0] * columns + to[1]
      this.mark()
    }
    if (level === null) return
    this.paintCell(this.at, level)
    this.tell()
    clearTimeout(this.typed) // of keys in a row Python hears the last
    this.typed = setTimeout(() => this.send(), 350)
  }

  // The shade that a key paints on the cell of the keyboard, or null.
  wanted(key) {
    if (key === "Delete" || key === "Backspace") return 0
    const level = Number(this.brush.value)
    if (key === " ") return this.erasing || this.values[this.at] === level ? 0 : level
    return /^[0-9a-fA-F]$/.test(key) ? this.nearest(this.levels.length === 2 && key !== "0" ? FULL : parseInt(key, 16)) : null
  }
}

const PADS = new WeakMap()

export default function ({ data, parentElement, setTriggerValue }) {
  let pad = PADS.get(parentElement)
  if (!pad) PADS.set(parentElement, (pad = new Pad(parentElement)))
  pad.hear = (text) => setTriggerValue("paint", text)
  pad.load(data)
  return () => { clearTimeout(pad.typed); PADS.delete(parentElement) }
}
