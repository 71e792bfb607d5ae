/** What a list may be asked for at most: characters of a condition's text (as `TraceFilter` has it), days of a time range. */
export const LIST_LIMITS = { textCharsMax: 200, rangeDaysMax: 400 } as const;
