import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ClickHouseClient, createClickHouse, createTraceStore, type TracePage, type TraceSummary } from "@signalbox/db/clickhouse";
import { createApiKey, createPrisma } from "@signalbox/db/prisma";
import { NewApiKey, type Span, tlsFilesIn } from "@signalbox/model";
import { aPlace, startCollectorProcess } from "../collectorProcess.ts";
import { startTestStore } from "../testStore.ts";
import { traceSnapshot, usdText } from "../traceSnapshot.ts";
import { untilWritten } from "../untilTrue.ts";
import { startStubModelServer } from "./stubModelServer.ts";

const CLIENTS = new URL("../../../../../packages/interop/", import.meta.url);

/** How long a client may take on a busy machine, in milliseconds. */
const CLIENT_DEADLINE_MS = 120_000;

/** The console's view: the rows of the trace list and the traces themselves, both with the oldest first. */
export interface Seen {
  list: string[];
  traces: string;
}

/** A program of packages/interop and how to start it. `cwd` null means a new folder, since some SDKs write files into theirs. */
interface Client {
  command: string;
  args: readonly string[];
  cwd: string | null;
}

/** A client of `packages/interop/src`, by its file's name. */
export function javaScript(file: string, ...args: readonly string[]): Client {
  const folder = fileURLToPath(new URL("src/", CLIENTS));
  return { command: process.execPath, args: [`${folder}${file}.ts`, ...args], cwd: folder };
}

/** A client beside this file, by name; its dependencies are among the collector's own packages. */
export function anAgent(file: string, ...args: readonly string[]): Client {
  const folder = import.meta.dirname;
  return { command: process.execPath, args: [join(folder, `${file}.ts`), ...args], cwd: folder };
}

/** A client of `packages/interop/python`, by file name, run by an interpreter that has its dependencies. */
export function inPython(python: string, file: string, ...args: readonly string[]): Client {
  return { command: python, args: [fileURLToPath(new URL(`python/${file}.py`, CLIENTS)), ...args], cwd: null };
}

/** The requirements file of clients in Python, one environment per file. */
export const pythonRequirements = (file: string): URL => new URL(`python/${file}`, CLIENTS);

/**
 * Lets an unmodified SDK send to a collector in a process of its own, with a real store behind it, and reads the result as the console
 * does; `then` may work on the stores before that.
 */
export async function sentAndRead(
  client: Client,
  then = async (_clickhouse: ClickHouseClient, _databaseUrl: string): Promise<void> => {},
): Promise<Seen> {
  await using store = await startTestStore({ withState: true });
  await using model = await startStubModelServer();
  await using place = await aPlace();
  await using collector = startCollectorProcess(place, { CLICKHOUSE_URL: store.url, DATABASE_URL: store.databaseUrl });
  await collector.untilListening();
  await runClient(client, place.dataDir, {
    INTEROP_COLLECTOR_URL: place.url,
    INTEROP_COLLECTOR_GRPC_URL: place.grpcUrl,
    INTEROP_COLLECTOR_TLS_URL: place.tlsUrl,
    NODE_EXTRA_CA_CERTS: tlsFilesIn(place.dataDir).ca,
    INTEROP_MODEL_URL: `${model.url}/v1`,
    ...(await makeKeys(store.databaseUrl)),
  });
  await untilWritten(place.url);
  const clickhouse = createClickHouse(store.url);
  try {
    await then(clickhouse, store.databaseUrl);
    return await readEverything(clickhouse);
  } finally {
    await clickhouse.close();
  }
}

/** A key of each kind, as a person creates them for an SDK. The first may also read, as an evaluation needs to. */
async function makeKeys(databaseUrl: string): Promise<Record<string, string>> {
  await using prisma = createPrisma(databaseUrl);
  const make = async (kind: NewApiKey["kind"], scopes: NewApiKey["scopes"] = ["ingest"]) => {
    const { credentials } = await createApiKey(prisma, NewApiKey.parse({ project: "default", name: kind, kind, scopes }), new Date());
    return credentials;
  };
  const [token, uuid, pair] = [await make("token", ["ingest", "read"]), await make("uuid"), await make("pair")];
  return {
    INTEROP_TOKEN: token.secret,
    INTEROP_UUID: uuid.secret,
    INTEROP_PUBLIC_KEY: pair.publicKey ?? "",
    INTEROP_SECRET_KEY: pair.secret,
  };
}

/**
 * Runs a client to its end; throws with its output if it fails. It gets none of this environment's variables: a developer's may hold keys
 * that would make an SDK send elsewhere.
 */
async function runClient({ command, args, cwd }: Client, folder: string, env: Record<string, string>): Promise<void> {
  const child = spawn(command, args, {
    cwd: cwd ?? folder,
    env: { PATH: process.env.PATH, HOME: folder, PYTHONDONTWRITEBYTECODE: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: CLIENT_DEADLINE_MS,
  });
  let words = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      words += chunk;
    });
  const [exitCode] = await once(child, "exit");
  if (exitCode !== 0) throw new Error(`the client ended with ${exitCode}: ${words}`);
}

async function readEverything(clickhouse: ClickHouseClient): Promise<Seen> {
  const store = createTraceStore(clickhouse);
  const window = { from: "0", to: String(BigInt(Date.now() + 60_000) * 1_000_000n) };
  const rows: TraceSummary[] = [];
  let cursor: TracePage["next"] = null;
  do {
    // On a busy machine with a long window, a page may end early; it says how far it got.
    const page: TracePage = await store.list({ project: "default", window, filter: {}, cursor, direction: "older", limit: 50 });
    rows.unshift(...page.traces.toReversed());
    cursor = page.next;
  } while (cursor !== null);
  const spans = rows.map(async ({ traceId }) => {
    const outline = await store.outline("default", traceId, 100);
    const whole = (outline?.spans ?? []).map(async ({ spanId, parentSpanId }): Promise<Span[]> => {
      const span = await store.span("default", traceId, spanId);
      return span === null ? [] : [{ ...span, parentSpanId }];
    });
    return (await Promise.all(whole)).flat();
  });
  const found = (await Promise.all(spans)).flat();
  return { list: rows.map(rowText), traces: traceSnapshot(found) };
}

/** A row of the trace list; its totals count every model call once. */
function rowText({ name, spans, inputTokens, outputTokens, costUsd, costIsEstimate, session }: TraceSummary): string {
  const cost = `$${usdText(costUsd)}${costIsEstimate ? " estimated" : ""}`;
  return `${name}: ${spans} spans, ${inputTokens ?? "no"} to ${outputTokens ?? "no"} tokens, ${cost}, session ${session ?? "none"}`;
}
