// Ace by DAISY over several EPUBs in one process:
//   node ace.mjs BOOK.epub... > faults.json
// Prints {"BOOK.epub": [fault, ...]}: each with rule, impact, file, snippet, and what is wrong.
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const require = createRequire(import.meta.url)
const ace = require('@daisy/ace-core')
const logger = require('@daisy/ace-logger')
const runner = require('@daisy/ace-axe-runner-puppeteer')

const text = value => (typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '')

/** The faults of a report, flat: the package document's and each content document's. */
const faultsOf = report => {
  const found = (report.assertions ?? []).flatMap(document =>
    (document.assertions ?? []).map(assertion => ({
      rule: assertion['earl:test']?.['dct:title'] ?? '',
      impact: assertion['earl:test']?.['earl:impact'] ?? '',
      file: document['earl:testSubject']?.url ?? '',
      snippet: text(assertion['earl:result']?.html),
      what: text(assertion['earl:result']?.['dct:description']),
    })))
  const metadata = report['a11y-metadata'] ?? {}
  for (const kind of ['missing', 'empty'])
    for (const name of metadata[kind] ?? [])
      found.push({ rule: `a11y-metadata-${kind}`, impact: 'serious', file: 'package document', snippet: name, what: kind })
  return found
}

const folder = mkdtempSync(join(tmpdir(), 'pubkit-ace-'))
logger.initLogger({ verbose: false, silent: true, fileName: join(folder, 'ace.log') })
try {
  const faults = {}
  for (const [number, book] of process.argv.slice(2).entries()) {
    const [, report] = await ace(book, { cwd: process.cwd(), outdir: join(folder, String(number)), jobid: book }, runner)
    if (!report?.assertions || !report['earl:result']) throw new Error(`no report for ${book}`)
    faults[book] = faultsOf(report)
    if (report['earl:result']['earl:outcome'] !== 'pass' && !faults[book].length)
      faults[book].push({ rule: 'outcome', impact: '', file: '', snippet: JSON.stringify(report['earl:result']), what: '' })
  }
  process.stdout.write(JSON.stringify(faults))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
