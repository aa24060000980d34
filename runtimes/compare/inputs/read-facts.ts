import { readFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import type { Report } from '../../../observability/comparison/report/report-schema.ts'
import { projectFolder } from '../../processes/project-folder.ts'

/** What a report says of the tool and of the machine. */
export type Facts = Pick<Report, 'tool'> & Pick<Report['settings'], 'machine'>

/** Reads the version from `package.json`, and the machine from the system. @throws if the file cannot be read. */
export async function readFacts(): Promise<Facts> {
  return { tool: await readTool(), machine: readMachine() }
}

async function readTool(): Promise<Report['tool']> {
  const text = await readFile(join(projectFolder, 'package.json'), 'utf8')
  return v.parse(v.object({ name: v.string(), version: v.string() }), JSON.parse(text))
}

function readMachine(): Report['settings']['machine'] {
  const processors = cpus()
  return {
    platform: `${process.platform}-${process.arch}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    node: process.versions.node,
  }
}
