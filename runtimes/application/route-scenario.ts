import { writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { operationsMax, type Scenario } from '../../observability/driver/play/scenario.ts'
import { describeError } from '../../observability/plumbing/describe-error.ts'
import { projectFolder } from '../processes/project-folder.ts'
import { StartError } from '../processes/start-error.ts'
import type { Application } from './define-application.ts'
import { type AppRoute, listPlainPaths, listRoutes } from './list-routes.ts'

/**
 * A scenario of an application's own routes: every GET without parameters.
 *
 * @throws StartError when it has none.
 */
export function createRouteScenario(application: Application): Scenario {
  const paths = listPlainPaths(application).slice(0, operationsMax)
  if (paths.length === 0)
    throw new StartError(
      `${application.name} has no route that a GET without parameters could ask for; say with --scenario FILE what to play, --write-scenario FILE writes one to begin with`,
    )
  return {
    name: application.name,
    operations: paths.map((path) => ({ name: `GET ${path}`, request: { path } })),
  }
}

/** What there is to say of a scenario that nobody wrote. */
export function describeRouteScenario({ operations }: Scenario, application: Application): string {
  const all = listPlainPaths(application).length
  const which =
    all > operations.length
      ? `${operations.length} of ${all} GETs without parameters, the most that one scenario may have`
      : 'every GET without parameters'
  return `the scenario is made of the app's own routes, ${which}: ${operations.map(({ name }) => name.replace(/^GET /, '')).join(', ')}; --scenario FILE plays another`
}

/**
 * Writes a scenario of an application's routes for somebody to complete.
 *
 * @throws StartError when it cannot be written, or is there already.
 */
export async function writeRouteScenario(file: string, application: Application): Promise<void> {
  const types = join(projectFolder, 'observability', 'driver', 'play', 'scenario.ts')
  const path = relative(dirname(file), types)
  const text = renderScenario(application, path.startsWith('.') ? path : `./${path}`)
  await writeFile(file, text, { flag: 'wx' }).catch((cause) => {
    const reason =
      cause?.code === 'EEXIST'
        ? `${file} is there already; name another, or delete it`
        : cause?.code === 'ENOENT'
          ? `${dirname(file)} is no folder; make it first`
          : describeError(cause)
    throw new StartError(`--write-scenario: ${reason}`, { cause })
  })
}

function renderScenario(application: Application, types: string): string {
  const plain = listPlainPaths(application)
  const playable = new Set(plain.slice(0, operationsMax))
  const routes = listRoutes(application)
  const isPlayed = ({ method, path }: AppRoute) => method === 'GET' && playable.has(path)
  const played = routes.filter(isPlayed).map((route) => `    ${renderOperation(route)},`)
  const left = routes
    .filter((route) => !isPlayed(route))
    .map((route) => `    // ${renderOperation(route)},`)
  const cut =
    plain.length > operationsMax
      ? `// It plays ${operationsMax} of ${plain.length} GETs without parameters: a scenario has at most ${operationsMax} operations.\n`
      : ''
  return `import type { Scenario } from ${JSON.stringify(types)}

// What is played on every runtime; docs/compare.md says what else an operation may have.
${cut}const scenario: Scenario = {
  name: ${JSON.stringify(application.name)},
  operations: [
${played.join('\n')}
    // ${cut === '' ? 'These' : 'These are too many, or they'} need a parameter, a body, or an operation before them (\`after\`):
${left.join('\n')}
  ],
}

export default scenario
`
}

function renderOperation({ method, path }: AppRoute): string {
  const body = ['POST', 'PUT', 'PATCH'].includes(method) ? ', body: {}' : ''
  const verb = method === 'GET' ? '' : `method: ${JSON.stringify(method)}, `
  return `{ name: ${JSON.stringify(`${method} ${path}`)}, request: { ${verb}path: ${JSON.stringify(path)}${body} } }`
}
