import { escapeControls } from '../../plumbing/escape-controls.ts'
import { type GridOptions, paint } from '../report/render/render-grid.ts'
import type { Report } from '../report/report-schema.ts'
import { countFindings, listFindings } from './list-findings.ts'

/** For a terminal, below the verdict: how many there are, and the gravest; all of them with `verbose`. */
export function renderConventions(
  { conventions, runtimes }: Pick<Report, 'conventions' | 'runtimes'>,
  { color, verbose }: GridOptions & { readonly verbose: boolean },
): string {
  if (conventions === null) return ''
  const lines = [
    ...listFindings(conventions, runtimes.length, verbose),
    ...conventions.stale.map((line) => `declared, but did not occur (remove it): ${line}`),
  ].map((line) => `  ${escapeControls(line)}`)
  return [paint(countFindings(conventions), 'heading', color), ...lines].join('\n')
}
