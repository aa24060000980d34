import { signal } from '@preact/signals'
import { viewHref } from './address.ts'
import { ask, fromJson } from './asking/ask.ts'
import { readObject, readText } from './asking/json.ts'
import { navigate } from './navigate.ts'

/** What became of the file that was dropped last; empty before one was, and when it is shown as a run. */
export const importNote = signal('')

/** Sends a file of OTLP to the collector, which keeps it as a run of its own, and shows that run. */
export async function importFile(file: File): Promise<void> {
  importNote.value = `Importing ${file.name} …`
  const query = new URLSearchParams({ name: file.name })
  const answer = await ask(
    `/api/runs?${query}`,
    fromJson((value) => readText(readObject(value, 'answer').id, 'id')),
    new AbortController().signal,
    { method: 'POST', body: file },
  )
  if (answer.kind === 'answer') {
    importNote.value = ''
    navigate(viewHref('traces', { run: answer.value }))
    return
  }
  importNote.value =
    answer.kind === 'problem' ? answer.detail : `${file.name}: the collector did not answer`
}

/** Takes a file that is dropped anywhere on the page. */
export function watchDrops(): () => void {
  const onDragOver = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
  }
  const onDrop = (event: DragEvent) => {
    const file = event.dataTransfer?.files[0]
    if (file === undefined) return
    event.preventDefault()
    void importFile(file)
  }
  addEventListener('dragover', onDragOver)
  addEventListener('drop', onDrop)
  return () => {
    removeEventListener('dragover', onDragOver)
    removeEventListener('drop', onDrop)
  }
}
