import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CanonicalStep } from './replay/compare-results.ts'
import type { Answer, ParityCase } from './replay/parity-case.ts'

const folder = join(import.meta.dirname, 'golden')

/** The OpenTelemetry Collector's results for a case, recorded for machines without it. */
export type Golden = {
  /** The configuration at that time: a later one has other results, and needs the Collector again. */
  readonly config: string
  /** Hash of the requests: results of other requests are worthless. */
  readonly input: string
  readonly steps: readonly CanonicalStep[]
}

export function goldenPath(caseName: string): string {
  return join(folder, `${caseName}.json`)
}

/** Names of the cases that have one. */
export function listGolden(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort()
}

export function hashInput({ steps }: ParityCase): string {
  return createHash('sha256').update(JSON.stringify(steps)).digest('hex').slice(0, 16)
}

/** A line per row, so that a change of one series is a change of one line. */
export function renderGolden(parityCase: ParityCase, steps: readonly CanonicalStep[]): string {
  const golden = {
    config: JSON.parse(parityCase.config),
    input: hashInput(parityCase),
    steps: steps.map(({ answers, metrics }) => ({
      answers: answers.join(', '),
      metrics: Object.fromEntries(
        [...metrics].map(([resource, rows]) => [resource, Object.fromEntries(rows)]),
      ),
    })),
  }
  return `${JSON.stringify(golden, null, 1)}\n`
}

/** @throws Error when the file is not what `renderGolden` writes. */
export function readGolden(caseName: string): Golden {
  // Our own file, written by the function above and checked in.
  const golden = JSON.parse(readFileSync(goldenPath(caseName), 'utf8')) as {
    readonly config: object
    readonly input: string
    readonly steps: readonly {
      readonly answers: string
      readonly metrics: Readonly<Record<string, Readonly<Record<string, string>>>>
    }[]
  }
  return {
    config: JSON.stringify(golden.config),
    input: golden.input,
    steps: golden.steps.map(({ answers, metrics }) => ({
      answers: answers === '' ? [] : answers.split(', ').map(toAnswer),
      metrics: new Map(
        Object.entries(metrics).map(([resource, rows]) => [
          resource,
          new Map(Object.entries(rows)),
        ]),
      ),
    })),
  }
}

function toAnswer(text: string): Answer {
  if (text === 'taken' || text === 'taken in part' || text === 'refused') return text
  throw new Error(`expected taken, taken in part or refused, got ${JSON.stringify(text)}`)
}
