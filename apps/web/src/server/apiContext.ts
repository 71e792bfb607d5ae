import { type Context, createContext } from "@signalbox/api";
import { loadConfig } from "../config.ts";

let context: Context | undefined;

/** The stores that this process queries, opened at the first request: a build has no environment to open them with. */
export function apiContext(): Context {
  context ??= createContext(loadConfig(process.env));
  return context;
}
