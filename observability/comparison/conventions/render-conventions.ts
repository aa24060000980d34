import { escapeControls } from '../../plumbing/escape-controls.ts'
import { type GridOptions, paint } from '../report/render/render-grid.ts'
import type { Report } from '../report/report-schema.ts'
import { countFindings, listFindings } from './list-findings.ts'

/**
 * For a terminal, below the verdict: how many there are, and the gravest. All of them with `verbose`, and where the least
 * of them makes a run fail.
 */
export function renderConventions(
  { conventions, runtimes, settings }: Pick<Report, 'conventions' | 'runtimes' | 'settings'>,
  { color, verbose }: GridOptions & { readonly verbose: boolean },
): string {
  if (conventions === null) return ''
  const lines = [
    ...listFindings(conventions, runtimes.length, verbose || isHeldToAll(settings)),
    ...conventions.stale.map((line) => `declared, but did not occur (remove it): ${line}`),
  ].map((line) => `  ${escapeControls(line)}`)
  return [paint(countFindings(conventions), 'heading', color), ...lines].join('\n')
}

function isHeldToAll({ failOn }: Report['settings']): boolean {
  return failOn?.includes('conventions:information') === true
}
