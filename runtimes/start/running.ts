import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { makeFolder } from '../../observability/plumbing/make-folder.ts'
import { isAlive } from '../processes/is-alive.ts'

/** What an `npm start` runs, and where. */
export type Running = v.InferOutput<typeof running>

const running = v.object({
  /** Of the start, which ends everything that it has started. */
  pid: v.number(),
  /** The file of the app; `null` for the application of this repository. */
  app: v.nullable(v.string()),
  collectorUrl: v.string(),
  services: v.array(v.object({ name: v.string(), url: v.string() })),
})

const fileOf = (folder: string) => join(folder, 'running.json')

/** Writes down what runs, for `compare` and `load`. Of two starts with one folder, the later counts. */
export async function writeRunning(folder: string, content: Running): Promise<void> {
  await makeFolder(folder)
  const draft = `${fileOf(folder)}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`)
  await rename(draft, fileOf(folder))
}

/** Takes it back, unless another start has written meanwhile. */
export async function removeRunning(folder: string, pid: number): Promise<void> {
  if ((await readRunning(folder))?.pid === pid) await rm(fileOf(folder), { force: true })
}

/** What runs; `null` when nothing does, also when the start that wrote it down is gone. */
export async function readRunning(folder: string): Promise<Running | null> {
  try {
    const parsed = v.parse(running, JSON.parse(await readFile(fileOf(folder), 'utf8')))
    return isAlive(parsed.pid) ? parsed : null
  } catch {
    return null
  }
}
