import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { parse } from 'yaml'
import { projectFolder } from '../processes/project-folder.ts'

/** The parts of `lambda-template.yaml` that a local run needs. */
export type FunctionManifest = {
  /** Such as `index.handler`. */
  readonly handler: string
  readonly memoryMegabytes: number
  readonly timeoutSeconds: number
}

const template = v.object({
  Resources: v.object({
    TodoFunction: v.object({
      Properties: v.object({
        Handler: v.string(),
        MemorySize: v.number(),
        Timeout: v.number(),
      }),
    }),
  }),
})

export const templatePath = join(projectFolder, 'runtimes', 'lambda', 'lambda-template.yaml')

/** Reads the template that a deployment uses, so that a local run is of the same function. */
export async function readFunctionManifest(): Promise<FunctionManifest> {
  // Silent, because the short forms of CloudFormation's functions (`!Ref`) are tags that YAML does not know.
  const parsed: unknown = parse(await readFile(templatePath, 'utf8'), { logLevel: 'silent' })
  const { Handler, MemorySize, Timeout } = v.parse(template, parsed).Resources.TodoFunction
    .Properties
  return { handler: Handler, memoryMegabytes: MemorySize, timeoutSeconds: Timeout }
}
