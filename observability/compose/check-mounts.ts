import type { Problem } from './compose-file.ts'
import type { Service, Stack } from './services.ts'

type Mount = { readonly source: string | undefined; readonly isReadOnly: boolean }

/**
 * Files that are not there, files that a container could change, and data in a volume that nobody would find again.
 *
 * @param exists Whether there is such a file or folder, relative to the file's own folder.
 */
export function checkMounts(stack: Stack, exists: (path: string) => boolean): readonly Problem[] {
  const used = new Set<string>()
  const problems = stack.services.flatMap(({ name, volumes }) =>
    volumes.flatMap((volume, at): readonly Problem[] => {
      const path = ['services', name, 'volumes', at]
      const { source, isReadOnly } = readMount(volume)
      if (source === undefined)
        return [{ path, message: 'a volume without a name is lost with its container' }]
      if (!/^[./~]/.test(source)) {
        used.add(source)
        return stack.volumes.includes(source)
          ? []
          : [{ path, message: `${source}: expected it among the volumes at the top level` }]
      }
      if (!source.startsWith('./'))
        return [{ path, message: `${source}: expected a path that begins with ./` }]
      if (!exists(source))
        return [{ path, message: `${source}: there is no such file; a folder would be made` }]
      return isReadOnly ? [] : [{ path, message: `${source}: expected :ro at the end` }]
    }),
  )
  const unused = stack.volumes.filter((name) => !used.has(name))
  return [
    ...problems,
    ...unused.map((name) => ({ path: ['volumes', name], message: 'nothing uses it' })),
  ]
}

function readMount(volume: Service['volumes'][number]): Mount {
  if (typeof volume === 'object')
    return { source: volume.source, isReadOnly: volume.read_only === true }
  const [source, target, mode = ''] = volume.split(':')
  return {
    source: target === undefined ? undefined : source,
    isReadOnly: mode.split(',').includes('ro'),
  }
}
