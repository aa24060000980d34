import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { projectFolder } from './processes/project-folder.ts'

// A file is found by its name, so it is named for what it exports: the words of the name stand in one of its exports,
// in that order. Where it exports three things or more, it may be named for what at least half of them share.

/** Every runtime has these, and a folder of test support says by itself what it is for. */
const roles = new Set(['main', 'launcher', 'runtime', 'model'])

/** Small words that belong together, named for their subject. This list may only shrink. */
const subjects = new Set([
  'observability/collector/span-metrics/metric-points.ts',
  'observability/comparison/report/report-step-schema.ts',
  'observability/otlp/from-json/json-fields.ts',
  'observability/otlp/from-protobuf/data-points.ts',
  'observability/otlp/refusals/decode-limits.ts',
  'observability/stack-tests/collector/cases/otlp-json.ts',
  'observability/stack/grafana/queries/measures.ts',
  'observability/telemetry/settings/setting-kinds.ts',
  'observability/viewer/page/charts/chart-marks.tsx',
  'observability/viewer/page/chrome/parts.tsx',
  'observability/viewer/page/state/asking/answers.ts',
  'observability/viewer/page/state/asking/json.ts',
  'runtimes/application/bundle/ignore-serve.ts',
  'runtimes/lambda/host/native-client.ts',
  'runtimes/processes/find-programs.ts',
  'runtimes/service/process.ts',
])

const isNamed = (file: string, source: string): boolean => {
  const name = basename(file).replace(/\.tsx?$/, '')
  const exported = listExports(source).map(toWords)
  if (exported.length === 0 || roles.has(name)) return true
  const words = toWords(name)
  if (exported.some((own) => `-${own.join('-')}-`.includes(`-${words.join('-')}-`))) return true
  const alike = exported.filter((own) => own.some((word) => words.includes(word)))
  return exported.length >= 3 && alike.length * 2 >= exported.length
}

const declared =
  /^export (?:abstract |async )*(?:const|let|function|function\*|class|type|interface|enum) (\w+)/gm
const listed = /^export (?:type )?\{([^}]*)\}/gm

function listExports(source: string): string[] {
  return [
    ...[...source.matchAll(declared)].map(([, name = '']) => name),
    ...[...source.matchAll(listed)].flatMap(
      ([, names = '']) => names.match(/\w+(?=\s*(?:,|$))/g) ?? [],
    ),
  ]
}

/** `readHttpEdges` → `read`, `http`, `edge`. */
function toWords(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .split('-')
    .map((word) => word.replace(/ies$/, 'y').replace(/([^s])s$/, '$1'))
}

test('each file is named for what it exports', () => {
  const files = globSync('{src,runtimes,observability,benchmarks}/**/*.{ts,tsx}', {
    cwd: projectFolder,
    exclude: [
      '**/*.test.ts',
      '**/*.browser.ts',
      '**/*.d.ts',
      '**/testing/**',
      '**/node_modules/**',
    ],
  })
  expect(files.length).toBeGreaterThan(300)
  const others = files.filter(
    (file) => !isNamed(file, readFileSync(join(projectFolder, file), 'utf8')),
  )
  expect(new Set(others)).toEqual(subjects)
})

test.each([
  ['drain.ts', 'export function createDrain() {}', true],
  ['http-edges.ts', 'export const httpEdge = 1', true],
  ['helpers.ts', 'export function createDrain() {}', false],
  ['pool.ts', 'export type Outage = 1\nexport { createDrain }', false],
])('%s that says "%s" is named for what it exports: %s', (file, source, named) => {
  expect(isNamed(file, source)).toBe(named)
})
