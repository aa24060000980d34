import { randomBytes } from 'node:crypto'
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { makeFolder } from '../../plumbing/make-folder.ts'

/** What is known of a run without reading its segments. */
export type RunFacts = {
  /** When it began, as `20261128T070500.123Z-1f3a`: sorted by name is sorted by time. */
  readonly id: string
  /** Milliseconds since the Unix epoch. */
  readonly startedMillis: number
  /** When it was last written to. */
  readonly writtenMillis: number
  readonly spans: number
  readonly logRecords: number
  /** Kept until it is unpinned or deleted. */
  readonly isPinned: boolean
  /** The name of the file that it was imported from. */
  readonly importedFrom?: string | undefined
}

/** A run on disk: its facts, and what it takes there. */
export type StoredRun = RunFacts & {
  /** Of all its segments on disk. */
  readonly bytes: number
}

const factsSchema = v.object({
  id: v.string(),
  startedMillis: v.number(),
  writtenMillis: v.number(),
  spans: v.number(),
  logRecords: v.number(),
  isPinned: v.boolean(),
  importedFrom: v.optional(v.string()),
})

const factsFile = 'run.json'
const segmentForm = /^\d{6}\.otlp$/
/** Behind the id of a run that was cleared a moment ago. */
const aside = '.cleared'
const idForm = /^\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{4}$/

/** The runs below one folder; nobody but its owner can read them. */
export type RunFolder = {
  /** Facts of a new run, of which nothing is on disk yet. */
  name(nowMillis: number, importedFrom?: string): RunFacts
  /** The newest first. What is no run of ours is passed over. */
  list(): Promise<readonly StoredRun[]>
  writeFacts(facts: RunFacts): Promise<void>
  /** Paths of its segments, the oldest first; none for a run that is not there. */
  listSegments(id: string): Promise<readonly string[]>
  segmentPath(id: string, number: number): string
  remove(id: string): Promise<void>
  /** Takes a run out of the list; it can be brought back. One that was taken out before is removed. */
  setAside(id: string): Promise<void>
  /** Moves its segments back, among those that it has by now. */
  bringBack(id: string): Promise<void>
  /** Removes what was set aside of one run; without an id, of all. */
  removeAside(id?: string): Promise<void>
}

/** @param folder Is made with the first run, readable by its owner only. */
export function createRunFolder(folder: string): RunFolder {
  const pathOf = (id: string) => {
    if (!idForm.test(id)) throw new Error(`expected the id of a run, got ${JSON.stringify(id)}`)
    return join(folder, id)
  }

  const asideOf = (id: string) => `${pathOf(id)}${aside}`

  async function writeFacts(facts: RunFacts): Promise<void> {
    const path = join(pathOf(facts.id), factsFile)
    await makeFolder(pathOf(facts.id), 0o700)
    // By way of another file, so that a crash leaves the old facts or the new ones.
    await writeFile(`${path}.new`, JSON.stringify(facts), { mode: 0o600 })
    await rename(`${path}.new`, path)
  }

  async function listSegments(id: string): Promise<readonly string[]> {
    const names = await readdir(pathOf(id)).catch(() => [])
    return names
      .filter((name) => segmentForm.test(name))
      .toSorted()
      .map((name) => join(pathOf(id), name))
  }

  async function readRun(id: string): Promise<StoredRun | undefined> {
    const text = await readFile(join(pathOf(id), factsFile), 'utf8').catch(() => '')
    const facts = v.safeParse(v.pipe(v.string(), v.parseJson(), factsSchema), text)
    if (!facts.success || facts.output.id !== id) return undefined
    const sizes = await Promise.all((await listSegments(id)).map(readSize))
    return { ...facts.output, bytes: sizes.reduce((sum, size) => sum + size, 0) }
  }

  return {
    name(nowMillis, importedFrom) {
      const time = new Date(nowMillis).toISOString().replace(/[-:]/g, '')
      return {
        id: `${time}-${randomBytes(2).toString('hex')}`,
        startedMillis: nowMillis,
        writtenMillis: nowMillis,
        spans: 0,
        logRecords: 0,
        isPinned: false,
        ...(importedFrom !== undefined && { importedFrom }),
      }
    },
    async list() {
      const names = await readdir(folder).catch(() => [])
      const runs = await Promise.all(names.filter((name) => idForm.test(name)).map(readRun))
      return runs
        .filter((run) => run !== undefined)
        .toSorted((a, b) => b.startedMillis - a.startedMillis || (a.id < b.id ? 1 : -1))
    },
    writeFacts,
    listSegments,
    segmentPath: (id, number) => join(pathOf(id), `${String(number).padStart(6, '0')}.otlp`),
    remove: (id) => rm(pathOf(id), whole),
    async setAside(id) {
      await rm(asideOf(id), whole)
      await rename(pathOf(id), asideOf(id)).catch(() => rm(pathOf(id), whole))
    },
    async bringBack(id) {
      const names = await readdir(asideOf(id)).catch(() => [])
      const segments = names.filter((name) => segmentForm.test(name))
      if (segments.length > 0) await makeFolder(pathOf(id), 0o700)
      for (const name of segments) await rename(join(asideOf(id), name), join(pathOf(id), name))
      await rm(asideOf(id), whole)
    },
    async removeAside(id) {
      const names = id === undefined ? await readdir(folder).catch(() => []) : [`${id}${aside}`]
      for (const name of names) if (name.endsWith(aside)) await rm(join(folder, name), whole)
    },
  }
}

const whole = { recursive: true, force: true } as const

/** Of a file that another process removes meanwhile, 0. */
async function readSize(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}
