import { execFileSync, spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findFreePort } from '../../observability/plumbing/find-free-port.ts'
import { pollUntil } from '../../observability/plumbing/poll-until.ts'
import { type Child, startChild } from '../processes/child.ts'
import { isAlive } from '../processes/is-alive.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { findRuntimes, runtimes } from '../runtimes.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'todo-start-'))
  await chmod(folder, 0o755) // PostgreSQL may run as another user
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('npm start', () => {
  test('runs everything, keeps the data, and leaves nothing behind', async () => {
    const ports = await findPorts()
    await using first = await start(['--runtimes', 'node,workers', ...ports.args])
    await first.until(/all ready/)
    const created = await fetch(`${ports.url('node')}/api/v1/todos`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"title":"kept"}',
    })
    const seen = await fetch(`${ports.url('workers')}${created.headers.get('location')}`)
    const traceId = seen.headers.get('x-trace-id') ?? ''
    await expect.poll(() => status(`${ports.url('collector')}/api/traces/${traceId}`)).toBe(200)
    const metrics = await (await fetch(`${ports.url('collector')}/metrics`)).text()
    const known = await fetch(`${ports.url('collector')}/api/known-differences`)
    expect(await known.json()).toEqual({
      reference: 'node',
      known: findRuntimes(['workers'])[0]?.knownDifferences,
    })
    expect(created.status).toBe(201)
    expect(first.text()).toMatch(new RegExp(`workers +\\| \\{.*"status":200.*${traceId}`))
    expect(first.text()).not.toContain('"path":"/ready"')
    expect(first.text()).toMatch(/^ {2}the page +http.*\n {2}node /m)
    expect(seen.status).toBe(200)
    for (const name of ['traces_spanmetrics_calls_total', 'traces_spanmetrics_latency_bucket'])
      expect(metrics).toMatch(new RegExp(`^${name}\\{.*http_route="/api/v1/todos/:id".*\\} `, 'm'))

    const pids = listDescendants(first.pid)
    expect(pids.length).toBeGreaterThanOrEqual(4)
    await first.stop('SIGINT')
    expect(await first.ended).toBe('exit code 0')
    expect(pids.filter(isAlive)).toEqual([])

    await using second = await start(['--runtimes', 'node', ...ports.args])
    await second.until(/all ready/)
    expect(await status(`${ports.url('node')}${created.headers.get('location')}`)).toBe(200)
  })

  test('killed outright, it takes its parts with it, and the next start recovers', async () => {
    const ports = await findPorts()
    await using killed = await start(['--runtimes', 'node', ...ports.args])
    await killed.until(/all ready/)
    const pids = listDescendants(killed.pid)
    await killed.stop('SIGKILL')
    await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([])

    await using next = await start(['--runtimes', 'node', ...ports.args])
    await next.until(/all ready/)
  })

  test('everything killed at once, the next start recovers', async () => {
    const ports = await findPorts()
    await using killed = await start(['--runtimes', 'node', ...ports.args])
    await killed.until(/all ready/)
    const pids = [killed.pid, ...listDescendants(killed.pid)]
    for (const pid of pids) process.kill(pid, 'SIGKILL')
    await killed.ended
    await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([])

    await using next = await start(['--runtimes', 'node', ...ports.args])
    await next.until(/all ready/)
    expect(next.text()).not.toContain('FATAL')
  })

  test('a part that dies ends the rest, and is named', async () => {
    const ports = await findPorts()
    await using running = await start(['--runtimes', 'node,workers', ...ports.args])
    await running.until(/all ready/)
    const pids = listDescendants(running.pid)
    const workerd = pids.find((pid) => /workerd serve /.test(commandOf(pid)))
    process.kill(workerd ?? 0, 'SIGKILL')

    expect(await running.ended).toBe('exit code 1')
    expect(running.text()).toContain('workers has ended (SIGKILL)')
    expect(pids.filter(isAlive)).toEqual([])
  })

  test('a signal while it starts ends what has been started', async () => {
    const ports = await findPorts()
    await using starting = await start(['--runtimes', 'node,workers', ...ports.args])
    await starting.until(/ready after/)
    const pids = listDescendants(starting.pid)
    await starting.stop('SIGTERM')

    expect(await starting.ended).toBe('exit code 0')
    expect(pids.filter(isAlive)).toEqual([])
  })

  test('a signal once the database is there, and before the services are, ends it within seconds', async () => {
    const ports = await findPorts()
    await using starting = await start(['--runtimes', 'node,workers', ...ports.args])
    await starting.until(/postgres +ready/)
    await delay(300)
    const since = performance.now()
    await starting.stop('SIGINT')

    expect(await starting.ended).toBe('exit code 0')
    expect(performance.now() - since).toBeLessThan(10_000)
    expect(starting.lines.length).toBeLessThan(60)
  })

  test('is diverted by nothing that a shell holds for other programs', async () => {
    const ports = await findPorts()
    const names = ['node', 'workers', 'lambda']
    await using running = await start(['--runtimes', names.join(','), ...ports.args], {
      HOST: '0.0.0.0',
      PORT: '3000',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://user:seCret@127.0.0.1:9/x',
      PGHOST: '192.0.2.1',
      PGSSLMODE: 'require',
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: 'http://127.0.0.1:9',
      OTEL_SERVICE_NAME: 'mine',
    })
    await running.until(/all ready/)
    for (const name of names) {
      const { headers } = await fetch(`${ports.url(name)}/api/v1/todos`)
      const url = `${ports.url('collector')}/api/traces/${headers.get('x-trace-id')}`
      await expect.poll(() => status(url)).toBe(200)
    }
    expect(running.text()).toContain('every runtime gets OTEL_SERVICE_NAME\n')
    expect(running.text()).toMatch(
      /overridden for the parts started here: .*HOST, .*OTEL_EXPORTER_OTLP_PROTOCOL/,
    )
    expect(running.text()).not.toContain('seCret')
  })

  test('every runtime is told the variables that are set', async () => {
    const ports = await findPorts()
    await using running = await start(['--runtimes', 'node,workers,lambda', ...ports.args], {
      BODY_BYTES_MAX: '100',
      CORS_ALLOWED_ORIGINS: 'https://page.example',
      OTEL_SERVICE_NAME: 'renamed',
    })
    await running.until(/all ready/)
    for (const name of ['node', 'workers', 'lambda']) {
      const response = await fetch(`${ports.url(name)}/api/v1/todos`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: 'https://page.example' },
        body: JSON.stringify({ title: 'x', description: 'y'.repeat(200) }),
      })
      expect(response.status, name).toBe(413)
      expect(response.headers.get('access-control-allow-origin'), name).toBe('https://page.example')
    }
    const services = async () => (await fetch(`${ports.url('collector')}/api/services`)).text()
    await expect.poll(services, { timeout: 5000 }).toContain('"renamed"')
    expect(await services()).not.toContain('"todo-api"')
  })

  test('when npm is told to end, everything ends', async () => {
    const ports = await findPorts()
    const lines: string[] = []
    const { DATABASE_URL: _, ...env } = process.env
    const npm = await startChild({
      program: 'npm',
      args: ['start', '--', '--runtimes', 'node', ...ports.args],
      cwd: projectFolder,
      env,
      onLine: (line) => lines.push(line),
    })
    await expect.poll(() => lines.join('\n'), { timeout: 25_000 }).toContain('all ready')
    const pids = listDescendants(npm.pid)
    await npm.stop()
    await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([])
  })

  test('says what it can do', async () => {
    await using asked = await start(['--help'])
    expect(await asked.ended).toBe('exit code 0')
    for (const { name } of runtimes) expect(asked.text()).toContain(name)
  })
})

