import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import { byName, startOtlpReceiver } from '../../observability/telemetry/testing/otlp-receiver.ts'
import { launcherOf } from '../launch/launchers.ts'
import { startChild } from '../processes/child.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { presentRuntimes } from '../testing/present-runtimes.ts'
import { launchNotes, notesBundle, prepareNotes } from './testing/launch-notes.ts'

/** None of these may stop a service, and what of them is obeyed is obeyed the same everywhere. */
const odd = {
  OTEL_BSP_SCHEDULE_DELAY: '20',
  OTEL_BLRP_SCHEDULE_DELAY: '20',
  OTEL_EXPORTER_OTLP_COMPRESSION: 'GZip',
  OTEL_PROPAGATORS: 'None',
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '4',
  OTEL_SPAN_EVENT_COUNT_LIMIT: '0',
  OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: '0',
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '5',
} as const
const unusable = {
  OTEL_BSP_MAX_QUEUE_SIZE: '-1',
  OTEL_EXPORTER_OTLP_HEADERS: 's3cr3t',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
  OTEL_EXPORTER_OTLP_TIMEOUT: 'soon',
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_RESOURCE_ATTRIBUTES: 'team',
  OTEL_SDK_DISABLED: '1',
  OTEL_TRACES_SAMPLER: 'sometimes',
  OTEL_TRACES_SAMPLER_ARG: 'half',
} as const

describe.each(presentRuntimes)('$name', (runtime) => {
  test('obeys the standard variables as the specification says, and warns of what it cannot use', async () => {
    await using receiver = await startOtlpReceiver()
    await using service = await launchNotes(runtime, {
      ...odd,
      ...unusable,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url.replace('://', '://us%40er:s3cr3t@'),
    })
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const answer = await fetch(`${service.url}/notes`, {
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    })
    const own = answer.headers.get('x-trace-id')
    const spansOf = () => receiver.spans().filter(({ item }) => item.traceId === own)
    const recordsOf = () => receiver.records().filter(({ item }) => item.traceId === own)
    await expect.poll(() => spansOf().length).toBeGreaterThanOrEqual(2)
    await expect.poll(() => recordsOf().length).toBe(1)

    expect(answer.status).toBe(200)
    expect(own).not.toBe(traceId)
    for (const { headers } of receiver.requests) {
      expect(headers['content-encoding']).toBe('gzip')
      expect(headers.authorization).toBe(`Basic ${Buffer.from('us@er:s3cr3t').toString('base64')}`)
    }
    for (const { item } of spansOf()) {
      const values = Object.values(byName(item.attributes))
      expect(values).toHaveLength(4)
      for (const value of values)
        if (typeof value === 'string') expect(value.length).toBeLessThan(6)
      expect(item.events).toEqual([])
    }
    expect(recordsOf()[0]?.item.attributes).toEqual([])
    expect(byName(spansOf()[0]?.resource.attributes ?? [])).toMatchObject({
      'service.name': 'notes',
      'hono.runtime.name': runtime.name,
    })

    const warned = service.lines
      .filter((line) => line.includes('telemetry.setting_ignored'))
      .map((line) => String(JSON.parse(line)['telemetry.setting']))
    expect([...new Set(warned)].sort()).toEqual(Object.keys(unusable).sort())
    expect(service.lines.join('\n')).not.toMatch(/s3cr3t/)
  })

  test('speaks TLS to an endpoint that begins with https', async () => {
    const firstBytes = Promise.withResolvers<Buffer | string>()
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', (data) => {
        firstBytes.resolve(data)
        socket.destroy()
      })
    })
    const port = await findFreePort()
    server.listen(port, '127.0.0.1')
    await using service = await launchNotes(runtime, {
      OTEL_EXPORTER_OTLP_ENDPOINT: `https://127.0.0.1:${port}`,
    })
    await fetch(`${service.url}/health`)
    const [contentType] = Buffer.from(await firstBytes.promise)
    server.close()

    expect(contentType).toBe(22) // a handshake
  })

  test('says what is wrong with a HOST that is no address to listen on', async () => {
    const settings = {
      bundle: notesBundle,
      port: await findFreePort(),
      databaseUrl: 'postgres://notes:none@127.0.0.1:9/notes',
      variables: {},
    }
    await prepareNotes(runtime)
    const command =
      runtime.name === 'workers'
        ? {
            program: process.execPath,
            args: [
              join(projectFolder, 'runtimes', 'workers', 'serve-workers.ts'),
              notesBundle.folder,
            ],
            env: { ...process.env, DATABASE_URL: settings.databaseUrl },
          }
        : await launcherOf(runtime).createCommand(settings)
    for (const HOST of ['x86_64-conda-linux-gnu', '192.0.2.1']) {
      const lines: string[] = []
      const env = { ...command.env, HOST, PORT: String(settings.port) }
      const child = await startChild({ ...command, env, onLine: (line) => lines.push(line) })
      expect(await child.ended, lines.join('\n')).toBe('exit code 2')
      expect(lines).toContain(
        `HOST: expected an address of this machine to listen on, such as 127.0.0.1 or 0.0.0.0, got "${HOST}"; unset it for 127.0.0.1`,
      )
    }
  })
})
