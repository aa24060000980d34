/**
 * How deep values may be nested: an attribute's own value is at 1, an element of a list
 * in it at 2. Decoders refuse more, so whoever walks the model may recurse.
 */
export const anyValueDepthMax = 64

/**
 * Elements of repeated fields (spans, attributes, buckets, …) in one request. A body of the
 * 64 MiB that the specification suggests holds some three million attributes at the
 * most, but could hold 32 million empty spans, which no heap would.
 */
export const elementsMax = 2 ** 22
