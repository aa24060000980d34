import type { Problem } from './compose-file.ts'
import type { Stage } from './parse-dockerfile.ts'
import type { Stack } from './services.ts'

/** A tag of a release, or a digest: what is pulled next year is what was tried. */
const pinned = /(:v?\d+\.\d+[\w.-]*|@sha256:[0-9a-f]{64})$/

/** Images without a release in their tag, and stages to build that are not there. */
export function checkImages({ services }: Stack): readonly Problem[] {
  return services.flatMap(({ name, image, build, stage }): readonly Problem[] => {
    const path = ['services', name]
    if (image !== undefined && !pinned.test(image))
      return [{ path: [...path, 'image'], message: `${image}: ${expected}` }]
    if (build !== undefined && stage === undefined)
      return [{ path: [...path, 'build'], message: 'expected a target that is in the Dockerfile' }]
    return []
  })
}

/** The same of what our own images are built from, as `Dockerfile:line: …`. */
export function checkBases(stages: readonly Stage[]): readonly string[] {
  return (
    stages
      // A name counts from the next stage on: `FROM node AS node` is the image.
      .filter(
        ({ base }, at) =>
          !stages.slice(0, at).some(({ name }) => name === base) && !pinned.test(base),
      )
      .map(({ base, line }) => `Dockerfile:${line}: ${base}: ${expected}`)
  )
}

const expected = 'expected a tag with a version, such as :1.2, or a digest'
