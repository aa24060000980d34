import * as v from 'valibot'
import type { ComposeFile } from './compose-file.ts'
import type { Stage } from './parse-dockerfile.ts'

const text = v.union([v.string(), v.number(), v.boolean(), v.null()])

/** The attributes that the rules look at; the schema has been asked before. */
const serviceSchema = v.looseObject({
  image: v.optional(v.string()),
  build: v.optional(
    v.union([v.string(), v.looseObject({ context: v.string(), target: v.optional(v.string()) })]),
  ),
  environment: v.optional(v.union([v.array(v.string()), v.record(v.string(), text)]), []),
  depends_on: v.optional(
    v.union([v.array(v.string()), v.record(v.string(), v.object({ condition: v.string() }))]),
    [],
  ),
  ports: v.optional(
    v.array(
      v.union([
        v.string(),
        v.number(),
        v.looseObject({ target: v.number(), host_ip: v.optional(v.string()) }),
      ]),
    ),
    [],
  ),
  volumes: v.optional(
    v.array(
      v.union([
        v.string(),
        v.looseObject({
          type: v.string(),
          source: v.optional(v.string()),
          read_only: v.optional(v.boolean()),
        }),
      ]),
    ),
    [],
  ),
  command: v.optional(v.union([v.string(), v.array(v.string())]), []),
  networks: v.optional(v.union([v.array(v.string()), v.record(v.string(), v.unknown())]), []),
  healthcheck: v.optional(
    v.looseObject({ disable: v.optional(v.boolean()), test: v.optional(v.unknown()) }),
  ),
  logging: v.optional(v.looseObject({ options: v.optional(v.record(v.string(), text), {}) })),
  restart: v.optional(v.string()),
  stop_grace_period: v.optional(v.string()),
  mem_limit: v.optional(v.union([v.string(), v.number()])),
  user: v.optional(v.string()),
  read_only: v.optional(v.boolean(), false),
  privileged: v.optional(v.boolean(), false),
  network_mode: v.optional(v.string()),
  cap_drop: v.optional(v.array(v.string()), []),
  cap_add: v.optional(v.array(v.string()), []),
  security_opt: v.optional(v.array(v.string()), []),
  'x-root': v.optional(v.string()),
  'x-writable': v.optional(v.string()),
  'x-no-health-check': v.optional(v.string()),
})

const composeSchema = v.looseObject({
  services: v.record(v.string(), serviceSchema),
  volumes: v.optional(v.record(v.string(), v.unknown()), {}),
  networks: v.optional(v.record(v.string(), v.unknown()), {}),
})

export type Service = v.InferOutput<typeof serviceSchema> & {
  readonly name: string
  /** What it is built from; none when it is an image of somebody else's. */
  readonly stage: Stage | undefined
  /** Whether it does one thing and ends: others wait for that. */
  readonly isOneShot: boolean
  readonly hasHealthCheck: boolean
}

export type Stack = {
  readonly services: readonly Service[]
  /** Declared at the top level. */
  readonly volumes: readonly string[]
  readonly networks: readonly string[]
}

/** What the rules look at, of a file that the schema has nothing against. */
export function readStack({ root }: ComposeFile, stages: readonly Stage[]): Stack {
  const { services, volumes, networks } = v.parse(composeSchema, root)
  const all = Object.entries(services)
  const waitedFor = new Set(
    all.flatMap(([, { depends_on }]) =>
      listDependencies(depends_on).flatMap(({ name, condition }) =>
        condition === 'service_completed_successfully' ? [name] : [],
      ),
    ),
  )
  return {
    volumes: Object.keys(volumes),
    networks: [...Object.keys(networks), 'default'],
    services: all.map(([name, service]) => {
      const { build, healthcheck } = service
      const target = typeof build === 'object' ? build.target : undefined
      const stage = stages.find((one) => one.name === target)
      const isChecked =
        healthcheck?.test !== undefined ||
        stage?.instructions.some(({ keyword }) => keyword === 'HEALTHCHECK') === true
      return {
        ...service,
        name,
        stage,
        isOneShot: waitedFor.has(name),
        hasHealthCheck: isChecked && healthcheck?.disable !== true,
      }
    }),
  }
}

export function listDependencies(
  depends: Service['depends_on'],
): readonly { readonly name: string; readonly condition: string | null }[] {
  if (Array.isArray(depends)) return depends.map((name) => ({ name, condition: null }))
  return Object.entries(depends).map(([name, { condition }]) => ({ name, condition }))
}

/** Both ways of writing variables down, with the place of each. */
export function listVariables(
  environment: Service['environment'],
): readonly { readonly name: string; readonly value: string; readonly at: string | number }[] {
  if (!Array.isArray(environment))
    return Object.entries(environment).map(([name, value]) => ({
      name,
      value: String(value ?? ''),
      at: name,
    }))
  return environment.map((line, at) => {
    const [name = '', ...value] = line.split('=')
    return { name, value: value.join('='), at }
  })
}
