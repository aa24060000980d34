/** First in, first out, bounded in bytes: past the bound the oldest are dropped, as in the store. */
export type SendQueue<Item> = {
  /** Returns how many items were dropped to make room; one larger than the bound drops itself. */
  push(item: Item): number
  /** Back to the front, for an item that was taken and could not be sent. Returns as `push`. */
  putBack(item: Item): number
  shift(): Item | undefined
  readonly length: number
  readonly bytes: number
}

/** @param bytesMax Of all bodies together; past it the oldest items are dropped. */
export function createSendQueue<Item extends { readonly body: Uint8Array }>(
  bytesMax: number,
): SendQueue<Item> {
  const items: Item[] = []
  let bytes = 0

  const shift = () => {
    const item = items.shift()
    bytes -= item?.body.length ?? 0
    return item
  }
  const dropOldest = () => {
    let dropped = 0
    for (; bytes > bytesMax; dropped += 1) shift()
    return dropped
  }

  return {
    get length() {
      return items.length
    },
    get bytes() {
      return bytes
    },
    push(item) {
      items.push(item)
      bytes += item.body.length
      return dropOldest()
    },
    putBack(item) {
      items.unshift(item)
      bytes += item.body.length
      return dropOldest()
    },
    shift,
  }
}
