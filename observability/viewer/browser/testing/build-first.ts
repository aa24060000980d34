import { buildViewer } from '../../build.ts'

/** Vitest's global set-up: the page is of the sources that are tested. */
export default async function setup(): Promise<void> {
  await buildViewer()
}
