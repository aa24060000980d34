import { SpanKind } from '../../../otlp/model.ts'
import type { DrivenRequest } from '../drive.ts'
import { boundsSeconds, type Labels } from '../find-mismatches.ts'
import { type ExpectedNumbers, type Facts, group } from './expected-numbers.ts'
import { takeQuantile } from './take-quantile.ts'

const byRuntime = ({ runtime }: DrivenRequest): Labels => ({ hono_runtime_name: runtime })
const byName = (request: DrivenRequest): Labels => ({ span_name: nameSpan(request) })
const byBoth = (request: DrivenRequest): Labels => ({ ...byName(request), ...byRuntime(request) })
const byStatus = ({ status }: DrivenRequest): Labels => ({
  http_response_status_code: String(status),
})
const together = (): Labels => ({})

const overview = 'Service overview ›'
const compared = 'Runtimes compared ›'

/** Expected numbers of requests, by the name of a query. */
export const requestNumbers: Readonly<Record<string, ExpectedNumbers>> = {
  [`${overview} Requests › A`]: count(together),
  [`${overview} Server errors (5xx) › A`]: share(together, 500),
  [`${overview} Client errors (4xx) › A`]: share(together, 400),
  [`${overview} p50 › A`]: quantile(together, 0.5),
  [`${overview} p95 › A`]: quantile(together, 0.95),
  [`${overview} p99 › A`]: quantile(together, 0.99),
  [`${overview} Rate › A`]: rate(byRuntime),
  [`${overview} Errors › A`]: share(together, 500),
  [`${overview} Errors › B`]: share(together, 400),
  [`${overview} Durations › A`]: quantile(together, 0.5),
  [`${overview} Durations › B`]: quantile(together, 0.95),
  [`${overview} Durations › C`]: quantile(together, 0.99),
  [`${overview} Rate by route › A`]: rate(byName),
  [`${overview} Rate by status › A`]: rate(byStatus),
  [`${overview} Server errors by route › A`]: share(byName, 500),
  [`${overview} p95 by route › A`]: quantile(byName, 0.95),
  ...columns(`${overview} Top routes`, byName),
  [`${compared} p95 by route and runtime › A`]: quantile(byBoth, 0.95),
  ...columns(`${compared} Routes on runtimes`, byBoth),
  [`${compared} Rate › A`]: rate(byRuntime),
  [`${compared} Server errors (5xx) › A`]: share(byRuntime, 500),
  [`${compared} Client errors (4xx) › A`]: share(byRuntime, 400),
  [`${compared} p50 › A`]: quantile(byRuntime, 0.5),
  [`${compared} p95 › A`]: quantile(byRuntime, 0.95),
  [`${compared} p99 › A`]: quantile(byRuntime, 0.99),
  [`${compared} Durations on $runtime › A`]: { agreement: 'exact', calculate: fillBuckets },
  [`${compared} Rate of this route › A`]: rate(byRuntime),
  [`${compared} 5xx of this route › A`]: share(byRuntime, 500),
  [`${compared} 4xx of this route › A`]: share(byRuntime, 400),
  [`${compared} p50 of this route › A`]: quantile(byRuntime, 0.5),
  [`${compared} p95 of this route › A`]: quantile(byRuntime, 0.95),
  [`${compared} p99 of this route › A`]: quantile(byRuntime, 0.99),
}

/** As the span of a request is called. */
export function nameSpan({ method, route }: DrivenRequest): string {
  return route === undefined ? method : `${method} ${route}`
}

/** A table's columns: number, rate, failures, durations. */
function columns(panel: string, by: Grouping): Readonly<Record<string, ExpectedNumbers>> {
  return {
    [`${panel} › A`]: count(by),
    [`${panel} › B`]: exact(by, (requests, { rangeSeconds }) => requests.length / rangeSeconds),
    [`${panel} › C`]: share(by, 500),
    [`${panel} › D`]: share(by, 400),
    [`${panel} › E`]: quantile(by, 0.5),
    [`${panel} › F`]: quantile(by, 0.95),
    [`${panel} › G`]: quantile(by, 0.99),
  }
}

function count(by: Grouping): ExpectedNumbers {
  return exact(by, (requests) => requests.length)
}

function rate(by: Grouping): ExpectedNumbers {
  return exact(by, (requests, { rateSeconds }) => requests.length / rateSeconds)
}

/** Share of the answers with a status of such a class; `statusClass` is 400 or 500. */
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
      group(facts.requests, by, (requests) => ({ value: calculate(requests, facts) })),
  }
}

function quantile(by: Grouping, share: number): ExpectedNumbers {
  return {
    agreement: 'bucket',
    calculate(facts) {
      const seconds = readSeconds(facts)
      return group(facts.requests, by, (requests) =>
        takeQuantile(
          share,
          requests.map(({ traceId }) => seconds.get(traceId) ?? Number.NaN),
        ),
      )
    },
  }
}

/** How many requests a second took no longer than each bound. */
function fillBuckets(facts: Facts) {
  const all = readSeconds(facts)
  const seconds = facts.requests.map(({ traceId }) => all.get(traceId) ?? Number.NaN)
  return [...boundsSeconds, Number.POSITIVE_INFINITY].map((bound) => ({
    labels: { le: bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound) },
    value: seconds.filter((it) => it <= bound).length / facts.rateSeconds,
  }))
}

type Grouping = (request: DrivenRequest) => Labels

/** How long each server span took, by its trace. */
function readSeconds({ spans }: Facts): ReadonlyMap<string, number> {
  const servers = spans.filter(({ span }) => span.kind === SpanKind.server)
  return new Map(
    servers.map(({ span }) => [span.traceId, Number(span.endNanos - span.startNanos) / 1e9]),
  )
}
