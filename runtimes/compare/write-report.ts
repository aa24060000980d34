import { access, constants, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderJunit } from '../../observability/comparison/report/render/render-junit.ts'
import { renderMarkdown } from '../../observability/comparison/report/render/render-markdown.ts'
import type { Report } from '../../observability/comparison/report/report-schema.ts'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { makeFolder } from '../../observability/plumbing/make-folder.ts'
import { StartError } from '../processes/start-error.ts'

/**
 * Makes the folder, so that nothing is measured that could not be kept.
 *
 * @throws StartError when it cannot be written into.
 */
export async function assertWritable(folder: string): Promise<void> {
  try {
    await makeFolder(folder)
    await access(folder, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new StartError(
      `the folder for the report cannot be written: ${describeError(cause)}; choose another with --out`,
      { cause },
    )
  }
}

/** Optional files of a report. Those of an earlier run must not stay with the new one. */
const isOptional = /^(index\.html|fan-out-\d+(-.*)?\.json)$/

/**
 * Writes compare.json, compare.md, junit.xml and further files by name and content; gives their paths. Removes the page
 * and the traces of an earlier run.
 *
 * @throws StartError if a file cannot be written.
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
    // Without a report, a page in the folder belongs to something else.
    const left = before.includes('compare.json')
      ? before.filter((name) => isOptional.test(name))
      : []
    for (const name of left) if (!(name in files)) await rm(join(folder, name))
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name)
      // A concurrent reader sees the old file or the new one.
      await writeFile(`${path}.part`, content)
      await rename(`${path}.part`, path)
      paths.push(path)
    }
    return paths
  } catch (cause) {
    throw new StartError(`the report could not be written: ${describeError(cause)}`, { cause })
  }
}
