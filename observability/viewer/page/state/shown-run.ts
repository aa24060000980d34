import { signal } from '@preact/signals'

/** The run of the collector that the page looks at, as `run` in the address names it; empty for what comes in now. */
export const shownRun = signal('')

const ofAnyRun = /^\/api\/(?:traces|logs|overview|export|services|runtimes|suggestions)(?=[/?]|$)/

/** The question with the run that it is about, unless it names one itself, or is about the collector. */
export function addRun(path: string): string {
  if (shownRun.peek() === '' || !ofAnyRun.test(path) || /[?&]run=/.test(path)) return path
  return `${path}${path.includes('?') ? '&' : '?'}run=${encodeURIComponent(shownRun.peek())}`
}