describe('what cannot be started is one sentence and exit code 2:', () => {
  /** @returns All that was written. */
  async function expectRefusal(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    await using refused = await start(args, env)
    expect(await refused.ended, refused.text()).toBe('exit code 2')
    expect(refused.text()).not.toMatch(/^\s+at /m)
    expect(listDescendants(refused.pid)).toEqual([])
    return refused.lines.at(-1)
  }

  test('an unknown runtime', async () => {
    expect(await expectRefusal(['--runtimes', 'node,perl'])).toMatch(
      /^--runtimes: unknown runtime "perl"; expected some of node, /,
    )
  })

  test.each([
    [['--port', 'node=99999'], /--port node: expected a whole number from 1 to 65535, got "99999"/],
    [['--port', 'perl=1'], /--port: expected NAME=PORT .* got "perl=1"/],
    [
      ['--collector', 'ftp://x'],
      /--collector: expected an http:\/\/ or https:\/\/ URL, got "ftp:\/\/x"/,
    ],
    [['--nonsense'], /Unknown option '--nonsense'.*--help/],
  ])('%j', async (args, sentence) => {
    expect(await expectRefusal(args)).toMatch(sentence)
  })

  test('ports in use, all of them at once', async () => {
    const ports = await findPorts()
    const parts = [
      ['postgres', 'PostgreSQL', '--postgres-port'],
      ['collector', 'the collector', '--collector-port'],
      ['node', 'Node.js', '--port node=…'],
    ] as const
    const portOf = (part: string) => new URL(ports.url(part)).port
    const taken = parts.map(([part]) => createServer().listen(Number(portOf(part)), '127.0.0.1'))
    await using refused = await start(['--runtimes', 'node', ...ports.args])
    expect(await refused.ended).toBe('exit code 2')
    for (const server of taken) server.close()

    expect(refused.lines).toEqual([
      expect.stringMatching(/^starting /),
      ...parts.map(
        ([part, name, option]) =>
          `port ${portOf(part)} is in use, and ${name} needs it; stop what uses it, or choose another with ${option}`,
      ),
    ])
  })

  test('one port for two parts', async () => {
    const ports = await findPorts()
    const port = new URL(ports.url('collector')).port
    expect(
      await expectRefusal(['--runtimes', 'node', ...ports.args, '--port', `node=${port}`]),
    ).toBe(
      `port ${port} is wanted by the collector and by Node.js; give one of them another with --port node=…`,
    )
  })

  test('a folder for data that is a file', async () => {
    const ports = await findPorts()
    const file = join(folder, 'file')
    await writeFile(file, '')
    expect(await expectRefusal(['--runtimes', 'node', ...ports.args, '--data', file])).toMatch(
      /^--data: .*file cannot be made \(EEXIST.*\); name another folder$/,
    )
  })

  test.skipIf(process.platform !== 'linux')('a folder for data that cannot be made', async () => {
    const ports = await findPorts()
    expect(await expectRefusal(['--runtimes', 'node', ...ports.args, '--data', '/proc/x'])).toMatch(
      /^--data: \/proc\/x cannot be made \(ENOENT.*\); name another folder$/,
    )
  })

  test('data of another PostgreSQL', async () => {
    const ports = await findPorts()
    const data = join(folder, 'old')
    await mkdir(join(data, 'postgres'), { recursive: true })
    await writeFile(join(data, 'postgres', 'PG_VERSION'), '15\n')
    expect(await expectRefusal(['--runtimes', 'node', ...ports.args, '--data', data])).toMatch(
      /was made by PostgreSQL 15, and this is 18; move it away/,
    )
  })

  test('data without the password of its user', async () => {
    const ports = await findPorts()
    const data = join(folder, 'foreign')
    await mkdir(join(data, 'postgres'), { recursive: true })
    await writeFile(join(data, 'postgres', 'PG_VERSION'), '18\n')
    expect(await expectRefusal(['--runtimes', 'node', ...ports.args, '--data', data])).toMatch(
      /lacks todo-password, which holds the password of its user; move the folder away/,
    )
  })

  test('data that another start is using', async () => {
    const ports = await findPorts()
    await using running = await start(['--runtimes', 'node', ...ports.args])
    await running.until(/all ready/)
    const others = await findPorts()
    expect(
      await expectRefusal(['--runtimes', 'node', ...others.args, '--data', ports.data]),
    ).toMatch(/another PostgreSQL runs on .* already/)
  })

  test('an invalid collector.yaml', async () => {
    const ports = await findPorts()
    const config = join(folder, 'invalid.yaml')
    await writeFile(config, 'connectors:\n  span_metrics: [\n')
    expect(
      await expectRefusal(['--runtimes', 'node', ...ports.args, '--collector-config', config]),
    ).toMatch(/^collector: .*invalid\.yaml:\d+:\d+: /)
  })

  test('a setting of collector.yaml that only the real Collector has', async () => {
    const ports = await findPorts()
    const config = join(folder, 'unsupported.yaml')
    const yaml = await readFile(
      join(projectFolder, 'observability', 'stack', 'collector.yaml'),
      'utf8',
    )
    await writeFile(
      config,
      yaml.replace(
        '    exemplars:',
        '    aggregation_temporality: AGGREGATION_TEMPORALITY_DELTA\n    exemplars:',
      ),
    )
    expect(
      await expectRefusal(['--runtimes', 'node', ...ports.args, '--collector-config', config]),
    ).toMatch(/^collector: .*unsupported\.yaml:\d+:\d+: .*aggregation_temporality.*/)
  })

  test('a database that does not answer, without its password in the sentence', async () => {
    const ports = await findPorts()
    const sentence = await expectRefusal(['--runtimes', 'node', ...ports.args], {
      DATABASE_URL: 'postgres://todo:seCret@127.0.0.1:9/todo',
    })
    expect(sentence).toMatch(/^the database that DATABASE_URL names does not answer: /)
    expect(sentence).not.toContain('seCret')
  })

  test('a database that was never migrated', async () => {
    const ports = await findPorts()
    const url = new URL(process.env.TEST_DATABASE_URL ?? '')
    url.pathname = '/postgres'
    expect(
      await expectRefusal(['--runtimes', 'node', ...ports.args], { DATABASE_URL: url.href }),
    ).toMatch(/lacks 0001-create-todos; bring it up to date with `npm run db:migrate`/)
  })

  test.each([
    [{ CORS_ALLOWED_ORIGINS: 'foo' }, /^CORS_ALLOWED_ORIGINS: expected origins .*, got "foo"/],
    [{ CORS_ALLOWED_ORIGINS: '*,https://a.example' }, /^CORS_ALLOWED_ORIGINS: .*, got "\*"/],
    [{ DATABASE_URL: 'not a url seCret' }, /^DATABASE_URL: .* does not begin with postgres:/],
    [{ DATABASE_URL: 'postgres://u:seCret@h/%ff' }, /^DATABASE_URL: .* must be written %25/],
  ])('%j', async (env, sentence) => {
    const ports = await findPorts()
    const refusal = await expectRefusal(['--runtimes', 'workers', ...ports.args], env)
    expect(refusal).toMatch(sentence)
    expect(refusal).not.toContain('seCret')
  })

  test.each([
    [['start/start.ts', '--collector', '\x9b31m'], {}],
    [['start/start.ts', '--port', '\x9b31m=1'], {}],
    [['load/load.ts', '--target', '\x9b31m'], {}],
    [['compare/compare.ts', '--fail-on', '\x9b31m'], {}],
    [['service/database/db-migrate.ts'], { DATABASE_URL: 'postgres://u@\x9b31m/todo' }],
    [['node/main.ts'], { DATABASE_URL: 'postgres://u@h/todo', PORT: '\x9b31m' }],
  ])(
    'what a terminal would obey is quoted in writing, case %#',
    async ([file = '', ...args], env) => {
      const { status, stderr } = spawnSync(
        process.execPath,
        [join(projectFolder, 'runtimes', file), ...args],
        { env: { ...process.env, ...env }, encoding: 'utf8' },
      )

      expect(status).not.toBe(0)
      expect(stderr).toContain('\\u{9b}31m')
      expect(stderr).not.toContain('\x9b')
    },
  )

  test.each(['--collector', '--forward'])(
    'user and password in %s, which would be on the screen',
    async (flag) => {
      const ports = await findPorts()
      const refusal = await expectRefusal([...ports.args, flag, 'http://user:seCret@h:4318'])
      expect(refusal).toMatch(
        new RegExp(
          `^${flag}: expected a URL without user and password; [A-Z_]+_HEADERS takes them`,
        ),
      )
      expect(refusal).not.toContain('seCret')
    },
  )
})

