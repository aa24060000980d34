import type { IncomingHttpHeaders } from 'node:http'
import { problemAnswer, QueryProblem } from '../query/problem.ts'
import type { Answer } from '../receive/respond.ts'
import { chooseCoding } from './choose-coding.ts'
import { createPageFiles, type PageFile } from './page-files.ts'

/** Answers requests for the page; `undefined` for all others, which the caller handles. */
export type Page = (request: PageRequest) => Answer | undefined

/** The parts of a request that decide about the page; `path` has no query. */
export type PageRequest = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

/**
 * No inline script, no inline style attribute, nothing from other origins, no embedding. Trusted Types in addition: no
 * text of a span can become markup.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const documentHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'referrer-policy': 'no-referrer',
  // The same addresses answer programs with something else.
  vary: 'accept, accept-encoding',
  // Asked for again each time, and answered with 304: a page that was rebuilt is never the old one.
  'cache-control': 'no-cache',
} as const

/** The name of an asset changes with its content. */
const assetHeaders = {
  vary: 'accept-encoding',
  'cache-control': 'public, max-age=31536000, immutable',
} as const

/** Addresses at which the page shows something; it tells of any other itself, with status 404. */
const views = /^\/(?:traces(?:\/[^/]*)?|compare|logs|sent-metrics|runs)?$/

/**
 * Serves the built page: its files below `/assets/`, and its document to clients that prefer HTML.
 *
 * @param folder Folder of the built files. While it is empty, the page answers nothing.
 */
export function createPage(folder: string): Page {
  const readFiles = createPageFiles(folder)
  return ({ method, path, headers }) => {
    if (method !== 'GET' && method !== 'HEAD') return undefined
    if (path.startsWith('/assets/')) {
      const file = readFiles()?.get(path.slice(1))
      return file === undefined ? undefined : send(file, headers, 200, assetHeaders)
    }
    if (!prefersHtml(headers.accept) || isQuestion(path)) return undefined
    const file = readFiles()?.get('index.html')
    if (file === undefined) return undefined
    return send(file, headers, views.test(path) ? 200 : 404, documentHeaders)
  }
}

/** As a browser does that opens an address; curl and `fetch` take anything. */
function prefersHtml(accept: string | undefined): boolean {
  return accept?.includes('text/html') ?? false
}

function isQuestion(path: string): boolean {
  return path.startsWith('/api/') || path === '/metrics' || path === '/favicon.ico'
}

function send(
  file: PageFile,
  headers: IncomingHttpHeaders,
  status: number,
  own: Readonly<Record<string, string>>,
): Answer {
  const shared = { ...own, etag: file.etag }
  if (status === 200 && headers['if-none-match']?.includes(file.etag)) {
    return { status: 304, headers: shared, body: '' }
  }
  const contentType = { ...shared, 'content-type': file.contentType }
  const coding = chooseCoding(headers['accept-encoding']?.toString())
  if (coding === undefined)
    return problemAnswer(
      new QueryProblem(406, 'accept-encoding: expected gzip or identity to be accepted'),
    )
  if (coding === 'identity') return { status, headers: contentType, body: file.body }
  return { status, headers: { ...contentType, 'content-encoding': 'gzip' }, body: file.gzipped }
}
