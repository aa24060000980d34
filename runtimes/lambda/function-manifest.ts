import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { parse } from 'yaml'
import { projectFolder } from '../processes/project-folder.ts'

/** The parts of `lambda-template.yaml` that a local run needs. */
export type FunctionManifest = {
  /** Of the application, which describes the stack. */
  readonly name: string
  /** Whether it is given a `DATABASE_URL`. */
  readonly hasDatabase: boolean
  /** Such as `index.handler`. */
  readonly handler: string
  readonly memoryMegabytes: number
  readonly timeoutSeconds: number
}

const template = v.object({
  Description: v.string(),
  Resources: v.object({
    ApiFunction: v.object({
      Properties: v.object({
        Handler: v.string(),
        MemorySize: v.number(),
        Timeout: v.number(),
        Environment: v.object({ Variables: v.record(v.string(), v.unknown()) }),
      }),
    }),
  }),
})

/** The AWS SAM template that `sam deploy` uses. */
export const templatePath = join(projectFolder, 'runtimes', 'lambda', 'lambda-template.yaml')

/** Reads the template that a deployment uses, so that a local run is of the same function. */
export async function readFunctionManifest(): Promise<FunctionManifest> {
  // Silent, because the short forms of CloudFormation's functions (`!Ref`) are tags that YAML does not know.
  const parsed: unknown = parse(await readFile(templatePath, 'utf8'), { logLevel: 'silent' })
  const { Description, Resources } = v.parse(template, parsed)
  const { Handler, MemorySize, Timeout, Environment } = Resources.ApiFunction.Properties
  return {
    name: Description,
    hasDatabase: 'DATABASE_URL' in Environment.Variables,
    handler: Handler,
    memoryMegabytes: MemorySize,
    timeoutSeconds: Timeout,
  }
}
