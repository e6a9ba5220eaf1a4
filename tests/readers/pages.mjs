// Opens each XHTML document of an unpacked EPUB directly in Chromium and measures it:
//   node pages.mjs ORIGIN FOLDER_FOR_SCREENSHOTS PATH... > faults.json
// Prints [{check, file, at, detail}, ...]. A screenshot is kept for each document and size with a fault;
// with PUBKIT_SCREENSHOTS=all for every one.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { watch, withBrowser } from './chromium.mjs'

const SIZES = [[320, 568], [600, 800], [1024, 768]]
// What a reading system does for each theme; at night the text has no colour of ours to stand in the way.
const THEMES = {
  light: { scheme: 'light', css: 'html { color-scheme: light }' },
  dark: { scheme: 'dark', css: 'html { color-scheme: dark }' },
  sepia: { scheme: 'light', css: 'html { background: #f4ecd8; color: #433422 }' },
}

/** In the page: what reaches over the edge, and what is too big. */
const measureLayout = () => {
  const faults = []
  const width = document.documentElement.clientWidth, height = innerHeight
  const name = element => `<${element.localName} id="${element.id}" class="${element.className?.baseVal ?? element.className}">`
  const scrolls = element => {
    for (let each = element.parentElement; each && each !== document.body; each = each.parentElement)
      if (/auto|scroll|hidden/.test(getComputedStyle(each).overflowX)) return true
    return false
  }
  const wide = document.scrollingElement.scrollWidth
  if (wide > width) faults.push({ check: 'horizontal-scroll', detail: `${wide} px of content in ${width} px` })
  for (const element of document.body.querySelectorAll('*')) {
    if (element.localName === 'img' && !(element.complete && element.naturalWidth))
      faults.push({ check: 'image-broken', detail: element.getAttribute('src') })
    const box = element.getBoundingClientRect()
    if (!box.width || !box.height) continue
    if ((box.right > width + 1 || box.left < -1) && !scrolls(element))
      faults.push({ check: 'over-the-edge', detail: `${name(element)} from ${Math.round(box.left)} to ${Math.round(box.right)} of ${width} px` })
    if (['img', 'svg', 'image'].includes(element.localName) && !element.parentElement.closest('svg')) {
      if (box.width > width + 1 || box.height > height + 1)
        faults.push({ check: 'image-too-big', detail: `${element.getAttribute('src')} is ${Math.round(box.width)} × ${Math.round(box.height)} of ${width} × ${height} px` })
      const [w, h] = [element.naturalWidth, element.naturalHeight]
      if (w && h && Math.abs(box.width / box.height / (w / h) - 1) > 0.03 && getComputedStyle(element).objectFit === 'fill')
        faults.push({ check: 'image-distorted', detail: `${element.getAttribute('src')} ${w} × ${h} shown ${Math.round(box.width)} × ${Math.round(box.height)}` })
    }
  }
  return faults
}

/** In the page: the contrast of every piece of text against what lies under it (WCAG 2.2, 1.4.3). */
const measureContrast = canvas => {
  const context = Object.assign(document.createElementNS('http://www.w3.org/1999/xhtml', 'canvas'), { width: 1, height: 1 })
    .getContext('2d', { willReadFrequently: true })
  const rgba = colour => {
    context.clearRect(0, 0, 1, 1)
    context.fillStyle = colour
    context.fillRect(0, 0, 1, 1)
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data
    return [r, g, b, a / 255]
  }
  const over = ([r, g, b, a], under) => [r, g, b].map((value, n) => value * a + under[n] * (1 - a))
  const luminance = colour => {
    const [r, g, b] = colour.map(value => value / 255).map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ratio = (one, other) => {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a)
    return (high + 0.05) / (low + 0.05)
  }
  const faults = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement
    const range = document.createRange()
    range.selectNodeContents(node)
    if (!node.data.trim() || !range.getClientRects().length || getComputedStyle(element).visibility === 'hidden') continue
    const chain = []
    for (let each = element; each; each = each.parentElement) chain.unshift(getComputedStyle(each))
    let ground = rgba(canvas).slice(0, 3)
    for (const style of chain) {
      ground = over(rgba(style.backgroundColor), ground)
      if (style.backgroundImage !== 'none') faults.push({ check: 'background-image', detail: style.backgroundImage })
    }
    const style = chain.at(-1)
    const colour = rgba(style.color)
    colour[3] *= chain.reduce((opacity, each) => opacity * Number(each.opacity), 1)
    const size = parseFloat(style.fontSize)
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    const found = ratio(over(colour, ground), ground)
    if (found < (large ? 3 : 4.5))
      faults.push({ check: 'contrast', detail: `${found.toFixed(2)}:1 for “${node.data.trim().slice(0, 40)}” in <${element.localName} class="${element.className}">, ${style.color} on rgb(${ground.map(Math.round)})` })
  }
  return faults
}

