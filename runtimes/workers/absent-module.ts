// Replaces, in the Worker's bundle, the packages that hono-openapi would load for other schema libraries. Without this,
// any of them that npm has installed ends up in the bundle: zod alone is 740 kB.
export {}
