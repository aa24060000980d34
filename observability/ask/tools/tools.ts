import { findTraces } from './find-traces.ts'
import { overview } from './overview.ts'
import type { Tool } from './tool.ts'

/** From outline to detail. */
export const tools: readonly Tool[] = [overview, findTraces]
