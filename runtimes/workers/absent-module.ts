// What the Worker's bundle gets instead of a package that hono-openapi would load for schemas of another library.
// Without this, whichever of them npm happens to have installed ends up in the bundle: zod alone is 740 kB.
export {}
