import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

/** A browser without a past, closed and forgotten at the end of the block. */
export type OpenBrowser = AsyncDisposable & {
  /** A page at an address, watched for what must not happen. */
  open(url: string, options?: PageOptions): Promise<WatchedPage>
}

export type PageOptions = {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
  /** The system takes all colours, for contrast. */
  readonly forcedColors?: boolean
  /** Defaults to less of it, which also keeps screenshots the same. */
  readonly moves?: boolean
  /** Such as `Asia/Kathmandu`; the machine's own by default. */
  readonly timeZone?: string
  /** Milliseconds that each answer takes longer; 0 by default. */
  readonly latencyMillis?: number
}

export type WatchedPage = {
  readonly page: Page
  /** Requests under way, at the most at one time so far. */
  readonly busiest: { readonly requests: number }
  /** Errors on the console, exceptions, violations of the Content-Security-Policy, a line each. */
  readonly errors: readonly string[]
  /** Requests to anything but where the page came from. */
  readonly foreignRequests: readonly string[]
}

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/**
 * Starts Chromium: the one that `CHROME` names, or Debian's.
 *
 * @param flags Beside those that every test needs.
 * @throws Error that says how to get one.
 */
export async function openBrowser(flags: readonly string[] = []): Promise<OpenBrowser> {
  const executablePath = process.env.CHROME || programs.find((path) => existsSync(path))
  if (executablePath === undefined) {
    throw new Error('no Chromium found: `apt-get install chromium`, or name one by CHROME=path')
  }
  const folder = await mkdtemp(join(tmpdir(), 'viewer-browser-'))
  const context = await chromium.launchPersistentContext(folder, {
    executablePath,
    headless: true,
    args: [
      // Root, as which CI runs, may not use the sandbox.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...flags,
    ],
  })
  return {
    open: (url, options) => openPage(context, url, options),
    async [Symbol.asyncDispose]() {
      await context.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function openPage(
  context: BrowserContext,
  url: string,
  options: PageOptions = {},
): Promise<WatchedPage> {
  const { width = 1280, height = 800, colorScheme = 'light' } = options
  const page = await context.newPage()
  await page.setViewportSize({ width, height })
  await page.emulateMedia({
    colorScheme,
    reducedMotion: options.moves ? 'no-preference' : 'reduce',
    forcedColors: options.forcedColors ? 'active' : 'none',
  })
  await emulate(page, options)
  let underWay = 0
  const busiest = { requests: 0 }
  page.on('request', () => {
    underWay += 1
    busiest.requests = Math.max(busiest.requests, underWay)
  })
  const noteEnd = () => {
    underWay -= 1
  }
  page.on('requestfinished', noteEnd).on('requestfailed', noteEnd)
  const errors: string[] = []
  const foreignRequests: string[] = []
  page.on('pageerror', (error) => errors.push(`exception: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const own = new URL(url)
    const asked = new URL(request.url())
    const isOwn = own.protocol === 'file:' ? asked.href === own.href : asked.origin === own.origin
    if (!isOwn && asked.protocol !== 'blob:') foreignRequests.push(request.url())
  })
  await page.goto(url)
  return { page, busiest, errors, foreignRequests }
}

/** What only the protocol below can set. */
async function emulate(page: Page, { timeZone, latencyMillis }: PageOptions): Promise<void> {
  if (timeZone === undefined && latencyMillis === undefined) return
  const session = await page.context().newCDPSession(page)
  if (timeZone !== undefined) {
    await session.send('Emulation.setTimezoneOverride', { timezoneId: timeZone })
  }
  if (latencyMillis !== undefined) {
    const endless = { downloadThroughput: -1, uploadThroughput: -1, offline: false }
    await session.send('Network.emulateNetworkConditions', { ...endless, latency: latencyMillis })
  }
}
