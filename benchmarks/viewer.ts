import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { exactQuantile } from '../observability/comparison/statistics/exact-quantile.ts'
import { openBrowser } from '../observability/viewer/browser/testing/open-browser.ts'
import { sendTelemetry, startViewer } from '../observability/viewer/browser/testing/start-viewer.ts'
import { buildTraces } from '../observability/viewer/browser/testing/synthetic-traces.ts'
import { buildViewer, viewerFolder } from '../observability/viewer/build.ts'

// What the page weighs, how long its building takes, how long a browser takes to the first row of the list of traces
// with few and with many of them stored, and how many frames are late while that list is scrolled from end to end:
// beside an empty element of the same height, because the machine is late for some by itself. Needs Chromium.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    traces: { type: 'string', default: '10000' },
  },
})
const rounds = Number(values.rounds)
const traceCount = Number(values.traces)
const fewTraces = 20

rmSync(viewerFolder, { recursive: true, force: true })
const buildMillis = await time(buildViewer)
const againMillis = await time(buildViewer)
process.stdout.write(
  `build from nothing ${buildMillis.toFixed(0)} ms, when nothing has changed ${againMillis.toFixed(0)} ms\n\n`,
)
printSizes()

await using browser = await openBrowser()
await using few = await startViewer()
await using many = await startViewer()
for (const groups of buildTraces(fewTraces, Date.now())) await sendTelemetry(few, groups)
for (const groups of buildTraces(traceCount, Date.now())) await sendTelemetry(many, groups)

const firstRow = new Map<string, number[]>([
  [`${fewTraces} traces`, []],
  [`${traceCount} traces`, []],
])
for (let round = 0; round <= rounds; round += 1) {
  for (const [index, [name, { url }]] of [
    [`${fewTraces} traces`, few] as const,
    [`${traceCount} traces`, many] as const,
  ].entries()) {
    const millis = await measureFirstRow(url)
    // The first round finds an empty cache, and code that is not compiled yet.
    if (round === 0)
      process.stdout.write(
        index === 0 ? `cold, ${name}: first row after ${millis.toFixed(0)} ms\n` : '',
      )
    else firstRow.get(name)?.push(millis)
  }
}
for (const [name, millis] of firstRow) printMillis(`first row with ${name}`, millis)

const { page } = await browser.open(`${many.url}/traces`, { height: 900 })
await loadAll(page)
const late: Record<'list' | 'empty', number[]> = { list: [], empty: [] }
let longest = 0
for (let round = 0; round < rounds; round += 1) {
  for (const kind of ['empty', 'list'] as const) {
    const frames = await scroll(page, kind)
    late[kind].push((frames.filter((millis) => millis > 25).length / frames.length) * 100)
    if (kind === 'list') longest = Math.max(longest, ...frames)
  }
}
process.stdout.write(
  `\nlate frames (over 25 ms) while ${traceCount} rows are scrolled from end to end in 4 s, live\n`,
)
process.stdout.write(
  `  empty element ${median(late.empty).toFixed(1)} %, list ${median(late.list).toFixed(1)} %; longest frame ${longest.toFixed(0)} ms\n`,
)

function printSizes(): void {
  process.stdout.write('file                              bytes   gzip  brotli\n')
  const folder = join(viewerFolder, 'assets')
  for (const name of readdirSync(folder).sort()) {
    const bytes = readFileSync(join(folder, name))
    const sizes = [bytes, gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes)]
    process.stdout.write(
      `${name.padEnd(30)}${sizes.map(({ length }) => String(length).padStart(8)).join('')}\n`,
    )
  }
  process.stdout.write('\n')
}

/** From the navigation to the first row in the document, in milliseconds. */
async function measureFirstRow(url: string): Promise<number> {
  const opened = await browser.open(`${url}/logs`)
  await opened.page.addInitScript(`
    new MutationObserver((_, observer) => {
      if (document.querySelector('.row-link') === null) return
      window.firstRowMillis = performance.now()
      observer.disconnect()
    }).observe(document, { childList: true, subtree: true })`)
  await opened.page.goto(`${url}/traces`)
  await opened.page.waitForSelector('.row-link')
  const millis = Number(await opened.page.evaluate('window.firstRowMillis'))
  await opened.page.close()
  return millis
}

/** Scrolls until the list has all of them; not by `waitForFunction`, which the page's policy forbids. */
async function loadAll(opened: Page): Promise<void> {
  await opened.waitForSelector('.row-link')
  for (let tries = 0; tries < 600; tries += 1) {
    const count = await opened.evaluate(`(() => {
      const list = document.querySelector('.trace-table')
      list.scrollTop = list.scrollHeight
      return list.getAttribute('aria-rowcount')
    })()`)
    if (count === String(traceCount + 1)) return
    await opened.waitForTimeout(50)
  }
  throw new Error(`expected ${traceCount} rows after scrolling to the end`)
}

/** Milliseconds between frames while something is scrolled from its top to its end in 4 seconds. */
async function scroll(opened: Page, kind: 'list' | 'empty'): Promise<readonly number[]> {
  const frames: unknown = await opened.evaluate(`new Promise((resolve) => {
    const list = document.querySelector('.trace-table')
    let target = list
    if ('${kind}' === 'empty') {
      target = document.createElement('div')
      target.style.cssText = 'position:fixed;inset:60px 20px 40px;overflow:auto;background:white;z-index:9'
      target.append(document.createElement('div'))
      target.firstChild.style.height = list.scrollHeight + 'px'
      document.body.append(target)
    }
    const frames = []
    const begin = performance.now()
    let last = begin
    requestAnimationFrame(function step(now) {
      frames.push(now - last)
      last = now
      const part = (performance.now() - begin) / 4000
      target.scrollTop = part * (target.scrollHeight - target.clientHeight)
      if (part < 1) return requestAnimationFrame(step)
      if (target !== list) target.remove()
      resolve(frames.slice(2))
    })
  })`)
  return Array.isArray(frames) ? frames.map(Number) : []
}

async function time(task: () => Promise<unknown>): Promise<number> {
  const since = performance.now()
  await task()
  return performance.now() - since
}

function median(numbers: readonly number[]): number {
  return exactQuantile(numbers, 0.5) ?? Number.NaN
}

function printMillis(name: string, millis: readonly number[]): void {
  const worst = Math.max(...millis)
  process.stdout.write(
    `${name}: median ${median(millis).toFixed(0)} ms, worst ${worst.toFixed(0)} ms\n`,
  )
}
