import { styleText } from 'node:util'
import type { Served } from '../application/served.ts'
import { describeVariables } from '../processes/claim-environment.ts'
import { renderLine, type Style } from './render-line.ts'
import { needsPostgres, type Stack, type StackOptions } from './stack.ts'

/** The output of `npm start`; coloured only on a terminal that allows it. */
export type Screen = {
  /** @param claimed What of the shell's variables counts for nothing. */
  showVariables(claimed: readonly string[]): void
  showLine(part: string, line: string): void
  showReady(part: string, millis: number): void
  showMissing(part: string, reason: string): void
  showSummary(stack: Stack): void
  showNews(sentence: string): void
  showEnd(end: string | { readonly part: string; readonly reason: string }): void
  showStopped(): void
}

/**
 * Writes to standard output.
 *
 * @param verbose Shows every line of every part.
 */
export function createScreen(
  options: Pick<StackOptions, 'served' | 'runtimes' | 'collector' | 'database'>,
  verbose: boolean,
): Screen {
  const since = performance.now()
  const names = [
    ...(needsPostgres(options) ? ['postgres'] : []),
    ...(options.collector.kind === 'embedded' ? ['collector'] : []),
    ...options.runtimes.map(({ name }) => name),
  ]
  const width = Math.max(...names.map((name) => name.length))
  const render = process.stdout.isTTY && !verbose ? renderLine : renderWhole
  print(`starting ${names.join(', ')} …`)

  return {
    showVariables(claimed) {
      for (const line of [...options.served.notes, ...describeVariables(claimed)]) print(line)
    },
    showLine(part, line) {
      // PostgreSQL tells of every checkpoint; who wants to know says --verbose.
      if (!verbose && part === 'postgres' && !/WARNING|ERROR|FATAL|PANIC/.test(line)) return
      const shown = render(part.padEnd(width), line, style)
      if (shown !== undefined) print(shown)
    },
    showReady: (part, millis) =>
      print(`${style('green', part.padEnd(width))} ready after ${seconds(millis)}`),
    showMissing: (part, reason) => print(`${style('red', part.padEnd(width))} left out: ${reason}`),
    showSummary: (stack) => print(renderSummary(stack, options.served, performance.now() - since)),
    showNews: (sentence) => print(style('bold', sentence)),
    showEnd: (end) =>
      print(
        typeof end === 'string'
          ? `\n${end}: ending everything; once more ends it at once`
          : `\n${style('red', `${end.part} has ended (${end.reason})`)}: ending everything else`,
      ),
    showStopped: () => print('everything has ended'),
  }
}

const renderWhole: typeof renderLine = (part, line) => `${style('dim', `${part} |`)} ${line}`

/** The table of URLs and two commands that lead from a request to its trace. */
export function renderSummary(
  { services, collectorUrl }: Stack,
  { application }: Served,
  millis: number,
): string {
  const rows = [
    ['the page', collectorUrl, 'traces, logs, comparison; also OTLP/HTTP and /metrics'],
    ...services.map(({ runtime, url }) => [runtime.name, url, runtime.title]),
  ]
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const table = rows.map(
    ([name = '', url = '', what = '']) =>
      `  ${style('bold', name.padEnd(widths[0] ?? 0))}  ${style('cyan', url.padEnd(widths[1] ?? 0))}  ${what}`,
  )
  const [request = 'GET /'] = application.requests ?? []
  const curl = renderCurl(request, services[0]?.url ?? '')
  return [
    '',
    `all ready after ${seconds(millis)}; Ctrl-C ends everything`,
    '',
    ...table,
    '',
    'Try a request, and then see what it left behind:',
    '',
    `  ${curl}`,
    `  curl '${collectorUrl}/api/traces?limit=3'`,
    '',
  ].join('\n')
}

/** A request as a page sends it, `POST /notes {"text":"a"}`, for a shell. */
function renderCurl(request: string, url: string): string {
  const [, method = 'GET', path = '/', body] = /^(\S+) (\S+)(?: (.*))?$/s.exec(request) ?? []
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
  return [
    'curl -i',
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    /[?&]/.test(path) ? quote(`${url}${path}`) : `${url}${path}`,
    ...(body === undefined ? [] : [`-H 'content-type: application/json' -d ${quote(body)}`]),
  ].join(' ')
}

function seconds(millis: number): string {
  return `${(millis / 1000).toFixed(1)} s`
}

const style: Style = (format, text) => styleText(format, text, { stream: process.stdout })

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
