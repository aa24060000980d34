import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AppBundle } from '../../application/served.ts'
import type { Launcher } from '../../launch/launcher.ts'
import { launcherOf } from '../../launch/launchers.ts'
import type { Runtime } from '../../runtime.ts'
import { launchServed, type TestService } from '../../testing/launch-for-test.ts'
import notes from '../application/notes.ts'

const folder = process.env.TEST_BUNDLES ?? ''

/** The small application of these tests. It is launched as that of this repository is, in its place. */
export const notesBundle: AppBundle = {
  name: notes.name,
  file: join(import.meta.dirname, '..', 'application', 'notes.ts'),
  folder,
  variables: {},
  isForeign: false,
}

/** Launches it on a free port, on a database of its own unless one is named. */
export function launchNotes(
  runtime: Runtime,
  variables: Readonly<Record<string, string>>,
  databaseUrl?: string,
  launcher: Launcher = launcherOf(runtime),
): Promise<TestService> {
  const launching = { runtime, variables, databaseUrl, launcher }
  return launchServed({ application: notes, bundle: notesBundle }, launching, () =>
    prepareNotes(runtime),
  )
}

/** Makes what a runtime needs of it, once in a run of the tests: their processes share the folder. */
export async function prepareNotes(runtime: Runtime): Promise<void> {
  const made = join(folder, `${runtime.name}.made`)
  if (existsSync(made)) return
  await launcherOf(runtime).prepare(notesBundle)
  await mkdir(folder, { recursive: true })
  await writeFile(made, '')
}
