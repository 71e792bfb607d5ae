import { env } from "node:process";

/** Where a client sends its spans, and the stub that it takes for OpenAI (base URL); both are told by the test that starts it. */
export const COLLECTOR_URL = required("INTEROP_COLLECTOR_URL");
export const MODEL_URL = required("INTEROP_MODEL_URL");

function required(name: string): string {
  const value = env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}
