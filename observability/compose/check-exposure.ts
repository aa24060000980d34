import type { Problem } from './compose-file.ts'
import { listVariables, type Service, type Stack } from './services.ts'

/** Ports that anybody in the network could reach, since nothing here asks who is there but Grafana; and that it asks. */
export function checkExposure({ services }: Stack): readonly Problem[] {
  return services.flatMap(({ name, image, environment, ports, network_mode }) => [
    ...ports.flatMap((port, at) =>
      isLocal(port)
        ? []
        : [
            {
              path: ['services', name, 'ports', at],
              message: 'published on every address; expected 127.0.0.1:port:port',
            },
          ],
    ),
    ...(image?.startsWith('grafana/otel-lgtm') === true ? checkAnonymous(name, environment) : []),
    ...(network_mode === 'host'
      ? [
          {
            path: ['services', name, 'network_mode'],
            message: 'host: every port would be open; publish some on 127.0.0.1',
          },
        ]
      : []),
  ])
}

/** The image lets everybody in as an administrator unless it is told not to. */
function checkAnonymous(service: string, environment: Service['environment']): readonly Problem[] {
  const variables = listVariables(environment)
  const set = variables.find(({ name }) => name === 'GF_AUTH_ANONYMOUS_ENABLED')
  if (set?.value === 'false') return []
  return [
    {
      path: ['services', service, 'environment', ...(set === undefined ? [] : [set.at])],
      message: 'expected GF_AUTH_ANONYMOUS_ENABLED to be "false", or everybody is an administrator',
    },
  ]
}

function isLocal(port: Service['ports'][number]): boolean {
  if (typeof port === 'object') return port.host_ip === '127.0.0.1'
  return /^127\.0\.0\.1:\d+:/.test(String(port))
}
