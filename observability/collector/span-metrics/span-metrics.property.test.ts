import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AnyValue, ResourceSpans, Span } from '../../otlp/model.ts'
import {
  createGroup,
  createSpan,
  createTestMetrics,
  listCalls,
  listDurations,
  plainConfig,
} from '../testing/build-spans.ts'
import { attributeText } from './dimensions/attribute-text.ts'

const bounds = plainConfig.histogram?.bounds ?? []

const value: fc.Arbitrary<AnyValue> = fc.oneof(
  fc.constantFrom<AnyValue>('', 'a', '1', 'a\0b', 'true', 1n, 1, true, null, -0, Number.NaN),
  fc.string(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double(),
)

const span: fc.Arbitrary<Span> = fc
  .record({
    name: fc.constantFrom('a', 'b', 'ab', ''),
    kind: fc.integer({ min: 0, max: 6 }),
    statusCode: fc.integer({ min: 0, max: 3 }),
    // Whole eighths of a millisecond: sums of them are exact in any order.
    durationNanos: fc.integer({ min: -8, max: 1_000 }).map((eighths) => BigInt(eighths) * 125_000n),
    attributes: fc.dictionary(fc.constantFrom('x', 'y', 'z'), value, { maxKeys: 3 }),
  })
  .map(createSpan)

const group: fc.Arbitrary<ResourceSpans> = fc
  .record({
    service: fc.constantFrom('s', 't', undefined),
    x: fc.constantFrom('resource', undefined),
    spans: fc.array(span, { maxLength: 8 }),
  })
  .map(({ service, x, spans }) =>
    createGroup(
      { ...(service !== undefined && { 'service.name': service }), ...(x !== undefined && { x }) },
      spans,
    ),
  )

const groups = fc.array(group, { maxLength: 6 })

const dimensions = ['x', 'y'].map((name) => ({ name, default: null }))

function countAll(batches: readonly (readonly ResourceSpans[])[], limit = 0) {
  const metrics = createTestMetrics({ dimensions, aggregationCardinalityLimit: limit })
  for (const batch of batches) metrics.consume(batch)
  return metrics.collect()
}

/** Series by resource and by attributes as text, so that two states can be compared. */
function summarise(state: ReturnType<typeof countAll>) {
  const lines = state.flatMap((resource) =>
    listDurations([resource]).map((point) => {
      const key = [...resource.resource.attributes, ...point.attributes]
      return JSON.stringify([
        key.map((attribute) => [attribute.key, attributeText(attribute.value)]),
        point.bucketCounts.map(String),
        point.sum,
      ])
    }),
  )
  return lines.sort()
}

function countSpans(all: readonly ResourceSpans[]): number {
  return all
    .filter(({ resource }) => resource.attributes.some(({ key }) => key === 'service.name'))
    .reduce((sum, { scopes }) => sum + (scopes[0]?.items.length ?? 0), 0)
}

test('every span of a named service is counted once, whatever the limit', () => {
  fc.assert(
    fc.property(groups, fc.integer({ min: 0, max: 3 }), (all, limit) => {
      const state = countAll([all], limit)
      const calls = listCalls(state).reduce((sum, point) => sum + BigInt(point.value ?? 0), 0n)
      const durations = listDurations(state).reduce((sum, { count }) => sum + count, 0n)

      expect(calls).toBe(BigInt(countSpans(all)))
      expect(durations).toBe(calls)
    }),
  )
})

test('the buckets of a series sum up to its count, and hold what their bounds say', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200 })), (millis) => {
      const spans = millis.map((it) => createSpan({ durationNanos: BigInt(it) * 1_000_000n }))
      const [point] = listDurations(countAll([[createGroup({ 'service.name': 's' }, spans)]]))
      if (millis.length === 0) return

      const expected = [...bounds, Number.POSITIVE_INFINITY].map(
        (bound, index) =>
          millis.filter((it) => it <= bound && it > (bounds[index - 1] ?? -1)).length,
      )
      expect(point?.bucketCounts.map(Number)).toEqual(expected)
      expect(point?.bucketCounts.reduce((sum, count) => sum + count, 0n)).toBe(point?.count)
    }),
  )
})

test('how spans are cut into batches changes no total', () => {
  fc.assert(
    fc.property(groups, (all) => {
      const single = all.flatMap((it) =>
        (it.scopes[0]?.items ?? []).map((one) => [
          { ...it, scopes: it.scopes.map((scope) => ({ ...scope, items: [one] })) },
        ]),
      )

      expect(summarise(countAll(single))).toEqual(summarise(countAll([all])))
    }),
  )
})

test('the order in which spans arrive changes no total', () => {
  fc.assert(
    fc.property(groups, (all) => {
      const reversed = all.toReversed().map((it) => ({
        ...it,
        scopes: it.scopes.map((scope) => ({ ...scope, items: scope.items.toReversed() })),
      }))

      expect(summarise(countAll([reversed]))).toEqual(summarise(countAll([all])))
    }),
  )
})

test('spans are one series exactly when their dimensions read the same', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 30 }), (spans) => {
      const keys = new Set(
        spans.map((it) =>
          JSON.stringify([
            it.name,
            Math.min(it.kind, 6),
            Math.min(it.status.code, 3),
            ...dimensions.map(({ name }) => {
              const found = it.attributes.find(({ key }) => key === name)
              return found === undefined ? null : attributeText(found.value)
            }),
          ]),
        ),
      )
      const state = countAll([[createGroup({ 'service.name': 's' }, spans)]])

      expect(listCalls(state)).toHaveLength(keys.size)
    }),
  )
})

test('nothing that was consumed is changed, and nothing consumed throws', () => {
  fc.assert(
    fc.property(groups, (all) => {
      const before = structuredClone(all)
      countAll([all])

      expect(all).toEqual(before)
    }),
  )
})
