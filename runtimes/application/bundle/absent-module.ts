// Replaces, in a bundle, what would be loaded for other schema libraries and for another client of PostgreSQL. Without
// this, any of them that npm has installed ends up in the bundle: zod alone is 740 kB.
export {}
