import { AppError } from "@signalbox/model";
import type { Config, StoreVariable } from "../../config.ts";
import { storeUnusable } from "./storeCheck.ts";

/** Runs `work` on a store; an external store's refusal is reported as a failure of the variable that names it. */
export async function onStore(config: Config, variable: StoreVariable, work: () => Promise<unknown>): Promise<void> {
  const url = config.stores[variable];
  try {
    await work();
  } catch (cause) {
    throw url === undefined || cause instanceof AppError ? cause : storeUnusable(variable, url, cause);
  }
}
