// Opens an EPUB in foliate-js, the engine of the reading software Foliate, in Chromium, and uses it as a reader does:
//   node read.mjs ORIGIN FOLDER_FOR_SCREENSHOTS > seen.json
// The server has /reader.html, /foliate/ and /book.epub. Prints {faults: [{check, file, at, detail}], and what was
// counted}. A check that fails leaves a screenshot.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { watch, withBrowser } from './chromium.mjs'

const SIZES = [[320, 568], [600, 800], [1024, 768]]

/** In the page: go to each target and see that the reader shows it. Gives faults as [detail, href]. */
const visit = async ({ list, pages }) => {
  const { view } = window
  const flat = items => (items ?? []).flatMap(item => [item, ...flat(item.subitems)])
  const plain = text => text.replace(/[\s\u00ad\u2066-\u2069\u200e\u200f]+/g, ' ').trim()
  const faults = []
  const items = flat(view.book[list]).filter(item => item.href)
  for (const { label, href } of items) {
    const resolved = await view.goTo(href)
    const [{ doc, index } = {}] = view.renderer.getContents()
    if (!resolved || index !== resolved.index) { faults.push([`“${label}” did not open`, href]); continue }
    const fragment = decodeURIComponent(href.split('#')[1] ?? '')
    const target = fragment ? doc.getElementById(fragment) : doc.body.firstElementChild
    if (!target) { faults.push([`“${label}” leads to no element`, href]); continue }
    const box = target.getClientRects()[0] ?? target.getBoundingClientRect(), frame = doc.defaultView.frameElement.getBoundingClientRect()
    const [left, top] = [frame.left + box.left, frame.top + box.top]
    if (left < -1 || left >= innerWidth || top < -1 || top >= innerHeight)
      faults.push([`“${label}” is at ${Math.round(left)}, ${Math.round(top)}, outside the window`, href])
    if (pages) {
      if (!target.matches('[role=doc-pagebreak]')) faults.push([`“${label}” leads to no page break`, href])
      if (target.textContent.trim()) faults.push([`the page break “${label}” holds text`, href])
      if (!target.getAttribute('aria-label')?.includes(label.trim())) faults.push([`the page break “${label}” is labelled “${target.getAttribute('aria-label')}”`, href])
    } else if (!fragment || target.matches('h1, h2, h3, h4, h5, h6')) {
      // An entry says its heading, then who wrote it.
      const heading = plain((target.matches('h1, h2, h3, h4, h5, h6') ? target : doc.querySelector('h1')).textContent)
      if (!plain(label).startsWith(heading)) faults.push([`“${label}” opens “${heading}”`, href])
    }
  }
  return { count: items.length, faults }
}

/** In the page: every note pops up, lies where its link leads, and leads back. */
const followNotes = async () => {
  const { view } = window
  const faults = []
  let count = 0
  const shown = element => {
    const frame = element.ownerDocument.defaultView.frameElement.getBoundingClientRect()
    return [...element.getClientRects()].some(box => {
      const [x, y] = [frame.left + (box.left + box.right) / 2, frame.top + (box.top + box.bottom) / 2]
      return x >= 0 && x < innerWidth && y >= 0 && y < innerHeight
    })
  }
  const follow = link => new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing happened after a click on ${link.outerHTML}`)), 5000)
    const done = () => { clearTimeout(timer); resolve() }
    view.addEventListener('relocate', done, { once: true })
    link.click()
  })
  const popUp = link => new Promise((resolve, reject) => {
    const handler = new FootnoteHandler()
    handler.detectFootnotes = false
    handler.addEventListener('before-render', ({ detail }) => {
      detail.view.style.cssText = 'position: absolute; width: 300px; height: 300px'
      document.body.append(detail.view)
    })
    handler.addEventListener('render', ({ detail }) => {
      const text = detail.view.renderer.getContents()[0].doc.body.textContent.trim()
      setTimeout(() => detail.view.remove())
      resolve({ type: detail.type, hidden: detail.hidden, text })
    })
    view.addEventListener('link', event => {
      const handled = handler.handle(view.book, event)
      if (handled) handled.catch(reject)
      else { event.preventDefault(); resolve({}) }
    }, { once: true })
    link.click()
  })
  for (const index of view.book.sections.keys()) {
    await view.goTo(index)
    const current = () => view.renderer.getContents()[0].doc
    for (const id of [...current().querySelectorAll('[role=doc-noteref]')].map(link => link.id)) {
      count++
      const where = `${view.book.sections[index].id}#${id}`
      try {
        const reference = current().getElementById(id)
        const note = current().getElementById(reference.getAttribute('href').split('#')[1])
        if (!note) { faults.push(['the reference leads to no note', where]); continue }
        const popped = await popUp(reference)
        if (popped.type !== 'footnote' || !popped.hidden || popped.text !== note.textContent.trim())
          faults.push([`the note does not pop up: ${JSON.stringify(popped).slice(0, 200)}`, where])
        await follow(reference)
        if (!shown(note)) faults.push(['the link does not show the note', where])
        const back = [...note.querySelectorAll('[role=doc-backlink]')].find(link => link.getAttribute('href').endsWith(`#${id}`))
        if (!back) { faults.push(['no link leads back', where]); continue }
        await follow(back)
        if (!shown(reference)) faults.push(['the link back does not show the reference', where])
      } catch (error) {
        faults.push([String(error), where])
      }
    }
  }
  return { count, faults }
}

