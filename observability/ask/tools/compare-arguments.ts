import * as v from 'valibot'
import {
  byArgument,
  endArgument,
  runArgument,
  startArgument,
  textArgument,
  traceIdArgument,
  whereArgument,
} from './arguments.ts'

/** Which comparison is meant, the same for `compare` and `explain`. */
export const compareArguments = {
  by: byArgument,
  traces: v.exactOptional(
    v.pipe(
      v.array(traceIdArgument),
      v.length(2),
      v.description('Two trace ids instead: the second is compared with the first'),
    ),
  ),
  runs: v.exactOptional(
    v.pipe(
      v.array(textArgument),
      v.minLength(2),
      v.maxLength(5),
      v.description('Runs instead: ids of overview, last, current; with the first of them'),
    ),
  ),
  since: v.exactOptional(
    v.pipe(
      textArgument,
      v.description('A mark instead: what began since is compared with what began before'),
    ),
  ),
  reference: v.exactOptional(
    v.pipe(textArgument, v.description('The group that the others are compared with')),
  ),
  where: whereArgument,
  start: startArgument,
  end: endArgument,
  run: runArgument,
}

/** The arguments of a comparison, checked. */
export type CompareRequest = v.InferOutput<v.StrictObjectSchema<typeof compareArguments, undefined>>
