/** The protocols that the generator speaks. */
export const LOAD_PROTOCOLS = ["otlp-http"] as const;
export type LoadProtocol = (typeof LOAD_PROTOCOLS)[number];
