import { describeError } from '../../observability/plumbing/describe-error.ts'

/** What went wrong in an app, with the first place of its own that the stack names, such as `/shop/src/app.ts:7:9`. */
export function describeAppError(error: unknown): string {
  // It is thrown in a bundle, where its class is another.
  const isOurs = error instanceof Error && error.name === 'UnusableExportError'
  const stack = error instanceof Error && !isOurs ? (error.stack ?? '') : ''
  const places = [...stack.matchAll(/^\s+at .*?(?:file:\/\/)?(\/[^\s()]+:\d+:\d+)\)?$/gm)]
  const place = places.map(([, path = '']) => path).find((path) => !path.includes('/node_modules/'))
  return `${describeError(error)}${place === undefined ? '' : `, at ${place}`}`
}
