/**
 * How deep values may be nested: an attribute's own value is at 1, an element of a list
 * in it at 2. Decoders refuse more, so whoever walks the model may recurse.
 */
export const anyValueDepthMax = 64

/**
 * Elements of repeated fields (spans, attributes, buckets, …) in one request. The 8192 spans that a
 * Collector sends at once have some 400,000, but 8 MiB could hold four million empty spans, which
 * take hundreds of bytes each once they are read.
 */
export const elementsMax = 2 ** 20
