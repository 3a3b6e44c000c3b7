// A plotly figure that is changed in place, so that its camera and zoom stay as they are.

let library = null

function plotly() {
  library ??= new Promise((done, failed) => {
    const script = document.createElement("script")
    script.src = new URL("app/static/plotly-gl3d.min.js", document.baseURI)
    script.onload = () => done(globalThis.Plotly)
    script.onerror = () => failed(new Error("the chart library could not be loaded"))
    document.head.append(script)
  })
  return library
}

export default function ({ data, parentElement }) {
  const place = parentElement.querySelector(".chart")
  const figure = JSON.parse(data.figure)
  let gone = false
  place.setAttribute("aria-label", data.alt)
  plotly().then((library) => {
    if (!gone) library.react(place, figure.data, figure.layout, { responsive: true, displaylogo: false, scrollZoom: false })
  })
  return () => {
    gone = true
    globalThis.Plotly?.purge(place)
  }
}
