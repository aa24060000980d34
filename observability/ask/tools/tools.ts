import { compare } from './compare.ts'
import { explain } from './explain.ts'
import { findTraces } from './find-traces.ts'
import { logs } from './logs.ts'
import { mark } from './mark.ts'
import { operations } from './operations.ts'
import { overview } from './overview.ts'
import type { Tool } from './tool.ts'
import { criticalPath } from './trace/critical-path.ts'
import { spans } from './trace/spans.ts'
import { trace } from './trace/trace.ts'

/** From outline to detail. */
export const tools: readonly Tool[] = [
  overview,
  operations,
  findTraces,
  trace,
  spans,
  criticalPath,
  logs,
  compare,
  explain,
  mark,
]
