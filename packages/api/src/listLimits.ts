/**
 * What a list may be asked for at most: characters of a condition's text
 * and of a facet's value (as `TraceFilter` has them), days of a time range.
 */
export const LIST_LIMITS = { textCharsMax: 200, facetValueCharsMax: 1_000, rangeDaysMax: 400 } as const;

/** So many characters of a file a page may send. */
export const UPLOAD_CHARS_MAX = 8 * 1024 * 1024;

/** So many traces are kept in a dataset at once. */
export const KEPT_TRACES_MAX = 500;
