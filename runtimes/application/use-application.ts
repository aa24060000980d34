import { join } from 'node:path'
import type { Plugin } from 'esbuild'
import { projectFolder } from '../processes/project-folder.ts'
import { bundleFileName } from './served.ts'

const ownFile = join(projectFolder, 'runtimes', 'application.ts')

/** Bundles an adapter with the application of a bundle, instead of the one of this repository. */
export function useApplication(folder: string): Plugin {
  return {
    name: 'use-application',
    setup({ onResolve }) {
      onResolve({ filter: /\/application\.ts$/ }, ({ path, resolveDir }) =>
        join(resolveDir, path) === ownFile ? { path: join(folder, bundleFileName) } : undefined,
      )
    },
  }
}
