import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AnyValue } from '../../otlp/model.ts'
import {
  buildAttributes,
  buildLogRecord,
  buildSpan,
  spanIdOf,
  traceIdOf,
} from '../testing/build-telemetry.ts'
import { createCompactor } from './compactor.ts'
import { createSourcePool } from './source-pool.ts'

const source = createSourcePool(() => 0).acquire({
  resource: { attributes: [], droppedAttributesCount: 0 },
  resourceSchemaUrl: '',
  scope: { name: '', version: '', attributes: [], droppedAttributesCount: 0 },
  scopeSchemaUrl: '',
})

const anyValue: fc.Arbitrary<AnyValue> = fc.letrec<{ value: AnyValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.string({ minLength: 125, maxLength: 140 }),
    fc.bigInt({ min: -3n, max: 3n }),
    // Few, so that equal ones of different types meet: 1 and 1n and '1' and true.
    fc.constantFrom(0, -0, 1, 1.5, Number.NaN, true, false, null, '', '1', 1n, 0n),
    fc.uint8Array({ maxLength: 4 }),
    fc.record({ values: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({
      entries: fc.array(fc.record({ key: fc.string(), value: tie('value') }), { maxLength: 3 }),
    }),
  ),
})).value

const attributes = fc.array(
  fc.record({ key: fc.constantFrom('a', 'b', '__proto__', 'constructor'), value: anyValue }),
  { maxLength: 6 },
)

test('what is kept equals what came, whatever came before it', () => {
  const compactor = createCompactor()
  fc.assert(
    fc.property(attributes, fc.string(), anyValue, (list, text, body) => {
      const span = buildSpan({
        attributes: list,
        name: text,
        events: [{ timeNanos: 1n, name: text, attributes: list, droppedAttributesCount: 2 }],
        links: [
          {
            traceId: traceIdOf(2),
            spanId: spanIdOf(3),
            traceState: text,
            flags: 1,
            attributes: list,
            droppedAttributesCount: 4,
          },
        ],
        status: { code: 2, message: text },
      })
      const record = buildLogRecord({ attributes: list, body, eventName: text })

      expect(compactor.compactSpan(source, span, span.traceId).item).toEqual({ ...span, source })
      expect(compactor.compactLogRecord(source, record, '', 7).item).toEqual({
        ...record,
        source,
        arrival: 7,
        fingerprint: expect.any(String),
      })
    }),
  )
})

describe('what repeats', () => {
  const span = () =>
    buildSpan({ attributes: buildAttributes({ route: '/todos'.padEnd(20), status: 200n }) })

  test('is held once, and paid for by the first', () => {
    const { compactSpan } = createCompactor()
    const first = compactSpan(source, span(), traceIdOf(1))
    const second = compactSpan(source, span(), traceIdOf(1))

    expect(second.item.attributes[0]).toBe(first.item.attributes[0])
    expect(second.item.attributes[1]).toBe(first.item.attributes[1])
    expect(second.bytes).toBeLessThan(first.bytes - 100)
  })

  test('is one list where spans of a name have the same', () => {
    const { compactSpan } = createCompactor()
    const first = compactSpan(source, span(), traceIdOf(1)).item
    const other = buildSpan({ name: 'other', attributes: buildAttributes({ route: '/' }) })
    compactSpan(source, other, traceIdOf(1))
    const more = buildAttributes({ route: '/todos'.padEnd(20), status: 200n, more: true })

    expect(compactSpan(source, span(), traceIdOf(1)).item.attributes).toBe(first.attributes)
    expect(
      compactSpan(source, buildSpan({ attributes: more }), traceIdOf(1)).item.attributes,
    ).toEqual(more)
    expect(compactSpan(source, span(), traceIdOf(1)).item.attributes).toEqual(first.attributes)
  })

  test('is no list of values too long to be held beside the store', () => {
    const { compactSpan } = createCompactor()
    const attributes = buildAttributes({ statement: 'x'.repeat(600) })
    const costs = [1, 2].map(
      () => compactSpan(source, buildSpan({ attributes }), traceIdOf(1)).bytes,
    )

    expect(costs[1]).toBeGreaterThan(600)
  })

  test('is one list only for as many names as are remembered', () => {
    const { compactSpan } = createCompactor()
    const listOf = (name: string) =>
      compactSpan(source, buildSpan({ ...span(), name }), traceIdOf(1)).item.attributes
    const first = listOf('0')
    expect(listOf('0')).toBe(first)
    for (let n = 1; n <= 512; n += 1) listOf(`${n}`)
    expect(listOf('0')).not.toBe(first)
  })

  test('is not mixed up with an equal value of another type', () => {
    const { compactSpan } = createCompactor()
    const keepStatus = (status: AnyValue) =>
      compactSpan(source, buildSpan({ attributes: buildAttributes({ status }) }), '').item
        .attributes[0]?.value

    expect([200n, 200, '200', 0, -0].map(keepStatus)).toEqual([200n, 200, '200', 0, -0])
  })

  test('is remembered to a bound, past which new ones are shared again', () => {
    const { compactSpan } = createCompactor()
    const costOf = (n: number) => {
      const attributes = buildAttributes({ [`key ${n}`]: `value ${n}` })
      return compactSpan(source, buildSpan({ attributes }), traceIdOf(1)).bytes
    }
    costOf(-1) // the name of the span, which all share
    const first = costOf(0)
    expect(costOf(0)).toBeLessThan(first)
    // Each brings two parts, a key and an attribute: enough to have all forgotten.
    for (let n = 1; n < 10_000; n += 1) costOf(n)
    expect(costOf(0)).toBe(first)
    expect(costOf(0)).toBeLessThan(first)
  })

  test('is not looked for among the values of an attribute that has too many', () => {
    const { compactSpan } = createCompactor()
    const costOf = (path: string) =>
      compactSpan(source, buildSpan({ attributes: buildAttributes({ path }) }), traceIdOf(1)).bytes
    for (let n = 0; n < 256; n += 1) costOf(`${n}`.padStart(8))

    const fresh = costOf('too many'.padStart(8))
    expect(costOf('too many'.padStart(8))).toBe(fresh)
  })
})
