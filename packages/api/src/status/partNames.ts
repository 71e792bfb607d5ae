/** The name of the part without which no screen of traces works. */
export const TELEMETRY_STORE = "telemetry store";
