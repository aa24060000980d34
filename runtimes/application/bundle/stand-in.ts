// Stands for what only one platform has, while an app of that platform is read in Node: `const { write } = Bun`, or
// `import { Database } from 'bun:sqlite'`. Whatever is asked of it is it again. It is waited for by nobody, holds
// nothing, and is an empty text.
const standIn: unknown = new Proxy(function standIn() {}, {
  get(_, name) {
    if (name === Symbol.toPrimitive) return () => ''
    if (name === Symbol.iterator) return () => [].values()
    return name === 'then' || typeof name === 'symbol' ? undefined : standIn
  },
  apply: () => standIn,
  construct: () => Object(standIn),
  // What a bundler makes of it inherits from it.
  getPrototypeOf: () => Object(standIn),
})

export { standIn, standIn as Bun, standIn as Deno }
