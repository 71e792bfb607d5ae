import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from "@clickhouse/client";
import { freePortOffset, type StoreProcess, startStore } from "../storeProcess.ts";
import { clickhouseEntry, embeddedClickHouseUrl, isClickHouseReady } from "./index.ts";

/** The client options of a test, besides the store's address. */
type ClientOptions = Omit<NonNullable<Parameters<typeof createClient>[0]>, "url" | "log">;

/** The embedded ClickHouse alone, in a process of its own over a temporary folder, with ClickHouse's unmodified client. */
export interface TestClickHouse extends AsyncDisposable {
  client: ClickHouseClient;
  dataDir: string;
  portOffset: number;
  /** `http://user:password@127.0.0.1:port/database` */
  url: URL;
  process: () => StoreProcess;
  /** Another client on the same store, closed with it. */
  openClient: (options: ClientOptions) => ClickHouseClient;
  /** A plain request to the HTTP interface, with credentials; `search` holds the URL's parameters. */
  post: (body: string | Buffer, search?: Record<string, string>, headers?: Record<string, string>) => Promise<Response>;
  /** The lines of a result in TabSeparated. */
  lines: (sql: string, settings?: ClickHouseSettings) => Promise<string[]>;
  /** Kills the process without warning and restarts it over the same folder. */
  killAndRestart: () => Promise<void>;
}

const DATABASE = "test";

/** Starts the store with an empty database, in a folder that is removed with it unless it is given. */
export async function startTestClickHouse(options: { dataDir?: string } = {}): Promise<TestClickHouse> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "signalbox-clickhouse-"));
  const portOffset = await freePortOffset();
  const url = new URL(embeddedClickHouseUrl(dataDir, portOffset));
  const env = { SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_PORT_OFFSET: String(portOffset) };
  const start = (): Promise<StoreProcess> => startStore(clickhouseEntry, env, () => isClickHouseReady(url.href));
  let store = await start();

  url.pathname = "/";
  const clients: ClickHouseClient[] = [];
  const openClient = (options: ClientOptions): ClickHouseClient => {
    const client = createClient({ url: url.href, log: { level: ClickHouseLogLevel.OFF }, ...options });
    clients.push(client);
    return client;
  };
  await openClient({}).command({ query: `CREATE DATABASE ${DATABASE}` });
  const client = openClient({ database: DATABASE });

  return {
    client,
    dataDir,
    portOffset,
    url,
    process: () => store,
    openClient,
    post: (body, search = {}, headers = {}) => {
      const target = new URL(url.origin);
      target.search = new URLSearchParams({ database: DATABASE, ...search }).toString();
      const authorization = `Basic ${btoa(`${url.username}:${url.password}`)}`;
      return fetch(target, { method: "POST", body, headers: { authorization, ...headers } });
    },
    lines: async (query, clickhouse_settings = {}) => {
      const result = await client.query({ query, format: "TabSeparated", clickhouse_settings });
      return (await result.text()).split("\n").slice(0, -1);
    },
    killAndRestart: async () => {
      await store.end("SIGKILL");
      store = await start();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((each) => each.close()));
      await store.end("SIGTERM");
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
