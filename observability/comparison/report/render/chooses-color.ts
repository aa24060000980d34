/**
 * Whether to colour what is written: a terminal is coloured and a file is not, unless
 * `FORCE_COLOR` (but for `0` and `false`) or, after it, `NO_COLOR` says otherwise, as in
 * Node itself. A terminal that calls itself `dumb` shows no colours.
 */
export function choosesColor(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: terminal } = env
  if (force !== undefined) return force !== '0' && force !== 'false'
  if (no !== undefined && no !== '') return false
  return isTerminal && terminal !== 'dumb'
}