/** In the page: from the first page to the last, a page at a time. */
const turnPages = async () => {
  const { view } = window
  await view.goTo(0)
  const seen = [0]
  let pages = 1
  for (let before = null; pages < 5000; pages++) {
    await view.next()
    const now = view.lastLocation?.cfi
    const { index } = view.renderer.getContents()[0]
    if (index !== seen.at(-1)) seen.push(index)
    if (now === before) break
    before = now
  }
  const expected = [...view.book.sections.keys()].filter(n => view.book.sections[n].linear !== 'no')
  const faults = String(seen) === String(expected) ? [] : [[`the documents came as ${seen}, not as ${expected}`, '']]
  return { count: pages, faults }
}

/** In the page: in scrolled flow no document is wider than the window. */
const measure = async () => {
  const { view } = window
  view.renderer.setAttribute('flow', 'scrolled')
  const faults = []
  for (const index of view.book.sections.keys()) {
    await view.goTo(index)
    const { doc } = view.renderer.getContents()[0]
    const { id } = view.book.sections[index]
    const frame = doc.defaultView.frameElement.getBoundingClientRect()
    if (frame.width > innerWidth + 1) faults.push([`the document is ${frame.width} px wide in ${innerWidth} px`, id])
    const wide = doc.documentElement.scrollWidth
    if (wide > frame.width + 1) faults.push([`${wide} px of content in ${frame.width} px`, id])
  }
  view.renderer.removeAttribute('flow')
  return { count: view.book.sections.length, faults }
}

const [origin, folder] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const seen = { faults: [] }
await withBrowser(async browser => {
  const page = await browser.newPage()
  watch(page, origin, seen.faults)
  const step = async (check, at, work, argument) => {
    const { count, faults } = await page.evaluate(work, argument)
    seen[at ? `${check} ${at}` : check] = count
    for (const [detail, file] of faults) seen.faults.push({ check, file, at, detail })
    if (faults.length) await page.screenshot({ path: join(folder, `foliate-${check}-${at || 'page'}.png`) })
  }
  await page.setViewport({ width: 600, height: 800 })
  await page.goto(`${origin}/reader.html`)
  await page.evaluate(() => window.opened.then(() => {}))
  seen.title = await page.evaluate(() => window.view.book.metadata.title)
  await step('toc', '', visit, { list: 'toc' })
  await step('page-list', '', visit, { list: 'pageList', pages: true })
  await step('notes', '', followNotes)
  await step('turning', '', turnPages)
  for (const [width, height] of SIZES) {
    await page.setViewport({ width, height })
    await step('scrolled', `${width}`, measure)
  }
  if (process.env.PUBKIT_SCREENSHOTS === 'all')
    for (const scheme of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }])
      for (const [width, height] of SIZES) {
        await page.setViewport({ width, height })
        for (const index of [0, 1, 2, 4, 9]) {
          await page.evaluate(n => window.view.goTo(n), index)
          await page.screenshot({ path: join(folder, `foliate-${index}-${width}-${scheme}.png`) })
        }
      }
    }
})
process.stdout.write(JSON.stringify(seen))