type Started = Omit<Child, 'stop'> &
  AsyncDisposable & {
    readonly lines: readonly string[]
    text(): string
    /** Resolves when something was written; fails when it ended before. */
    until(pattern: RegExp): Promise<void>
    stop(signal: NodeJS.Signals): Promise<void>
  }

async function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const lines: string[] = []
  const { DATABASE_URL: _, ...inherited } = process.env
  const child = await startChild({
    program: process.execPath,
    args: [join(projectFolder, 'runtimes', 'start', 'start.ts'), ...args],
    env: { ...inherited, NO_COLOR: '1', ...env },
    onLine: (line) => lines.push(line),
    stopMillisMax: 20_000,
  })
  const text = () => lines.join('\n')
  return {
    ...child,
    lines,
    text,
    async until(pattern) {
      await pollUntil(() => pattern.test(text()) || child.hasEnded(), 25_000)
      if (pattern.test(text())) return
      if (child.hasEnded()) throw new Error(`ended (${await child.ended}):\n${text()}`)
      throw new Error(`never wrote ${pattern}:\n${text()}`)
    },
    async stop(signal) {
      process.kill(child.pid, signal)
      await child.ended
    },
    [Symbol.asyncDispose]: () => child.stop(),
  }
}

/** Free ports and an own folder for data, as `npm start` takes them. */
async function findPorts() {
  const data = await mkdtemp(join(folder, 'data-'))
  await chmod(data, 0o755) // PostgreSQL may run as another user
  const ports = new Map<string, number>()
  for (const name of ['postgres', 'collector', ...runtimes.map(({ name }) => name)])
    ports.set(name, await findFreePort())
  return {
    data,
    url: (name: string) => `http://127.0.0.1:${ports.get(name)}`,
    args: [
      ...runtimes.flatMap(({ name }) => ['--port', `${name}=${ports.get(name)}`]),
      ...['--collector-port', String(ports.get('collector'))],
      ...['--postgres-port', String(ports.get('postgres'))],
      ...['--data', data],
    ],
  }
}

async function status(url: string): Promise<number> {
  const response = await fetch(url)
  await response.arrayBuffer()
  return response.status
}

/** All processes below one, the reaper left out, which is meant to outlive it for a moment. */
function listDescendants(pid: number): readonly number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((match) =>
      match === null
        ? []
        : [{ pid: Number(match[1]), parent: Number(match[2]), args: match[3] ?? '' }],
    )
  const children = table.filter((row) => row.parent === pid && !row.args.includes('reaper.ts'))
  return children.flatMap((child) => [child.pid, ...listDescendants(child.pid)])
}

function commandOf(pid: number): string {
  return execFileSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' })
}
