import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from '../comparison/report/report-schema.ts'
import { buildViewer, reportFolderName, viewerFolder } from './build.ts'

/** The script and the style of the report, built of the same components as the page. */
export type ReportBundle = { readonly script: string; readonly style: string }

/** Builds them first where they are missing or of other sources, which takes about a second. */
export async function readReportBundle(): Promise<ReportBundle> {
  await buildViewer()
  const folder = join(viewerFolder, reportFolderName)
  const [script, style] = await Promise.all([
    readFile(join(folder, 'report.js'), 'utf8'),
    readFile(join(folder, 'report.css'), 'utf8'),
  ])
  return { script, style }
}

/**
 * compare.json as one self-contained HTML file: no network, no server, no other file.
 *
 * Its Content-Security-Policy allows only this script and this style, by their hashes; the runtimes' data is never
 * markup. The traces themselves are left out: they are in compare.json.
 */
export function renderReport(report: Report, { script, style }: ReportBundle): string {
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    // Positions of bars are set by script, through the object model, which no policy forbids.
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const title = `Trace comparison: ${report.runtimes.map(({ name }) => name).join(', ')}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
<noscript>This report is drawn by a script that it brings along. The same as text: compare.md; as data: compare.json.</noscript>
<div id="app"></div>
<script type="application/json" id="report">${escapeJson(dropTraces(report))}</script>
<script type="module">${script}</script>
</body>
</html>
`
}

function dropTraces(report: Report): Report {
  return {
    ...report,
    operations: report.operations.map((operation) => ({
      ...operation,
      runtimes: operation.runtimes.map((own) => ({ ...own, trace: null })),
    })),
  }
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/** `</script>` in a value would end the element, and `<!--` would change how its end is found. */
function escapeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
