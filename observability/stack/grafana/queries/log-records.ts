/**
 * Log records of the service on the chosen runtimes. A record has no route: what a request logged is found by its
 * trace. `hono_runtime_name` is structured metadata; `.*` also finds records that have none.
 */
export const logRecords = '{service_name="$service"} | hono_runtime_name=~"$runtime"'

/** Log records by level, counted in steps that Grafana chooses. */
export const logRecordsByLevel = `sum by (detected_level) (count_over_time(${logRecords} [$__auto]))`
