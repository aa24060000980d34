import { parseTelemetrySettings, type TelemetrySettings } from '../settings/settings.ts'
import type { Variables } from '../settings/variable-reader.ts'
import type { TelemetryOptions, TelemetryScope } from '../telemetry.ts'

/** What an app says of itself; all the rest is in the standard `OTEL_*` variables. */
export type PlatformOptions = {
  /** `service.name`, unless `OTEL_SERVICE_NAME` or `OTEL_RESOURCE_ATTRIBUTES` names another. */
  readonly serviceName?: string | undefined
  /** `service.version`. */
  readonly serviceVersion?: string | undefined
  /** The scope that spans and records come from. Defaults to this package. */
  readonly scope?: TelemetryScope
  /** Whether a proxy in front sets `Forwarded` or `X-Forwarded-*` itself, so that they can be believed. */
  readonly trustForwarded?: boolean
  /** Read already. Defaults to what the variables of the platform say. */
  readonly settings?: TelemetrySettings
}

type ReadOptions = Pick<TelemetryOptions, 'settings' | 'scope' | 'serviceVersion'>

/** Completes what an app says by the variables of its platform. */
export function readPlatformOptions(options: PlatformOptions, variables: Variables): ReadOptions {
  const { serviceName, serviceVersion, scope, trustForwarded = false } = options
  const read = () => ({ ...parseTelemetrySettings(variables, serviceName), trustForwarded })
  return {
    settings: options.settings ?? read(),
    serviceVersion,
    ...(scope !== undefined && { scope }),
  }
}
