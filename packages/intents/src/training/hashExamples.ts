import { createHash } from "node:crypto";
import type { Example } from "./holdOut.ts";

/** SHA-256 over examples in their order, in hexadecimal. */
export function hashExamples(...parts: readonly (readonly Example[])[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${JSON.stringify(part.map(({ text, intent }) => [text, intent]))}\n`);
  return hash.digest("hex");
}
