import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { runtimesCompared } from './runtimes-compared.ts'
import { serviceOverview } from './service-overview.ts'

/** All dashboards that `dashboards/` has a file of. */
export const dashboards: readonly Dashboard[] = [serviceOverview, runtimesCompared]
