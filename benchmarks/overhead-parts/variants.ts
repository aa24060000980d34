import { join } from 'node:path'
import { environmentOf, type Launcher } from '../../runtimes/launch/launcher.ts'
import { launcherOf } from '../../runtimes/launch/launchers.ts'
import { projectFolder } from '../../runtimes/processes/project-folder.ts'
import type { Runtime } from '../../runtimes/runtime.ts'

/** One way to run a runtime for the measurement: its launcher and the variables that select the telemetry. */
export type Variant = {
  readonly name: string
  readonly launcher: Launcher
  readonly variables: Readonly<Record<string, string>>
  /** What must arrive of every request; anything else is an error. */
  readonly arrives: 'spans and log records' | 'nothing' | 'its own spans'
}

/** The ways in which a runtime can be observed; the first is the service without telemetry. */
export function createVariants(runtime: Runtime): readonly Variant[] {
  const launcher = launcherOf(runtime)
  const bare: Variant = {
    name: 'bare',
    launcher,
    variables: { OTEL_SDK_DISABLED: 'true' },
    arrives: 'nothing',
  }
  const ours: Variant = {
    name: 'ours',
    launcher,
    variables: {},
    arrives: 'spans and log records',
  }
  const all: readonly Variant[] = [
    bare,
    ours,
    {
      ...ours,
      name: 'unsampled',
      variables: { OTEL_TRACES_SAMPLER: 'always_off', OTEL_LOGS_EXPORTER: 'none' },
      arrives: 'nothing',
    },
    {
      ...ours,
      name: 'not-sent',
      variables: { OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' },
      arrives: 'nothing',
    },
  ]
  if (runtime.name === 'deno') return [...all, denosOwn(launcher)]
  if (runtime.name === 'node')
    return [
      ...all,
      { ...ours, name: 'stock', launcher: { ...launcher, createCommand: startStock } },
    ]
  return all
}

const startStock: Launcher['createCommand'] = async (settings) => ({
  program: process.execPath,
  args: [join(projectFolder, 'benchmarks', 'stock-telemetry.ts')],
  env: environmentOf(settings),
})

/** Deno heeds OTEL_SDK_DISABLED too, so that ours is switched off from within the program. */
function denosOwn(launcher: Launcher): Variant {
  const main = join(projectFolder, 'benchmarks', 'overhead-parts', 'deno-without-ours.ts')
  return {
    name: 'deno-own',
    launcher: {
      ...launcher,
      async createCommand(settings) {
        const command = await launcher.createCommand(settings)
        return { ...command, args: [...command.args.slice(0, -1), main] }
      },
    },
    variables: { OTEL_DENO: 'true', OTEL_DENO_TRACING: 'true' },
    arrives: 'its own spans',
  }
}
