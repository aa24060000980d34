import type { Run as WireRun } from '../../../wire/runs.ts'
import { orNull, readList, readNumber, readObject, readText } from '../state/asking/json.ts'

export type Run = Omit<WireRun, 'importedFrom' | 'writtenAt'> & {
  readonly importedFrom: string | null
}

export type Runs = { readonly isKept: boolean; readonly runs: readonly Run[] }

export function readRuns(value: unknown): Runs {
  const answer = readObject(value, 'answer')
  return {
    isKept: answer.isKept === true,
    runs: readList(answer.runs, 'runs', (item, where) => {
      const run = readObject(item, where)
      return {
        id: readText(run.id, `${where}.id`),
        startedAt: readText(run.startedAt, `${where}.startedAt`),
        spans: readNumber(run.spans, `${where}.spans`),
        logRecords: readNumber(run.logRecords, `${where}.logRecords`),
        bytes: readNumber(run.bytes, `${where}.bytes`),
        isPinned: run.isPinned === true,
        isCurrent: run.isCurrent === true,
        importedFrom: orNull(readText)(run.importedFrom, `${where}.importedFrom`),
      }
    }),
  }
}
