import { env } from "node:process";

/** The address to which a client sends its spans, and the stub for OpenAI (base URL); the test that starts it sets both. */
export const COLLECTOR_URL = required("INTEROP_COLLECTOR_URL");
export const MODEL_URL = required("INTEROP_MODEL_URL");

/** Keys for the collector: one secret, one in the form of a UUID, and a pair of a public and a secret one. */
export const TOKEN = required("INTEROP_TOKEN");
export const UUID_KEY = required("INTEROP_UUID");
export const KEY_PAIR = { publicKey: required("INTEROP_PUBLIC_KEY"), secretKey: required("INTEROP_SECRET_KEY") };

function required(name: string): string {
  const value = env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}
