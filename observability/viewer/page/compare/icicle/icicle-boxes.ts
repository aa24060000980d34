import type { LaneStepTime, StepTime } from '../../../../comparison/latency/step-times.ts'

/** A step of one lane as a box, as wide as the step and all below it took. */
export type IcicleBox = {
  readonly step: StepTime
  readonly own: LaneStepTime
  /** Index of the box of its parent; -1 at the top. */
  readonly parent: number
  readonly leftMillis: number
}

/** A box that is narrower is not drawn; deeper ones neither. */
const shareMin = 0.004
export const icicleLevelsMax = 10

/**
 * Lays the steps of one lane out: each below the one that it is part of, side by side.
 *
 * @param wholeMillis What the whole width stands for.
 */
export function layOutIcicle(
  steps: readonly StepTime[],
  lane: string,
  wholeMillis: number,
): readonly IcicleBox[] {
  const boxes: IcicleBox[] = []
  const places = new Map<StepTime | null, { index: number; nextMillis: number }>([
    [null, { index: -1, nextMillis: 0 }],
  ])
  for (const step of steps) {
    const own = step.lanes.get(lane)
    const place = places.get(step.parent)
    if (own === undefined || place === undefined || step.depth >= icicleLevelsMax) continue
    if (own.totalMillis <= 0 || own.totalMillis < wholeMillis * shareMin) continue
    places.set(step, { index: boxes.length, nextMillis: place.nextMillis })
    boxes.push({ step, own, parent: place.index, leftMillis: place.nextMillis })
    place.nextMillis += own.totalMillis
  }
  return boxes
}

/** The box that an arrow key leads to, by its index; `undefined` for another key, or at the edge. */
export function readIcicleMove(
  key: string,
  boxes: readonly IcicleBox[],
  from: number,
): number | undefined {
  const at = boxes[from]
  if (at === undefined) return undefined
  const level = boxes.flatMap(({ step }, index) => (step.depth === at.step.depth ? [index] : []))
  const moves: Readonly<Record<string, number | undefined>> = {
    ArrowUp: at.parent,
    ArrowDown: boxes.findIndex(({ parent }) => parent === from),
    ArrowLeft: level[level.indexOf(from) - 1],
    ArrowRight: level[level.indexOf(from) + 1],
    Home: 0,
    End: boxes.length - 1,
  }
  const to = Object.hasOwn(moves, key) ? moves[key] : undefined
  return to === -1 ? undefined : to
}
