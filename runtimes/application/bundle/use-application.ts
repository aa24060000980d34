import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin } from 'rolldown'
import { projectFolder } from '../../processes/project-folder.ts'
import type { AppBundle } from '../served.ts'

const ownFile = join(projectFolder, 'runtimes', 'application.ts')

/**
 * Bundles an adapter with the application of another module, instead of the one of this repository.
 *
 * @param besideForeign Comes ahead of it, if it is from elsewhere.
 */
export function useApplication(
  { file, isForeign }: Pick<AppBundle, 'file' | 'isForeign'>,
  besideForeign: string | undefined,
): Plugin {
  const ahead = isForeign ? besideForeign : undefined
  const both = '\0application'
  return {
    name: 'use-application',
    resolveId: {
      filter: { id: /\/application\.ts$/ },
      handler(id, importer) {
        if (join(importer ?? '', '..', id) !== ownFile) return undefined
        return ahead === undefined ? file : both
      },
    },
    load: {
      filter: { id: /^\0application$|\.mjs$/ },
      async handler(id) {
        if (id === both)
          return `import ${JSON.stringify(ahead)}\nexport { default } from ${JSON.stringify(file)}`
        // Bundled before: a stack is to lead past that, to the source.
        if (id === file && isForeign)
          return { code: await readFile(file, 'utf8'), map: await readFile(`${file}.map`, 'utf8') }
        return undefined
      },
    },
  }
}
