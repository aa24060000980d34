import { builtinModules } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { type Plugin, rolldown, type SourceMap } from 'rolldown'
import { describeError } from '../../../observability/plumbing/describe-error.ts'
import { projectFolder } from '../../processes/project-folder.ts'
import { StartError } from '../../processes/start-error.ts'
import type { AppBundle } from '../served.ts'
import { useApplication } from './use-application.ts'

/** A platform that is given one file, without node_modules. */
export type BundledPlatform = {
  /** What its bundle is called where it fails. */
  readonly title: string
  /** The adapter, such as `runtimes/lambda/main.ts`. */
  readonly entry: string
  readonly kind: 'browser' | 'node'
  /** Of packages that have several builds, those that the platform asks for first. */
  readonly conditions: readonly string[]
  readonly mainFields: readonly string[]
  readonly target: string
  /** Modules of ours in place of packages. */
  readonly replaced?: Readonly<Record<string, string>>
  /** A module of ours that comes ahead of an app from elsewhere. */
  readonly besideForeign?: string
}

export type AdapterBundle = { readonly code: string; readonly map: string }

const own = (name: string) => join(import.meta.dirname, name)

/**
 * Bundles an adapter and an application into one file, which is all that is uploaded.
 *
 * @param app Is served instead of the application of this repository.
 * @throws StartError with the bundler's own words.
 */
export async function bundleAdapter(
  platform: BundledPlatform,
  app?: Pick<AppBundle, 'file' | 'isForeign'>,
): Promise<AdapterBundle> {
  try {
    await using bundle = await rolldown({
      input: join(projectFolder, platform.entry),
      cwd: projectFolder,
      platform: platform.kind,
      external: [/^(?:node|cloudflare):/, ...builtinModules],
      resolve: {
        // ES modules come first: of CommonJS nothing can be left out, nor of what it requires.
        conditionNames: [...platform.conditions, 'module'],
        mainFields: [...platform.mainFields],
        alias: {
          'zod/v4/core': own('absent-module.ts'),
          '@opentelemetry/context-async-hooks': own('context-manager.ts'),
          ...platform.replaced,
        },
      },
      transform: { target: platform.target },
      plugins: [
        withoutUnusedOfPg,
        withoutSerializers,
        withoutScenario,
        ...(app === undefined ? [] : [useApplication(app, platform.besideForeign)]),
      ],
      treeshake: { propertyReadSideEffects: false },
      logLevel: 'silent',
    })
    const { output } = await bundle.generate({
      format: 'esm',
      codeSplitting: false,
      comments: false,
      sourcemap: 'hidden',
      sourcemapPathTransform: (source, map) => resolve(dirname(map), source),
      // CommonJS asks for Node's own modules when it runs, and a Worker has no URL.
      ...(platform.kind === 'browser' && {
        banner:
          "import { createRequire as createOwnRequire } from 'node:module'; globalThis.require ??= createOwnRequire('file:///main.js');",
      }),
      ...(app?.isForeign === true ? { keepNames: true } : { minify: createMinify(platform) }),
    })
    const [{ code, map }] = output
    return { code, map: app?.isForeign === true ? renderPlaces(map) : (map?.toString() ?? '') }
  } catch (cause) {
    throw new StartError(`rolldown could not bundle ${platform.title}: ${describeError(cause)}`, {
      cause,
    })
  }
}

/** Of a map what a stack needs: without the sources themselves, a quarter of it. */
function renderPlaces(map: SourceMap | null): string {
  return JSON.stringify({ version: 3, sources: map?.sources, names: [], mappings: map?.mappings })
}

/**
 * Names stand in stacks and in spans, and so they are kept. Only a Worker's functions lose theirs: they are 4 % of what is
 * uploaded, and of what each isolate reads.
 */
function createMinify({ kind }: BundledPlatform) {
  const keepNames = { function: kind === 'node', class: true }
  return { compress: { keepNames }, mangle: { keepNames }, codegen: true }
}

/**
 * pg would load its native client for a variable of its own, and it needs a package that no bundle has. Certificates it
 * reads for an option that is never set.
 */
const withoutUnusedOfPg: Plugin = {
  name: 'without-unused-of-pg',
  resolveId: {
    filter: { id: /^\.\/(?:native|cert-signatures)$/ },
    handler: (_, importer) =>
      importer?.includes('/node_modules/pg/') === true ? own('absent-module.ts') : undefined,
  },
}

/** Spans and records are encoded here, and the exporters hand them over: 1,500 bytes of what is uploaded. */
const withoutSerializers: Plugin = {
  name: 'without-serializers',
  resolveId: {
    filter: { id: /^@opentelemetry\/otlp-transformer$/ },
    handler: (_, importer) =>
      importer?.startsWith(exporters) === true ? own('no-serializers.ts') : undefined,
  },
}
const exporters = join(projectFolder, 'node_modules', '@opentelemetry', 'exporter-')

/** What is asked of a service is for `compare` and `load`; a service never reads it. */
const withoutScenario: Plugin = {
  name: 'without-scenario',
  load: {
    filter: { id: /\/src\/scenario\.ts$/ },
    handler: () => 'export const scenario = undefined',
  },
}
