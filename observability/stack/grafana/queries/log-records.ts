/**
 * Log records of the service on the chosen runtimes. A record has no route: find a request's records by its trace.
 * `hono_runtime_name` is structured metadata; `.*` also matches records without it.
 */
export const logRecords = '{service_name="$service"} | hono_runtime_name=~"$runtime"'

/** Log records by level, counted in steps that Grafana chooses. */
export const logRecordsByLevel = `sum by (detected_level) (count_over_time(${logRecords} [$__auto]))`
