import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { projectFolder } from '../processes/project-folder.ts'

test.each(['start', 'compare', 'load'])(
  'npm run %s says itself that a file of variables is missing',
  (script) => {
    const { status, stderr } = spawnSync(
      'npm',
      ['run', '--silent', script, '--', '--env-file', '/nowhere/.env'],
      { cwd: projectFolder, encoding: 'utf8', timeout: 30_000 },
    )
    expect(stderr).toContain("--env-file: ENOENT: no such file or directory, open '/nowhere/.env'")
    expect(status).toBe(2)
  },
  30_000,
)
