import { join } from "node:path";
import { clickhouseEntry, isPostgresReady, postgresEntry } from "@signalbox/db/embedded";
import { portsAt } from "@signalbox/model";
import { type Config, REPOSITORY_ROOT } from "../../config.ts";
import type { WantedPort } from "../ports/portCheck.ts";
import { readyAt } from "../processes/readiness.ts";
import type { StoreUrls } from "../stores/stores.ts";
import type { Part } from "./part.ts";
import type { PartRow } from "./partRow.ts";
import type { Topology } from "./topology.ts";
import { rowsIn } from "./topologyRows.ts";

/** The steps that migrate the stores. */
export const SCHEMAS = { clickhouse: "clickhouse schema", postgres: "postgres schema" } as const;

const BASE = portsAt(0);

/** Where the worker says how it is, without offset. */
export const WORKER_PORT = BASE.gateway + 1;

const readyz: PartRow["isReady"] = ({ url }) => readyAt(`${url}/readyz`);

/** The module that runs an app. */
const appEntry = (app: string): string => join(REPOSITORY_ROOT, "apps", app, "src", "main.ts");

/** All parts, in the order in which people read them. */
const PARTS = [
  {
    name: "clickhouse",
    entry: clickhouseEntry,
    needs: [],
    port: BASE.clickhouse,
    isReady: ({ url }) => readyAt(`${url}/ping`),
    replacedBy: "CLICKHOUSE_URL",
  },
  {
    name: "postgres",
    entry: postgresEntry,
    needs: [],
    port: BASE.postgres,
    protocol: "postgresql",
    isReady:
      ({ stores }) =>
      () =>
        isPostgresReady(stores.DATABASE_URL),
    replacedBy: "DATABASE_URL",
  },
  {
    name: "collector",
    entry: appEntry("collector"),
    needs: [SCHEMAS.clickhouse],
    port: BASE.otlpHttp,
    morePorts: { gRPC: BASE.otlpGrpc, TLS: BASE.otlpTls },
    isReady: readyz,
  },
  {
    name: "worker",
    entry: appEntry("agent-runtime"),
    needs: [SCHEMAS.postgres],
    port: WORKER_PORT,
    isReady: readyz,
    env: { SIGNALBOX_RUNTIME_PARTS: "worker" },
  },
  {
    name: "gateway",
    entry: appEntry("agent-runtime"),
    needs: [SCHEMAS.postgres],
    port: BASE.gateway,
    isReady: readyz,
    env: { SIGNALBOX_RUNTIME_PARTS: "gateway" },
  },
  {
    name: "controller",
    entry: appEntry("controller"),
    needs: [SCHEMAS.clickhouse, SCHEMAS.postgres],
    port: BASE.controller,
    isReady: readyz,
  },
  { name: "console", entry: appEntry("web"), needs: [SCHEMAS.clickhouse, SCHEMAS.postgres], port: BASE.console, isReady: readyz },
] as const satisfies readonly PartRow[];

/** The name of a part. */
export type PartName = (typeof PARTS)[number]["name"];

/** The URL of one of our listeners. */
export function loopbackUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** The settings that determine which parts there are. */
interface PartsWanted {
  stores: Partial<Config["stores"]>;
  topology?: Topology | undefined;
}

/** The rows of the parts that a configuration needs: external stores are not ours to start. */
export function partRows({ stores, topology = { kind: "prototype" } }: PartsWanted, without: readonly PartName[] = []): PartRow[] {
  const rows: readonly PartRow[] = PARTS.filter(({ name }) => !without.includes(name));
  const ours = rows.filter(({ replacedBy }) => replacedBy === undefined || stores[replacedBy] === undefined);
  return ours.flatMap((row) => rowsIn(topology, row));
}

/** Every port that these parts listen on. */
export function wantedPorts(rows: readonly PartRow[], portOffset: number): WantedPort[] {
  return rows.flatMap(({ name, port, morePorts = {} }) => [
    { name, port: port + portOffset },
    ...Object.entries(morePorts).map(([spoken, more]) => ({ name: `${name}, ${spoken}`, port: more + portOffset })),
  ]);
}

/** On one machine only the gateway is for others; services take no keys, and are called over loopback. Empty counts as unset. */
function listenEnv({ name, copyOf = name }: PartRow): Record<string, string> {
  return copyOf === "gateway" ? {} : { SIGNALBOX_LISTEN_ADDRESS: "" };
}

/** A row as a part to supervise. `env` is added to the environment of all of them. */
export function partOf(row: PartRow, at: { portOffset: number; stores: StoreUrls; env: Record<string, string> }): Part {
  const port = row.port + at.portOffset;
  const url = `${row.protocol ?? "http"}://127.0.0.1:${port}`;
  return {
    kind: "process",
    name: row.name,
    needs: row.needs,
    entry: row.entry,
    ...(row.copyOf === undefined ? {} : { copyOf: row.copyOf }),
    env: { ...at.env, ...listenEnv(row), ...row.env, ...(row.portVariable === undefined ? {} : { [row.portVariable]: String(port) }) },
    port,
    url,
    isReady: row.isReady({ url, stores: at.stores }),
  };
}
