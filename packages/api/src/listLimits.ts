/** The limits of a list's query: characters of a condition's text and of a facet's value (as in `TraceFilter`), days of a time range. */
export const LIST_LIMITS = { textCharsMax: 200, facetValueCharsMax: 1_000, rangeDaysMax: 400 } as const;

/** The most characters of a file that a page may upload. */
export const UPLOAD_CHARS_MAX = 8 * 1024 * 1024;

/** So many traces are kept in a dataset at once. */
export const KEPT_TRACES_MAX = 500;

/** So many dead letters of a group, the latest, are kept in a dataset at once. */
export const KEPT_LETTERS_MAX = 500;
