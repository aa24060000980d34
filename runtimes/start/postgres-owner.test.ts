import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import { startChild } from '../processes/child.ts'
import { projectFolder } from '../processes/project-folder.ts'

const unshare = '/usr/bin/unshare'

/** Each user is made by a user namespace with one id, which some systems and most containers do not allow. */
function hasUserNamespaces(): boolean {
  try {
    execFileSync(unshare, ['-Ur', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const script = `
const { startPostgres } = await import('${join(projectFolder, 'runtimes', 'start', 'postgres.ts')}')
const [folder, port] = process.argv.slice(1)
try {
  const postgres = await startPostgres({ folder, port: Number(port), onLine() {} })
  await postgres.stop()
  console.log('answered')
} catch (error) {
  console.log(error.message)
}`

describe.runIf(hasUserNamespaces())('PostgreSQL', () => {
  const users = [
    ['root, where there is no other user', ['-Ur']],
    ['a user without a name', ['--user', '--map-user=12345', '--map-group=12345']],
  ] as const

  async function startAs(args: readonly string[], path: string | undefined): Promise<string[]> {
    const folder = await mkdtemp(join(tmpdir(), 'todo-owner-'))
    await chmod(folder, 0o755)
    const lines: string[] = []
    const node = [process.execPath, '--input-type=module', '--eval', script]
    const child = await startChild({
      program: unshare,
      args: [...args, ...node, folder, String(await findFreePort())],
      env: { ...process.env, PATH: path },
      onLine: (line) => lines.push(line),
    })
    await child.ended
    await rm(folder, { recursive: true, force: true })
    return lines
  }

  test.each(users)('runs for %s', async (_, args) => {
    expect(await startAs(args, process.env.PATH)).toEqual(['answered'])
  })

  test.each(users)('tells %s what to do where it cannot', async (_, args) => {
    const [sentence] = await startAs(args, '/nowhere')
    expect(sentence).toMatch(
      /^PostgreSQL (does not run as root|wants a user that has a name), .*set DATABASE_URL to a server of yours$/,
    )
  })
})
