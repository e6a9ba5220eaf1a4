// How Chromium is started by these programs: Debian's, headless, with nothing that calls home.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer from 'puppeteer-core'

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
]

/** Run `work(browser)` in a browser of its own with an empty profile; gives back what work gives. */
export const withBrowser = async work => {
  const profile = mkdtempSync(join(tmpdir(), 'pubkit-chromium-'))
  const browser = await puppeteer.launch({
    executablePath: process.env.PUPPETEER_EXECUTABLE_PATH,
    userDataDir: profile,
    args: FLAGS,
    protocolTimeout: 120_000,
  })
  try {
    return await work(browser)
  } finally {
    await browser.close()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Add to `faults` whatever goes wrong in a page by itself: script errors, failed loads, any address but the server's. */
export const watch = (page, origin, faults) => {
  const add = (check, detail) => faults.push({ check, file: page.url().replace(origin, ''), detail })
  page.on('pageerror', error => add('script', String(error)))
  page.on('console', message => {
    // Debian's Chromium asks for /favicon.ico by itself.
    if (message.type() === 'error' && !message.location().url?.endsWith('/favicon.ico')) add('console', message.text())
  })
  page.on('requestfailed', request => {
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') add('load', `${request.url()} ${request.failure()?.errorText}`)
  })
  page.on('request', request => {
    if (!request.url().startsWith(origin) && /^(https?|wss?|ftp):/.test(request.url())) add('address', request.url())
  })
}
