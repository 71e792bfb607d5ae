import { keepMigratedStores } from "../embedded/migratedStores.ts";

/** Migrates the stores that tests start from once, before files would do so side by side. */
export async function setup(): Promise<void> {
  await keepMigratedStores();
}
