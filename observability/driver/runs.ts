import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { parseArgs, stripVTControlCharacters } from 'node:util'
import * as v from 'valibot'
import { describeError } from '../plumbing/describe-error.ts'
import { problemSchema } from '../wire/problem.ts'
import { importedRunSchema, type Run, runsSchema } from '../wire/runs.ts'
import { describeFetchError } from './sources/describe-fetch-error.ts'

const usage = `Lists, exports and imports what the embedded collector keeps of each of its starts.

Usage: npm run --silent runs -- [command] [options]

  list                   the runs, the newest first (default)
  export [RUN]           the traces and logs of a run as OTLP/JSON lines, on the output or in --out;
                         RUN is an id, last, or current (default)
  import FILE...         files of OTLP, JSON or protobuf, gzip or not, or of Tempo or Jaeger,
                         each as a run of its own
  pin RUN, unpin RUN     keep a run for good, or not
  delete RUN             forget it

  --out FILE             where export writes
  --trace ID             export this trace alone
  --collector URL        which collector (http://127.0.0.1:4318)
  --help                 print this
`

const answerMillisMax = 60_000

/** What went wrong, in one sentence for the user. */
class RunsError extends Error {
  override readonly name = 'RunsError'
}

try {
  await run(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`runs: ${describeError(error)}\n`)
  process.exitCode = error instanceof RunsError ? 2 : 1
}

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseFlags(args)
  const [command = 'list', ...names] = positionals
  const base = (values.collector ?? 'http://127.0.0.1:4318').replace(/\/+$/, '')
  if (values.help === true) process.stdout.write(usage)
  else if (command === 'list') await list(base)
  else if (command === 'export') await exportRun(base, names[0] ?? 'current', values)
  else if (command === 'import')
    for (const file of requireNames(names, 'FILE')) await importFile(base, file)
  else if (command === 'pin' || command === 'unpin')
    await change(base, requireNames(names, 'RUN'), command === 'pin' ? 'PUT' : 'DELETE', '/pin')
  else if (command === 'delete') await change(base, requireNames(names, 'RUN'), 'DELETE', '')
  else throw new RunsError(`unknown command ${JSON.stringify(command)}; see --help`)
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        trace: { type: 'string' },
        collector: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new RunsError(`${describeError(error)}; see --help`)
  }
}

function requireNames(names: readonly string[], what: string): readonly string[] {
  if (names.length === 0) throw new RunsError(`expected ${what} after the command; see --help`)
  return names
}

async function list(base: string): Promise<void> {
  const answer = v.parse(runsSchema, await (await ask(base, '/api/runs')).json())
  if (!answer.isKept)
    process.stdout.write('The collector keeps nothing on disk: it was started with --no-keep.\n')
  else if (answer.runs.length === 0)
    process.stdout.write('No run is kept yet: nothing has arrived.\n')
  else process.stdout.write(answer.runs.map(renderRun).join(''))
}

function renderRun({ id, spans, logRecords, bytes, ...run }: Run): string {
  const notes = [
    ...(run.isCurrent ? ['under way'] : []),
    ...(run.isPinned ? ['pinned'] : []),
    ...(run.importedFrom === undefined ? [] : [`imported from ${run.importedFrom}`]),
  ]
  const megabytes = (bytes / 1e6).toFixed(1)
  const line = `${id}  ${spans} spans, ${logRecords} log records, ${megabytes} MB  ${notes.join(', ')}`
  return `${stripVTControlCharacters(line).trimEnd()}\n`
}

async function exportRun(
  base: string,
  name: string,
  { out, trace }: { readonly out?: string | undefined; readonly trace?: string | undefined },
): Promise<void> {
  const parameters = new URLSearchParams({ run: name, ...(trace !== undefined && { trace }) })
  const answer = await ask(base, `/api/export?${parameters}`)
  if (answer.body === null || answer.headers.get('content-length') === '0')
    throw new RunsError(`nothing to export: run ${name} holds no such trace and no log record`)
  if (out === undefined) {
    await answer.body.pipeTo(Writable.toWeb(process.stdout))
    return
  }
  // `wx`: a file that is there may be the only copy of another run.
  const file = await open(out, 'wx', 0o600).catch((error: unknown) => {
    throw new RunsError(`--out: ${describeError(error)}`)
  })
  await answer.body.pipeTo(Writable.toWeb(createWriteStream(out, { fd: file.fd })))
  process.stdout.write(`${out}: ${answer.headers.get('content-length')} bytes of OTLP/JSON lines\n`)
}

async function importFile(base: string, file: string): Promise<void> {
  const handle = await open(file).catch((error: unknown) => {
    throw new RunsError(describeError(error))
  })
  const body = Readable.toWeb(createReadStream(file, { fd: handle.fd }))
  const name = encodeURIComponent(basename(file))
  const answer = await ask(base, `/api/runs?name=${name}`, { method: 'POST', body, duplex: 'half' })
  const { id, spans, logRecords } = v.parse(importedRunSchema, await answer.json())
  process.stdout.write(`${id}  ${spans} spans, ${logRecords} log records, imported from ${file}\n`)
}

async function change(
  base: string,
  ids: readonly string[],
  method: 'PUT' | 'DELETE',
  suffix: string,
): Promise<void> {
  for (const id of ids) {
    await ask(base, `/api/runs/${encodeURIComponent(id)}${suffix}`, { method })
    process.stdout.write(`${id}: done\n`)
  }
}

/** @throws RunsError with what the collector said, or why there was no answer. */
async function ask(base: string, path: string, init: RequestInit = {}): Promise<Response> {
  const signal = AbortSignal.timeout(answerMillisMax)
  const answer = await fetch(`${base}${path}`, { ...init, signal }).catch((error: unknown) => {
    const reason = describeFetchError(error, answerMillisMax)
    throw new RunsError(`no collector at ${base} (${reason}); start one, or name it by --collector`)
  })
  if (answer.ok) return answer
  const problem = v.safeParse(problemSchema, await answer.json().catch(() => {}))
  throw new RunsError(problem.success ? problem.output.detail : `${base}${path}: ${answer.status}`)
}
