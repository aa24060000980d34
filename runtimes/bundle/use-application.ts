import { join } from 'node:path'
import type { Plugin } from 'rolldown'
import { projectFolder } from '../processes/project-folder.ts'

const ownFile = join(projectFolder, 'runtimes', 'application.ts')

/** Bundles an adapter with the application of another module, instead of the one of this repository. */
export function useApplication(file: string): Plugin {
  return {
    name: 'use-application',
    resolveId: {
      filter: { id: /\/application\.ts$/ },
      handler: (id, importer) => (join(importer ?? '', '..', id) === ownFile ? file : undefined),
    },
  }
}
