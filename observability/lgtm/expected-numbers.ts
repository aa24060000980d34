import { SpanKind } from '../otlp/model.ts'
import type { DrivenRequest } from './drive.ts'
import type { Agreement } from './promql/find-mismatches.ts'
import type { Element, Vector } from './promql/select-series.ts'
import { takeQuantile } from './promql/take-quantile.ts'
import type { Scene } from './scene.ts'
import type { Labels } from './spans/span-series.ts'

/** What a panel must say of what was driven, by the panel's title alone: no query is looked at here. */
export type ExpectedNumbers = {
  readonly agreement: Agreement
  readonly calculate: (facts: Facts) => Vector
}

/** Everything that was answered, by whom and how, and over which window a rate is taken. */
export type Facts = Pick<Scene, 'driven' | 'drivenLater' | 'probes' | 'spans'> & {
  readonly rateSeconds: number
}

const byRuntime = ({ runtime }: DrivenRequest): Labels => ({ hono_runtime_name: runtime })
const byName = (request: DrivenRequest): Labels => ({ span_name: nameSpan(request) })
const byBoth = (request: DrivenRequest): Labels => ({ ...byName(request), ...byRuntime(request) })
const byStatus = ({ status }: DrivenRequest): Labels => ({
  http_response_status_code: String(status),
})
const together = (): Labels => ({})

const overview = 'Todo API Overview ›'
const compared = 'Runtimes compared ›'

/** By the name of a query, with everything chosen. */
export const expectedNumbers: Readonly<Record<string, ExpectedNumbers>> = {
  [`${overview} Requests › A`]: count(together),
  [`${overview} Server errors (5xx) › A`]: share(together, 500),
  [`${overview} Client errors (4xx) › A`]: share(together, 400),
  [`${overview} p50 › A`]: quantile(together, 0.5),
  [`${overview} p95 › A`]: quantile(together, 0.95),
  [`${overview} p99 › A`]: quantile(together, 0.99),
  [`${overview} Rate › A`]: rate(byRuntime),
  [`${overview} Errors › A`]: share(together, 500),
  [`${overview} Errors › B`]: share(together, 400),
  [`${overview} Rate by route › A`]: rate(byName),
  [`${overview} Rate by status › A`]: rate(byStatus),
  [`${overview} Server errors by route › A`]: share(byName, 500),
  [`${overview} p95 by route › A`]: quantile(byName, 0.95),
  [`${overview} Top routes › A`]: count(byName),
  [`${overview} Top routes › C`]: share(byName, 500),
  [`${overview} Top routes › D`]: share(byName, 400),
  [`${overview} Top routes › F`]: quantile(byName, 0.95),
  [`${compared} p95 by route and runtime › A`]: quantile(byBoth, 0.95),
  [`${compared} Routes on runtimes › A`]: count(byBoth),
  [`${compared} Routes on runtimes › C`]: share(byBoth, 500),
  [`${compared} Routes on runtimes › D`]: share(byBoth, 400),
  [`${compared} Routes on runtimes › F`]: quantile(byBoth, 0.95),
  [`${compared} Rate › A`]: rate(byRuntime),
  [`${compared} Server errors (5xx) › A`]: share(byRuntime, 500),
  [`${compared} Client errors (4xx) › A`]: share(byRuntime, 400),
  [`${compared} p50 › A`]: quantile(byRuntime, 0.5),
  [`${compared} p95 › A`]: quantile(byRuntime, 0.95),
  [`${compared} p99 › A`]: quantile(byRuntime, 0.99),
}

/** As the span of a request is called. */
export function nameSpan({ method, route }: DrivenRequest): string {
  return route === undefined ? method : `${method} ${route}`
}

function count(by: Grouping): ExpectedNumbers {
  return exact(by, (requests) => requests.length)
}

function rate(by: Grouping): ExpectedNumbers {
  return exact(by, (requests, { rateSeconds }) => requests.length / rateSeconds)
}

/** Of all answers those with such a status; `statusClass` is 400 or 500. */
function share(by: Grouping, statusClass: number): ExpectedNumbers {
  const isMatch = ({ status }: DrivenRequest) => Math.floor(status / 100) * 100 === statusClass
  return exact(by, (requests) => requests.filter(isMatch).length / requests.length)
}

function exact(
  by: Grouping,
  calculate: (requests: readonly DrivenRequest[], facts: Facts) => number,
): ExpectedNumbers {
  return {
    agreement: 'exact',
    calculate: (facts) =>
      group([...facts.driven, ...facts.probes], by, (requests) => ({
        value: calculate(requests, facts),
      })),
  }
}

/** Of the server spans of what was driven once their series were there. */
function quantile(by: Grouping, share: number): ExpectedNumbers {
  return {
    agreement: 'bucket',
    calculate({ drivenLater, spans }) {
      const servers = spans.filter(({ span }) => span.kind === SpanKind.server)
      const seconds = new Map(
        servers.map(({ span }) => [span.traceId, Number(span.endNanos - span.startNanos) / 1e9]),
      )
      return group(drivenLater, by, (requests) =>
        takeQuantile(
          share,
          requests.map(({ traceId }) => seconds.get(traceId) ?? Number.NaN),
        ),
      )
    },
  }
}

type Grouping = (request: DrivenRequest) => Labels

function group(
  driven: readonly DrivenRequest[],
  by: Grouping,
  calculate: (requests: readonly DrivenRequest[]) => Omit<Element, 'labels'>,
): Vector {
  const groups = Map.groupBy(driven, (request) => JSON.stringify(by(request)))
  return [...groups].map(([labels, requests]) => ({
    labels: JSON.parse(labels),
    ...calculate(requests),
  }))
}
