import { resourceFromAttributes } from '@opentelemetry/resources'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTracesProtobuf } from '../../otlp/decode-protobuf.ts'
import { encodeHead } from '../spans/encode-head.ts'
import { writeText } from '../spans/write-span.ts'
import type { Batch } from './batch.ts'
import { createByteQueue } from './byte-queue.ts'

const heads = ['a', 'b'].map((name) => encodeHead(resourceFromAttributes({ name }), { name }))

type Named = { readonly scope: number; readonly name: string }

/** Writes a span of which only the name is known. */
function createNames(options: { batchMax?: number; queueBytesMax?: number } = {}) {
  return createByteQueue<Named>({
    write(writer, { name }) {
      const span = writer.begin(2)
      writeText(writer, 5, name)
      writer.finish(span)
      if (name === 'broken') throw new Error(name)
    },
    headOf: ({ scope }) => heads[scope % 2] ?? heads[0] ?? never(),
    queueMax: 1000,
    queueBytesMax: 1e7,
    batchMax: 4,
    ...options,
  })
}

function never(): never {
  throw new Error('expected a head')
}

/** The scope and the names of a request, as a receiver reads them. */
function read(batch: Batch): [string, string[]] {
  const [group] = parseTracesProtobuf(batch.render())
  const [scope] = group?.scopes ?? []
  expect(group?.resource.attributes).toEqual([{ key: 'name', value: scope?.scope.name }])
  return [scope?.scope.name ?? '', scope?.items.map(({ name }) => name) ?? []]
}

test('what waits comes out as it went in, each scope in its order, whatever is taken and put back', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }).map((one) => one.toWellFormed()),
    fc.integer({ min: 40, max: 20_000 }).map((length) => 'é'.repeat(length)),
  )
  const item = fc.record({ scope: fc.nat(1), name })
  const step = fc.oneof(
    { weight: 3, arbitrary: item },
    {
      weight: 1,
      arbitrary: fc.record({ take: fc.integer({ min: 1, max: 6 }), isLost: fc.boolean() }),
    },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const queue = createNames()
      const pushed: [string[], string[]] = [[], []]
      const taken: [string[], string[]] = [[], []]
      const take = (max: number, isLost: boolean) => {
        const batch = queue.take(max)
        if (batch === undefined) return
        const [scope, names] = read(batch)
        expect(names).toHaveLength(batch.size)
        expect(names.length).toBeLessThanOrEqual(max)
        // Sent again, it says the same.
        expect(read(batch)).toEqual([scope, names])
        if (isLost) expect(queue.putBack(batch)).toBe(names.length)
        else taken[scope === 'a' ? 0 : 1].push(...names)
      }
      for (const next of steps)
        if ('name' in next) {
          expect(queue.push(next)).toBe(true)
          pushed[next.scope === 0 ? 0 : 1].push(next.name)
        } else take(next.take, next.isLost)
      while (queue.size > 0) take(4, false)
      expect(taken).toEqual(pushed)
    }),
    { numRuns: 200 },
  )
})

test('of a batch that comes back to a full queue, all that still fits is kept', () => {
  const queue = createNames({ queueBytesMax: 1000, batchMax: 3 })
  for (const name of ['a', 'é'.repeat(300), 'b']) queue.push({ scope: 0, name })
  const batch = queue.take(3) ?? never()
  for (let i = 0; i < 3; i += 1) queue.push({ scope: 1, name: 'é'.repeat(100) })
  expect(queue.putBack(batch)).toBe(2)
  expect(read(queue.take(3) ?? never())).toEqual(['a', ['a', 'b']])
})

test('what was taken is not touched when it is put back and others come behind it', () => {
  const queue = createNames()
  queue.push({ scope: 0, name: 'one' })
  const batch = queue.take(4) ?? never()
  const body = batch.render()
  const sent = Uint8Array.from(body)
  queue.putBack(batch)
  queue.push({ scope: 0, name: 'two'.repeat(100) })
  queue.take(4)?.render()
  expect(body).toEqual(sent)
})

test('what cannot be written leaves nothing behind', () => {
  const queue = createNames()
  expect(() => queue.push({ scope: 1, name: 'broken' })).toThrow('broken')
  queue.push({ scope: 0, name: 'one' })
  expect(() => queue.push({ scope: 0, name: 'broken' })).toThrow('broken')
  queue.push({ scope: 0, name: 'two' })
  const batch = queue.take(4) ?? never()
  expect(read(batch)).toEqual(['a', ['one', 'two']])
  expect(queue.take(4)).toBeUndefined()
})
