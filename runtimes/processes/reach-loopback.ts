/** Keeps requests to this machine away from configured proxies; Node, Deno and Bun obey these two variables. */
export function reachLoopbackDirectly(env: Record<string, string | undefined>): void {
  const given = env.no_proxy || env.NO_PROXY
  const all = [...(given ? [given] : []), 'localhost', '127.0.0.1', '::1'].join(',')
  env.NO_PROXY = all
  env.no_proxy = all
}
