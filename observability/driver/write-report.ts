import { access, constants, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderJunit } from '../comparison/report/render-junit.ts'
import { renderMarkdown } from '../comparison/report/render-markdown.ts'
import type { Report } from '../comparison/report/report-schema.ts'
import { describeError } from '../plumbing/describe-error.ts'
import { MeasureError } from './measure.ts'

/**
 * Makes the folder, so that nothing is measured that could not be kept.
 *
 * @throws MeasureError when it cannot be written into.
 */
export async function assertWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new MeasureError(
      `the folder for the report cannot be written: ${describeError(cause)}; choose another with --out`,
      { cause },
    )
  }
}

/** What a report may have beside its three files; of an earlier run it would belong to nothing. */
const isOptional = /^(index\.html|fan-out-\d+(-.*)?\.json)$/

/**
 * Writes compare.json, compare.md and junit.xml, and whatever else is given by name and
 * content; gives their paths. A page and traces of an earlier run are taken away.
 *
 * @throws MeasureError when it cannot be written.
 */
export async function writeReport(
  folder: string,
  report: Report,
  more: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const files = {
    'compare.json': `${JSON.stringify(report)}\n`,
    'compare.md': renderMarkdown(report),
    'junit.xml': renderJunit(report),
    ...more,
  }
  const paths: string[] = []
  try {
    const before = await readdir(folder)
    // Where there is no report yet, a page is somebody else's.
    const left = before.includes('compare.json')
      ? before.filter((name) => isOptional.test(name))
      : []
    for (const name of left) if (!(name in files)) await rm(join(folder, name))
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name)
      // Whoever reads the file meanwhile sees the old one or the new one.
      await writeFile(`${path}.part`, content)
      await rename(`${path}.part`, path)
      paths.push(path)
    }
    return paths
  } catch (cause) {
    throw new MeasureError(`the report could not be written: ${describeError(cause)}`, { cause })
  }
}
