import { expected } from './parameters.ts'

/**
 * A moment of arrival, as answers give it (`arrival`) and queries give it back (`since`): `mib2k1x9-57`, the
 * collector's run and the number of the last arrival.
 *
 * Another run of the collector counts from 0, so a mark of another run means nothing: everything is new.
 */
export type ArrivalMarks = {
  render(arrival: number): string
  /**
   * The number behind a mark; 0 for one of another run.
   *
   * @throws QueryProblem 400
   */
  parse(text: string, name: string): number
}

/** @param startedMillis Tells this run of the collector from others. */
export function createArrivalMarks(startedMillis: number): ArrivalMarks {
  const run = startedMillis.toString(36)
  return {
    render: (arrival) => `${run}-${arrival}`,
    parse(text, name) {
      const [, ownRun, arrival] = /^([0-9a-z]{1,13})-(\d{1,15})$/.exec(text) ?? []
      if (arrival === undefined) throw expected(name, 'the arrival of an answer', text)
      return ownRun === run ? Number(arrival) : 0
    },
  }
}
