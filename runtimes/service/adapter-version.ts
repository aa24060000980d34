import manifest from '../../package.json' with { type: 'json' }

/** The version of the adapters, as the scope of spans and records says it. */
export const adapterVersion = manifest.version
