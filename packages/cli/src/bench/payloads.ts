/** The two payloads, in requests of some 50 kB: spans with two kilobytes of messages, and spans without. */
export const PAYLOADS = { heavy: { bytesPerSpan: 2_648, spansPerRequest: 20 }, light: { bytesPerSpan: 668, spansPerRequest: 75 } } as const;
export type PayloadName = keyof typeof PAYLOADS;
