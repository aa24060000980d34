import { NoTraces } from '../chrome/no-traces.tsx'
import { Empty, Waiting } from '../chrome/parts.tsx'
import { RuntimeName } from '../chrome/runtime-name.tsx'
import { readOverview } from '../overview/overview-answer.ts'
import { viewHref } from '../state/address.ts'
import { ask, fromJson } from '../state/ask.ts'
import { countOf } from '../state/format.ts'
import { usePolled } from '../state/use-polled.ts'

const refreshMillis = 5_000

/** The choices: every stored operation, with its runtimes. */
export function CompareChooser() {
  const polled = usePolled(
    'operations',
    (signal) => ask('/api/overview?buckets=2', fromJson(readOverview), signal),
    refreshMillis,
  )
  const { value: overview, problem } = polled.value
  if (problem !== undefined)
    return (
      <Empty title="The collector cannot answer this" isView>
        <p>{problem}</p>
      </Empty>
    )
  if (overview === undefined) {
    return (
      <section class="view" aria-busy="true">
        <Waiting />
      </section>
    )
  }
  const groups = [...Map.groupBy(overview.operations, ({ operation }) => operation)]
  return (
    <section class="view" aria-labelledby="view-title">
      <div class="view-head">
        <h1 id="view-title" tabIndex={-1}>
          Compare
        </h1>
        <p class="muted">
          Choose an operation to lay its latest requests on all runtimes over each other, or select
          traces <a href="/traces">in the list</a>.
        </p>
      </div>
      {groups.length === 0 ? (
        <NoTraces what="requests" />
      ) : (
        <ul class="choices">
          {groups.map(([operation, all]) => (
            <li key={operation}>
              <a href={viewHref('compare', { operation })}>{operation || '(no name)'}</a>
              <span class="choice-runtimes">
                {[...all]
                  .sort((a, b) => ((a.runtime ?? '') < (b.runtime ?? '') ? -1 : 1))
                  .map(({ runtime, calls }) => (
                    <span key={runtime}>
                      <RuntimeName name={runtime} />{' '}
                      <span class="muted">{countOf(calls, 'request')}</span>
                    </span>
                  ))}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
