import type { Problem } from './compose-file.ts'
import type { Service, Stack } from './services.ts'

/** Ports that anybody in the network could reach: nothing here asks who is there but Grafana. */
export function checkExposure({ services }: Stack): readonly Problem[] {
  return services.flatMap(({ name, ports, network_mode }) => [
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

function isLocal(port: Service['ports'][number]): boolean {
  if (typeof port === 'object') return port.host_ip === '127.0.0.1'
  return /^127\.0\.0\.1:\d+:/.test(String(port))
}
