import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { toolsFolder, toolVersions } from './tool-versions.ts'

// Installs the protocol's own programs for `npm run test:mcp`, once. They bring 230 packages, which nobody else needs, so
// they stay in `.cache/`.

mkdirSync(toolsFolder, { recursive: true })
const packages = Object.entries(toolVersions).map(([name, version]) => `${name}@${version}`)
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
const flags = ['--prefix', toolsFolder, '--ignore-scripts', '--no-audit', '--no-fund']
const { status } = spawnSync(npm, ['install', ...flags, ...packages], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
process.exitCode = status ?? 2
