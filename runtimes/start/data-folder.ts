import { join, resolve } from 'node:path'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { makeFolder } from '../../observability/plumbing/make-folder.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { StartError } from '../processes/start-error.ts'
import { type Running, readRunning } from './running.ts'

/** What `--help` says of `--data`, of each command that has it. */
export const dataFolderHelp = 'the data of an `npm start`, and what it runs where (.data)'

const dataFolderDefault = join(projectFolder, '.data')

/**
 * The folder that `--data` names, as seen from where the person stands.
 *
 * @param value Defaults to `.data` in this project.
 */
export function toDataFolder(value: string | undefined): string {
  if (value === '') throw new Error('--data: expected a folder, got ""')
  return value === undefined ? dataFolderDefault : resolve(value)
}

/**
 * Makes the folder, unless it is there.
 *
 * @throws StartError when it cannot be made.
 */
export async function makeDataFolder(folder: string): Promise<void> {
  await makeFolder(folder).catch((cause) => {
    throw new StartError(
      `--data: ${folder} cannot be made (${describeError(cause)}); name another folder`,
      { cause },
    )
  })
}

/**
 * What the `npm start` of a folder runs; `null` when nothing does.
 *
 * @param folder `null` for the usual one, where nothing needs to run.
 * @throws StartError when a folder is named, and nothing runs there.
 */
export async function findRunning(folder: string | null): Promise<Running | null> {
  const running = await readRunning(folder ?? dataFolderDefault)
  if (running !== null || folder === null) return running
  throw new StartError(
    `--data: no \`npm start\` runs with ${folder}; \`npm start -- --data ${folder}\` starts one there`,
  )
}
