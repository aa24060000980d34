import { join } from 'node:path'
import type { Plugin } from 'rolldown'
import { projectFolder } from '../../processes/project-folder.ts'
import { bundleFileName } from '../served.ts'

const ownFile = join(projectFolder, 'runtimes', 'application.ts')

/** Bundles an adapter with the application of a bundle, instead of the one of this repository. */
export function useApplication(folder: string): Plugin {
  return {
    name: 'use-application',
    resolveId: {
      filter: { id: /\/application\.ts$/ },
      handler: (id, importer) =>
        join(importer ?? '', '..', id) === ownFile ? join(folder, bundleFileName) : undefined,
    },
  }
}
