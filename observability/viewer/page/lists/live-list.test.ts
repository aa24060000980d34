import { describe, expect, test } from 'vitest'
import type { ListPage } from '../state/asking/answers.ts'
import type { Asked } from '../state/asking/ask.ts'
import { createLiveList, type ListWish, listItemsMax, mergeNewest } from './live-list.ts'

type Item = { readonly id: number; readonly start: bigint; readonly note?: string }

const options = {
  keyOf: ({ id }: Item) => String(id),
  orderOf: ({ start }: Item) => start,
}
const second = 1_000_000_000n
const item = (id: number, note?: string): Item => ({
  id,
  start: BigInt(id) * second,
  ...(note === undefined ? {} : { note }),
})
const signal = new AbortController().signal
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => item(from + n))
const ids = (items: readonly Item[]) => items.map(({ id }) => id)

/** A store of items that answers as the collector does. */
function createStore(initial: readonly Item[]) {
  const arrived = new Map<number, { readonly item: Item; readonly arrival: number }>()
  const wishes: ListWish[] = []
  let arrival = 0
  const add = (items: readonly Item[]) => {
    for (const one of items) {
      arrival += 1
      arrived.set(one.id, { item: one, arrival })
    }
  }
  add(initial)
  const ask = async (wish: ListWish): Promise<Asked<ListPage<Item>>> => {
    wishes.push(wish)
    const sorted = [...arrived.values()]
      .filter((one) => one.arrival > Number(wish.since ?? 0))
      .map((one) => one.item)
      .filter(({ id }) => wish.next === undefined || id < Number(wish.next))
      .sort((a, b) => b.id - a.id)
    const page = sorted.slice(0, wish.limit)
    const next = sorted.length > wish.limit ? String(page.at(-1)?.id) : null
    return { kind: 'answer', value: { items: page, next, arrival: String(arrival) } }
  }
  return { ask, wishes, add }
}

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
  expect(ids(list.items.value)).toEqual(ids(range(1, 700)).reverse())
  expect(store.wishes).toHaveLength(3)
})

test('a refresh asks for what has arrived or changed, and puts it in its place', async () => {
  const store = createStore(range(1, 50))
  const list = createLiveList({ ...options, ask: store.ask })
  await list.refresh(signal)
  store.add([item(49, 'has more spans now'), item(51)])
  await list.refresh(signal)

  expect(store.wishes[1]).toEqual({ since: '50', limit: 500 })
  expect(list.items.value.slice(0, 3)).toEqual([item(51), item(50), item(49, 'has more spans now')])
  expect(list.items.value).toHaveLength(51)
})

test('what began long ago and is sent late comes to its place', async () => {
  const store = createStore([item(1), ...range(100, 120)])
  const list = createLiveList({ ...options, ask: store.ask })
  await list.refresh(signal)
  store.add([item(50), item(0)])
  await list.refresh(signal)

  expect(ids(list.items.value).slice(-3)).toEqual([50, 1, 0])
})

test('what belongs behind the last item that was read waits until somebody reads on', async () => {
  const store = createStore(range(1_000, 1_200))
  const list = createLiveList({ ...options, ask: store.ask })
  await list.refresh(signal)
  store.add([item(5), item(1_201)])
  await list.refresh(signal)
  expect(ids(list.items.value).slice(-1)).toEqual([1_101])
  expect(ids(list.items.value)[0]).toBe(1_201)
  await list.readOn()

  expect(ids(list.items.value)).toEqual([...ids(range(1_000, 1_201)).reverse(), 5])
})

test('what somebody has read is kept when several pages come at once', async () => {
  const store = createStore(range(1, 50))
  const list = createLiveList({ ...options, ask: store.ask })
  await list.refresh(signal)
  store.add(range(51, 3_000))
  await list.refresh(signal)

  expect(ids(list.items.value)).toEqual(ids(range(1, 3_000)).reverse())
})

test('when more comes than anybody could follow, the list starts afresh without a hole', async () => {
  const store = createStore(range(1, 50))
  const list = createLiveList({ ...options, ask: store.ask })
  await list.refresh(signal)
  store.add(range(51, 6_000))
  await list.refresh(signal)
  expect(ids(list.items.value)).toEqual(ids(range(5_501, 6_000)).reverse())
  await list.readOn()
  expect(list.items.value).toHaveLength(1_000)
  store.add([item(6_001)])
  await list.refresh(signal)

  expect(ids(list.items.value)[0]).toBe(6_001)
})

test('an answer that comes after the list was cleared is not taken', async () => {
  const waiting = Promise.withResolvers<Asked<ListPage<Item>>>()
  const list = createLiveList({ ...options, ask: () => waiting.promise })
  const refreshed = list.refresh(signal)
  list.clear()
  waiting.resolve({ kind: 'answer', value: { items: [item(1)], next: null, arrival: '1' } })
  await refreshed

  expect(list.items.value).toEqual([])
})

test('a cleared list asks for everything', async () => {
  const store = createStore(range(1, 3))
  const list = createLiveList({ ...options, ask: store.ask })
  await list.refresh(signal)
  list.clear()
  await list.refresh(signal)

  expect(store.wishes[1]).toEqual({ limit: 100 })
  expect(list.items.value).toHaveLength(3)
})

describe('without an answer', () => {
  test('a problem is told, and forgotten with the next answer', async () => {
    const answers: Asked<ListPage<Item>>[] = [
      { kind: 'problem', status: 400, detail: 'limit: expected a number' },
      { kind: 'answer', value: { items: [], next: null, arrival: '0' } },
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

  test('the list stays as it is, and misses nothing afterwards', async () => {
    const store = createStore(range(1, 3))
    let isSilent = false
    const list = createLiveList<Item>({
      ...options,
      ask: async (wish) => (isSilent ? { kind: 'silence' } : store.ask(wish)),
    })
    await list.refresh(signal)
    isSilent = true
    store.add([item(4)])
    await list.refresh(signal)
    expect(list.items.value).toHaveLength(3)
    isSilent = false
    await list.refresh(signal)
    expect(list.items.value).toHaveLength(4)
  })
})

test('the list does not grow without end', async () => {
  const store = createStore(range(1, listItemsMax + 1_000))
  const list = createLiveList({ ...options, ask: store.ask })
  await list.refresh(signal)
  while (list.hasMore.value) await list.readOn()
  expect(list.items.value).toHaveLength(listItemsMax)
  store.add([item(0)])
  await list.refresh(signal)

  expect(ids(list.items.value).at(-1)).toBe(1_001)
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
