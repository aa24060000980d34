import { signal } from '@preact/signals'
import { ask, fromJson } from './asking/ask.ts'
import { readNumber, readObject, readText } from './asking/json.ts'
import { askAgainNow, paused } from './asking/poll.ts'

/** What became of the last clearing; `undefined` once there is nothing more to be done about it. */
export const clearedNote = signal<
  { readonly text: string; readonly undo: string | undefined } | undefined
>(undefined)

const saidMillis = 6_000

/** Clears what the collector has of the run under way, and offers to undo it while that can be done. */
export async function clearTelemetry(): Promise<void> {
  const answer = await ask('/api/traces', fromJson(readCleared), new AbortController().signal, {
    method: 'DELETE',
  })
  if (answer.kind !== 'answer') {
    say(`Nothing was cleared: ${answer.kind === 'problem' ? answer.detail : noAnswer}`)
    return
  }
  say('Everything was cleared.', answer.value)
}

/** Brings back what was cleared. */
export async function undoClearing(path: string): Promise<void> {
  const answer = await ask(path, String, new AbortController().signal, { method: 'POST' })
  say(
    answer.kind === 'answer'
      ? 'Everything is back.'
      : `It is not back: ${answer.kind === 'problem' ? answer.detail : noAnswer}`,
  )
}

const noAnswer = 'the collector does not answer'

function say(text: string, cleared?: { readonly undo: string; readonly undoMillis: number }): void {
  const note = { text, undo: cleared?.undo }
  clearedNote.value = note
  setTimeout(() => {
    if (clearedNote.peek() === note) clearedNote.value = undefined
  }, cleared?.undoMillis ?? saidMillis)
  // Who clears wants to see it.
  paused.value = false
  askAgainNow()
}

function readCleared(value: unknown) {
  const cleared = readObject(value, 'answer')
  return {
    undo: readText(cleared.undo, 'undo'),
    undoMillis: readNumber(cleared.undoMillis, 'undoMillis'),
  }
}
