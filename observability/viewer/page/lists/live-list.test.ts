import { describe, expect, test } from 'vitest'
import type { Asked } from '../state/ask.ts'
import {
  createLiveList,
  type ListPage,
  type ListWish,
  listItemsMax,
  mergeNewest,
} from './live-list.ts'

type Item = { readonly id: number; readonly start: bigint; readonly note?: string }

const options = {
  keyOf: ({ id }: Item) => String(id),
  startOf: ({ start }: Item) => start,
}
const second = 1_000_000_000n
const item = (id: number, note?: string): Item => ({
  id,
  start: BigInt(id) * second,
  ...(note === undefined ? {} : { note }),
})
const signal = new AbortController().signal

/** A store of items that answers as the collector does. */
function createStore(items: Item[]) {
  const wishes: ListWish[] = []
  const ask = async (wish: ListWish): Promise<Asked<ListPage<Item>>> => {
    wishes.push(wish)
    const sorted = items
      .toSorted((a, b) => b.id - a.id)
      .filter(({ start }) => wish.sinceNanos === undefined || start >= wish.sinceNanos)
      .filter(({ id }) => wish.next === undefined || id < Number(wish.next))
    const page = sorted.slice(0, wish.limit)
    const next = sorted.length > wish.limit ? String(page.at(-1)?.id) : null
    return { kind: 'answer', value: { items: page, next } }
  }
  return { ask, wishes, items }
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => item(from + n))

test('the first page is read on page by page, to the end and not beyond', async () => {
  const store = createStore(range(1, 700))
  const list = createLiveList({ ...options, ask: store.ask })
  await list.refresh(signal)
  expect([list.items.value.length, list.hasMore.value]).toEqual([100, true])
  await list.readOn()
  expect(list.items.value.length).toBe(600)
  await list.readOn()
  await list.readOn()

  expect(list.hasMore.value).toBe(false)
  expect(list.items.value.map(({ id }) => id)).toEqual(
    range(1, 700)
      .map(({ id }) => id)
      .reverse(),
  )
  expect(store.wishes).toHaveLength(3)
})

test('a refresh asks for what is new and lately changed, and puts it in its place', async () => {
  const store = createStore(range(1, 50))
  const list = createLiveList({ ...options, ask: store.ask })
  await list.refresh(signal)
  store.items[48] = item(49, 'has more spans now')
  store.items.push(item(51))
  await list.refresh(signal)

  expect(store.wishes[1]).toEqual({ sinceNanos: 35n * second, limit: 500 })
  expect(list.items.value.slice(0, 3)).toEqual([item(51), item(50), item(49, 'has more spans now')])
  expect(list.items.value).toHaveLength(51)
})

test('when more has come than fits a page, the list starts afresh without a hole', async () => {
  const store = createStore(range(1, 50))
  const list = createLiveList({ ...options, ask: store.ask })
  await list.refresh(signal)
  store.items.push(...range(51, 900))
  await list.refresh(signal)
  expect(list.items.value).toHaveLength(500)
  await list.readOn()

  expect(list.items.value).toHaveLength(900)
})

test('what somebody has read is kept when a busy second fills a page', async () => {
  const store = createStore(range(1, 5))
  const crowd = Array.from({ length: 600 }, (_, n) => ({ id: 6 + n, start: 6n * second }))
  const list = createLiveList({ ...options, ask: store.ask })
  await list.refresh(signal)
  store.items.push(...crowd.slice(0, 100))
  await list.refresh(signal)
  store.items.push(...crowd.slice(100))
  await list.refresh(signal)

  expect(new Set(list.items.value.map(({ id }) => id)).size).toBe(list.items.value.length)
  expect(list.items.value.length).toBeGreaterThanOrEqual(500)
})

test('an answer that comes after the list was cleared is not taken', async () => {
  const waiting = Promise.withResolvers<Asked<ListPage<Item>>>()
  const list = createLiveList({ ...options, ask: () => waiting.promise })
  const refreshed = list.refresh(signal)
  list.clear()
  waiting.resolve({ kind: 'answer', value: { items: [item(1)], next: null } })
  await refreshed

  expect(list.items.value).toEqual([])
})

describe('without an answer', () => {
  test('a problem is told, and forgotten with the next answer', async () => {
    const answers: Asked<ListPage<Item>>[] = [
      { kind: 'problem', status: 400, detail: 'limit: expected a number' },
      { kind: 'answer', value: { items: [], next: null } },
    ]
    const list = createLiveList<Item>({
      ...options,
      ask: async () => answers.shift() ?? { kind: 'silence' },
    })
    await list.refresh(signal)
    expect(list.problem.value).toBe('limit: expected a number')
    await list.refresh(signal)
    expect(list.problem.value).toBeUndefined()
  })

  test('the list stays as it is', async () => {
    const store = createStore(range(1, 3))
    let isSilent = false
    const list = createLiveList<Item>({
      ...options,
      ask: async (wish) => (isSilent ? { kind: 'silence' } : store.ask(wish)),
    })
    await list.refresh(signal)
    isSilent = true
    await list.refresh(signal)
    expect(list.items.value).toHaveLength(3)
  })
})

test('the list does not grow without end', async () => {
  const store = createStore(range(1, listItemsMax + 1_000))
  const list = createLiveList({ ...options, ask: store.ask })
  await list.refresh(signal)
  while (list.hasMore.value) await list.readOn()

  expect(list.items.value).toHaveLength(listItemsMax)
})

test('merging keeps the order and repeats nothing', () => {
  const merged = mergeNewest(
    [item(5), item(3), item(1)],
    [item(6), item(5, 'new'), item(2)],
    options,
  )

  expect(merged).toEqual([item(6), item(5, 'new'), item(3), item(2), item(1)])
  expect(mergeNewest([item(1)], [], options)).toEqual([item(1)])
})
