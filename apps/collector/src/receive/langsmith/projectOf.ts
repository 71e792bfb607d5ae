import type { IncomingMessage } from "node:http";
import { KEYLESS_PROJECT } from "../keylessProject.ts";

/** The project that a LangSmith client's request is for. Its `x-api-key` is not asked: the listener on loopback takes data without a key. */
export function projectOf(_request: IncomingMessage): string {
  return KEYLESS_PROJECT;
}
