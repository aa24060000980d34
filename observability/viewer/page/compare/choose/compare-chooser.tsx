import { Nothing } from '../../chrome/nothing.tsx'
import { Empty, Waiting } from '../../chrome/parts.tsx'
import { RuntimeName } from '../../chrome/runtime-name.tsx'
import { GroupChoice } from '../../find/group-choice.tsx'
import { TimeField } from '../../find/time-field.tsx'
import { type Parameters, readParameter, readParameters, viewHref } from '../../state/address.ts'
import { usePolled } from '../../state/asking/use-polled.ts'
import { countOf } from '../../state/format.ts'
import { describeOne } from '../describe-one.ts'
import { fetchChoices, type OperationChoice } from './fetch-choices.ts'

const refreshMillis = 5_000

/** The choices: every operation that two groups have, and why the others are none. */
export function CompareChooser({ parameters }: { readonly parameters: Parameters }) {
  const between = readParameters(parameters, 'between')
  const polled = usePolled(
    JSON.stringify(parameters),
    (signal) => fetchChoices(parameters, signal),
    refreshMillis,
  )
  const { value: choices, problem } = polled.value
  if (problem !== undefined)
    return (
      <Empty title="The collector cannot answer this" isView>
        <p>{problem}</p>
      </Empty>
    )
  if (choices === undefined) {
    return (
      <section class="view" aria-busy="true">
        <Waiting />
      </section>
    )
  }
  const by = readParameter(parameters, 'by') || 'runtime'
  const what =
    between.length > 0 ? 'the two runs' : by === 'runtime' ? 'all runtimes' : `each ${by}`
  const isOffered = ({ groups }: OperationChoice) => groups.length > 1
  const others = choices.filter((choice) => !isOffered(choice))
  return (
    <section class="view" aria-labelledby="view-title">
      <div class="view-head">
        <h1 id="view-title" tabIndex={-1}>
          Compare
        </h1>
        <p class="muted">
          Choose an operation to lay its latest requests on {what} over each other, or select traces{' '}
          <a href={viewHref('traces')}>in the list</a>.
        </p>
      </div>
      <div class="filters">
        {between.length === 0 && <GroupChoice path="/compare" parameters={parameters} />}
        <TimeField path="/compare" parameters={parameters} />
      </div>
      {choices.length === 0 && (
        <Nothing what="requests" view="compare" parameters={parameters} conditions={[]} />
      )}
      {choices.some(isOffered) && (
        <ul class="choices">
          {choices.filter(isOffered).map((choice) => (
            <li key={choice.operation}>
              <a href={viewHref('compare', { operation: choice.operation }, parameters)}>
                {choice.operation || '(no name)'}
              </a>
              <Groups choice={choice} />
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <>
          <h2 class="choices-title">Cannot be compared like this</h2>
          <ul class="choices is-refused">
            {others.map((choice) => (
              <li key={choice.operation}>
                <span>
                  {describeOne(choice.operation, choice.groups[0]?.name ?? '', between.length > 0)}
                </span>
                <Groups choice={choice} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function Groups({ choice }: { readonly choice: OperationChoice }) {
  return (
    <span class="choice-runtimes">
      {choice.groups.map(({ name, calls }) => (
        <span key={name}>
          <RuntimeName name={name} /> <span class="muted">{countOf(calls, 'request')}</span>
        </span>
      ))}
    </span>
  )
}
