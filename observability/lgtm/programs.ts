import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryFolder } from '../collector-parity/collector-binary.ts'

/** A program of grafana/otel-lgtm, and the Go module that it is built from. */
export type Program = {
  readonly name: 'prometheus' | 'loki' | 'tempo'
  /** As a person calls it. */
  readonly title: string
  /** The variable that names the path of another one. */
  readonly variable: string
  readonly module: string
  readonly version: string
  /** The main package, below the module. */
  readonly package: string
  readonly buildTags: string
  /** Modules that it needs newer than it says, such as `golang.org/x/net v0.33.0`. */
  readonly newerModules: readonly string[]
  /** Files that are added to the module before it is built, by their path in it. */
  readonly addedFiles: Readonly<Record<string, string>>
  /** What otel-lgtm 0.31 has, where that is not this. */
  readonly inLgtm: string
}

export const programs = {
  prometheus: {
    name: 'prometheus',
    title: 'Prometheus 3.14.0',
    variable: 'PROMETHEUS',
    module: 'github.com/prometheus/prometheus',
    version: 'v0.314.0',
    package: 'cmd/prometheus',
    // Nothing is discovered here, and each cloud's SDK is a minute of building.
    buildTags: 'netgo,remove_all_sd',
    newerModules: [],
    addedFiles: {},
    inLgtm: '3.14.0',
  },
  loki: {
    name: 'loki',
    title: 'Loki 3.7.6',
    variable: 'LOKI',
    module: 'github.com/grafana/loki/v3',
    version: 'v3.7.6',
    package: 'cmd/loki',
    buildTags: 'netgo',
    newerModules: [],
    addedFiles: {},
    inLgtm: '3.7.6',
  },
  // The newest of which there is a Go module: tags since 2.0 do not fit the module's name. It has no
  // TraceQL yet; it takes OTLP and gives a trace by its id as the present one does.
  tempo: {
    name: 'tempo',
    title: 'Tempo 1.5.0',
    variable: 'TEMPO',
    module: 'github.com/grafana/tempo',
    version: 'v1.5.0',
    package: 'cmd/tempo',
    // What it was released with reaches into Go in ways that Go's linker refuses since 1.23.
    buildTags: 'netgo,purego',
    newerModules: ['golang.org/x/net v0.33.0'],
    // It replaces the codec that gRPC registers, so it has to come after. Since 1.21 Go begins with the
    // package that comes first in the alphabet, unless one imports the other.
    addedFiles: {
      'pkg/gogocodec/after_grpc.go':
        'package gogocodec\n\nimport _ "google.golang.org/grpc/encoding/proto"\n',
    },
    inLgtm: '3.0.3',
  },
} as const satisfies Readonly<Record<string, Program>>

/** Why a program is not there, in a sentence for whoever ran the command. */
export class ProgramMissingError extends Error {
  override readonly name = 'ProgramMissingError'
}

/**
 * The program to test with: the one that its variable names, else the one that was built.
 *
 * @throws ProgramMissingError when there is neither.
 */
export function findProgram(
  program: Program,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const given = environment[program.variable]
  if (given !== undefined && given !== '') {
    if (existsSync(given)) return given
    throw new ProgramMissingError(
      `${program.variable}: expected the path of a ${program.name}, got ${JSON.stringify(given)}, which is not there`,
    )
  }
  const built = builtProgramPath(program)
  if (existsSync(built)) return built
  throw new ProgramMissingError(
    `${program.title} is not built; run \`node observability/lgtm/build.ts\``,
  )
}

/** Where the build of this definition stands: another definition is another place. */
export function builtProgramPath(program: Program): string {
  const { title: _, variable: __, inLgtm: ___, ...definition } = program
  const hash = createHash('sha256').update(JSON.stringify(definition)).digest('hex').slice(0, 12)
  const name = process.platform === 'win32' ? `${program.name}.exe` : program.name
  return join(repositoryFolder, '.cache', `lgtm-${hash}`, name)
}
