// The scope of spans and records, unless an app names another: what package.json says, which a bundle would bring whole.

export const packageName = 'hono-telemetry'
export const packageVersion = '0.1.0'