/** In the page: faces that failed to load; the elements which hold text of their own are marked for the next step. */
const measureFonts = async () => {
  await document.fonts.ready
  const faults = []
  for (const face of document.fonts)
    if (face.status === 'error') faults.push({ check: 'font-error', detail: `${face.family} ${face.weight} ${face.style}` })
  const texts = []
  for (const element of document.body.querySelectorAll('*')) {
    if (element.closest('math')) continue // no book embeds a font for mathematics as big as that
    const own = [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data).join('').trim()
    if (!own || !element.getClientRects().length) continue
    element.setAttribute('data-measured', '')
    texts.push(own)
  }
  return { faults, texts }
}

/** Text that Chromium drew with a font of the machine instead of one of the book's. */
const findFallbacks = async (page, texts) => {
  const faults = []
  const client = await page.createCDPSession()
  await client.send('DOM.enable')
  await client.send('CSS.enable')
  const { root } = await client.send('DOM.getDocument')
  const { nodeIds } = await client.send('DOM.querySelectorAll', { nodeId: root.nodeId, selector: '[data-measured]' })
  const answers = await Promise.all(nodeIds.map(nodeId => client.send('CSS.getPlatformFontsForNode', { nodeId })))
  for (const [number, { fonts }] of answers.entries()) {
    const strange = fonts.filter(font => !font.isCustomFont && font.glyphCount)
    if (!strange.length) continue
    const names = strange.map(font => `${font.familyName}: ${font.glyphCount} glyphs`)
    faults.push({ check: 'font-fallback', detail: `${names} in “${texts[number].slice(0, 60)}”` })
  }
  await client.detach()
  return faults
}

const measure = async (page, origin, path, folder, faults) => {
  const response = await page.goto(origin + path, { waitUntil: 'load' })
  if (!response.ok()) faults.push({ check: 'load', file: path, at: '', detail: String(response.status()) })
  const add = (at, found) => found.forEach(({ check, detail }) => faults.push({ check, file: path, at, detail }))
  const fonts = await page.evaluate(measureFonts)
  add('', [...fonts.faults, ...await findFallbacks(page, fonts.texts)])
  await page.evaluate(() => document.head.append(Object.assign(
    document.createElementNS('http://www.w3.org/1999/xhtml', 'style'), { id: 'reading-system' })))
  for (const [width, height] of SIZES) {
    await page.setViewport({ width, height })
    for (const [theme, { scheme, css }] of Object.entries(THEMES)) {
      if (theme === 'sepia' && width !== SIZES[0][0]) continue
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
      await page.evaluate(text => { document.getElementById('reading-system').textContent = text }, css)
      const before = faults.length
      // #121212 is what Chromium paints where color-scheme is dark.
      add(`${width} ${theme}`, await page.evaluate(measureContrast, theme === 'dark' ? '#121212' : '#ffffff'))
      if (theme === 'light') add(`${width}`, await page.evaluate(measureLayout))
      if (faults.length > before || process.env.PUBKIT_SCREENSHOTS === 'all')
        await page.screenshot({
          path: join(folder, `${path.split('/').pop().replace(/\W+/g, '-')}-${width}-${theme}.png`), fullPage: true,
        })
    }
  }
}

const [origin, folder, ...paths] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const faults = []
await withBrowser(async browser => {
  for (const path of paths) {
    const page = await browser.newPage()
    watch(page, origin, faults)
    await measure(page, origin, path, folder, faults)
    await page.close()
  }
})
process.stdout.write(JSON.stringify(faults))
