// A small grid of number fields, for a matrix typed by hand. Python hears of it ("type") once a
// field is left or Enter is pressed.

function build(box, { rows, columns, label, low, high }) {
  box.querySelector(".label").textContent = label
  const grid = box.querySelector(".grid")
  grid.style.setProperty("--columns", columns)
  grid.setAttribute("aria-label", label)
  grid.replaceChildren(...Array.from({ length: rows * columns }, (_, i) => {
    const field = document.createElement("input")
    Object.assign(field, { type: "text", inputMode: "decimal", autocomplete: "off" })
    field.setAttribute("aria-label", `row ${Math.floor(i / columns) + 1}, column ${(i % columns) + 1}`)
    field.title = `${low} to ${high}`
    return field
  }))
}

const short = (value) => String(Number(value.toPrecision(4))).replace("-", "−")
const read = (text) => Number(text.trim().replace(/^[−–]/, "-").replace(",", "."))

export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".number-grid")
  const shape = JSON.stringify([data.rows, data.columns, data.label])
  if (box.dataset.shape !== shape) build(box, data)
  box.dataset.shape = shape
  const fields = [...box.querySelectorAll("input")]
  const root = box.getRootNode()
  const shown = (i) => short(data.values[i])
  fields.forEach((field, i) => {
    if (field !== root.activeElement || read(field.value) !== data.values[i]) field.value = shown(i)
    field.onchange = () => {
      const typed = read(field.value)
      if (!field.value.trim() || !Number.isFinite(typed)) return void (field.value = shown(i))
      const within = Math.min(data.high, Math.max(data.low, typed))
      field.value = short(within)
      if (within === data.values[i]) return
      data.values[i] = within
      setTriggerValue("type", data.values)
    }
    field.onfocus = () => field.select()
    field.onkeydown = (event) => {
      event.stopPropagation() // arrows and digits are the player's elsewhere
      const step = { ArrowUp: -data.columns, ArrowDown: data.columns }[event.key]
      if (step) fields[i + step]?.focus()
    }
  })
}
