/** How the part is called without which no screen of traces shows anything. */
export const TELEMETRY_STORE = "telemetry store";
