import { environmentOf, type Launcher, mainOf } from '../launch/launcher.ts'
import { findDeno } from '../processes/find-programs.ts'

/** Runs `main.ts` unbundled, with the few permissions that it needs. */
export const denoLauncher: Launcher = {
  findProgram: findDeno,
  async prepare() {},
  async createCommand(settings) {
    // The last is for the certificates that it trusts, without which there is no TLS.
    const permissions =
      settings.bundle?.isForeign === true
        ? ['--allow-all'] // what an app of one's own needs, only its author knows
        : ['--allow-net', '--allow-env', '--allow-read', '--allow-sys=ca']
    return {
      program: findDeno(),
      args: ['run', '--no-prompt', '--cached-only', ...permissions, mainOf('deno')],
      // OTEL_DENO may be on for Deno's metrics: its spans are made only to be discarded, but for the exporter's.
      env: { OTEL_DENO_TRACING: 'false', ...environmentOf(settings) },
    }
  },
}
