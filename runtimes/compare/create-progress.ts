import { escapeControls } from '../../observability/plumbing/escape-controls.ts'

/** One line that is written over, where somebody is watching; nothing where nobody is. */
export type Progress = {
  show(text: string): void
  /** A line that stays, also where nobody is watching. */
  print(line: string): void
  clear(): void
}

/** @param stream Is written to only by `print` if it is no terminal. Lines are cut to its width. */
export function createProgress(
  stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>,
): Progress {
  function show(text: string): void {
    if (stream.isTTY)
      stream.write(`\r\x1b[K${escapeControls(text).slice(0, (stream.columns || 80) - 1)}`)
  }

  return {
    show,
    print(line) {
      show('')
      stream.write(`${escapeControls(line)}\n`)
    },
    clear: () => show(''),
  }
}
