// ---------------------------------------------------------------- GIF
// A small encoder after the GIF89a specification (CompuServe, 1990): a fixed palette of
// 6 x 7 x 6 colors, so that every frame shares one table, and LZW with clear codes.

class Gif {
  constructor(width, height) {
    this.width = width
    this.height = height
    this.bytes = []
    this.text("GIF89a")
    this.short(width)
    this.short(height)
    this.bytes.push(0xf7, 0, 0) // a global table of 256 colors
    for (let i = 0; i < 256; i++) {
      const [r, g, b] = [Math.floor(i / 42), Math.floor(i / 6) % 7, i % 6]
      this.bytes.push(Math.min(255, r * 51), Math.round(g * 42.5), b * 51)
    }
    this.bytes.push(0x21, 0xff, 11)
    this.text("NETSCAPE2.0")
    this.bytes.push(3, 1, 0, 0, 0) // play for ever
  }

  text(words) { for (const letter of words) this.bytes.push(letter.charCodeAt(0)) }
  short(value) { this.bytes.push(value & 255, (value >> 8) & 255) }

  // One frame of RGBA pixels, shown for `delay` hundredths of a second.
  add(pixels, delay) {
    this.bytes.push(0x21, 0xf9, 4, 0)
    this.short(Math.max(2, Math.round(delay)))
    this.bytes.push(0, 0, 0x2c)
    for (const value of [0, 0, this.width, this.height]) this.short(value)
    this.bytes.push(0, 8)
    const packed = lzw(indices(pixels))
    for (let at = 0; at < packed.length; at += 255) {
      const block = packed.slice(at, at + 255)
      this.bytes.push(block.length)
      for (const byte of block) this.bytes.push(byte)
    }
    this.bytes.push(0)
  }

  blob() { return new Blob([new Uint8Array([...this.bytes, 0x3b])], { type: "image/gif" }) }
}

function indices(pixels) {
  const out = new Uint8Array(pixels.length / 4)
  for (let i = 0; i < out.length; i++) {
    const [r, g, b] = [pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2]]
    out[i] = Math.round(r / 51) * 42 + Math.round(g / 42.5) * 6 + Math.round(b / 51)
  }
  return out
}

function lzw(codes) {
  const [clear, end] = [256, 257]
  const out = []
  let [bits, count, size, next] = [0, 0, 9, 258]
  let table = new Map()
  const put = (code) => {
    bits |= code << count
    count += size
    while (count >= 8) { out.push(bits & 255); bits >>>= 8; count -= 8 }
  }
  put(clear)
  let run = codes[0]
  for (let i = 1; i < codes.length; i++) {
    const key = run * 256 + codes[i]
    if (table.has(key)) { run = table.get(key); continue }
    put(run)
    if (next < 4096) {
      if (next === 1 << size) size++
      table.set(key, next++)
    } else {
      put(clear)
      table = new Map()
      ;[size, next] = [9, 258]
    }
    run = codes[i]
  }
  put(run)
  put(end)
  if (count) out.push(bits & 255)
  return out
}
