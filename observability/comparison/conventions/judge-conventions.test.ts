import { expect, test } from 'vitest'
import type { KnownDifference } from '../differences/known-differences.ts'
import { readRegistryFile } from '../testing/read-registry-file.ts'
import { createAlike } from '../testing/report-fixture.ts'
import { buildTrace, change, createResource, server } from '../testing/trace-fixture.ts'
import { judgeByLevel, judgeConventions } from './judge-conventions.ts'
import { countFindings, listFindings } from './list-findings.ts'

const registry = readRegistryFile()

/** Two operations on three runtimes, whose server spans say what the conventions demand, and this. */
function judge(values: Parameters<typeof change>[1], known: readonly KnownDifference[] = []) {
  const right = change(server, { 'url.scheme': 'http' })
  const trace = (own: typeof server) =>
    buildTrace({ spans: [own], logs: [], resource: createResource({ 'service.name': 'shop' }) })
  const results = ['get', 'list'].flatMap((operation) => [
    createAlike(operation, 'node', { trace: trace(change(right, values)) }),
    createAlike(operation, 'deno', { trace: trace(change(right, values)) }),
    createAlike(operation, 'bun', { trace: trace(right) }),
  ])
  return judgeConventions(results, registry, { known })
}

const exception: KnownDifference = {
  runtime: '*',
  reason: 'an old dashboard reads it',
  matches: { kind: 'convention.unstable', path: 'HTTP server span', subject: 'http.flavor' },
}

test('what is the same everywhere is said once, with all places and where the rule stands', () => {
  const { findings, stale } = judge({ 'http.flavor': '1.1' })
  expect(findings).toHaveLength(1)
  const [finding] = findings
  expect(finding?.places).toEqual([
    { operation: 'get', runtime: 'node', count: 1 },
    { operation: 'get', runtime: 'deno', count: 1 },
    { operation: 'list', runtime: 'node', count: 1 },
    { operation: 'list', runtime: 'deno', count: 1 },
  ])
  expect(finding?.url).toBe(
    'https://github.com/open-telemetry/semantic-conventions/blob/v1.44.0/docs/registry/attributes/http.md',
  )
  expect(stale).toEqual([])
})

test('the short form is one line a finding, without what is only information', () => {
  const judged = judge({ 'http.flavor': '1.1', 'cloud.provider': 'cloudflare', plan: 'gold' })
  expect(countFindings(judged)).toBe(
    'semantic conventions 1.44.0: 1 violation, 1 improvement, 1 for information',
  )
  expect(listFindings(judged, 3, false)).toEqual([
    'violation, node, deno: HTTP server span: attribute http.flavor is deprecated, and its successor is stable: expected network.protocol.name, network.protocol.version (Split into `network.protocol.name` and `network.protocol.version`) (get, list; registry/attributes/http.md)',
    'improvement, node, deno: HTTP server span: attribute plan is no name of the conventions, and has no namespace of its own: expected a name with a namespace, such as com.acme.shopname, got string "gold" (get, list; general/naming.md#recommendations-for-application-developers)',
  ])
  expect(listFindings(judged, 3, true)).toHaveLength(3)
})

test('a declared exception carries its reason and does not fail', () => {
  const judged = judge({ 'http.flavor': '1.1' }, [exception])
  expect(judged.findings[0]?.known).toBe('an old dashboard reads it')
  expect(listFindings(judged, 3, false)).toEqual([])
  expect(judgeByLevel(judged, 'information', null)).toEqual([])
})

test('a declared exception that no longer occurs is stale and fails', () => {
  const judged = judge({}, [exception])
  expect(judged.stale).toEqual([
    '*: convention.unstable HTTP server span http.flavor: an old dashboard reads it',
  ])
  expect(judgeByLevel(judged, 'violation', null)).toEqual([
    '1 declared exception to the conventions did not occur',
  ])
  expect(judge({}, [{ ...exception, runtime: 'lambda' }]).stale).toEqual([])
})

test('a level decides what fails, and a baseline what is accepted', () => {
  const judged = judge({ 'http.flavor': '1.1', plan: 'gold' })
  expect(judgeByLevel(judged, 'violation', null)).toEqual(['1 breach of the conventions'])
  expect(judgeByLevel(judged, 'improvement', null)).toEqual(['2 breaches of the conventions'])
  expect(judgeByLevel(judged, 'improvement', judge({ plan: 'gold' }))).toEqual([
    '1 breach of the conventions since the baseline',
  ])
})
