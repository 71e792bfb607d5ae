import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@signalbox/model";
import { quoteName, quoteString } from "../sql/sqlText.ts";
import { type Binding, loadBinding, type NativeConnection } from "./binding.ts";
import { EngineError } from "./engineError.ts";
import { writeEngineSettings } from "./engineSettings.ts";
import { isStoreHeld } from "./storeLock.ts";

/** The context of a statement: settings and bound parameters by name, and the current database. */
export type Scope = { database: string | undefined; settings: ReadonlyMap<string, string>; params: ReadonlyMap<string, string> };

/** The engine's report on a query or an insert. Times are in seconds. */
export type ReadResult = { bytes: Buffer; elapsed: number; rowsRead: number; bytesRead: number };
export type WriteResult = { elapsed: number; rowsWritten: number; bytesWritten: number };

/** One connection to the engine, for one statement at a time. */
export type EngineConnection = Disposable & {
  /** Sets the scope of the statements after it. */
  enter: (scope: Scope, tag: string) => Promise<void>;
  read: (sql: string, format: string) => Promise<ReadResult>;
  write: (sql: string) => Promise<WriteResult>;
};

/** The engine over one folder, which it locks for as long as the process lives. */
export type Engine = {
  version: string;
  connect: () => EngineConnection;
  /** Ends the statement that runs under `tag`, if there is one. */
  cancel: (tag: string) => Promise<void>;
  /** A connection that stays open, because the engine ends with its last connection. */
  keeper: NativeConnection;
};

/** Restores server defaults that the embedded build changes; a client's own settings override them. */
const SERVER_DEFAULTS: ReadonlyMap<string, string> = new Map([["implicit_select", "0"]]);

/** Up to this length a statement is within the engine's limit of 256 KiB, whatever its characters take in UTF-8. */
const STATEMENT_CHARACTERS_MAX = 60_000;

/** The setting that carries a statement's tag: this build offers no way to choose its query id. */
const TAG_SETTING = "log_comment";

/** Opens the engine over `folder`. Throws an `infrastructure` error when another process holds the folder or it cannot be written. */
export async function openEngine(folder: string): Promise<Engine> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const store = join(folder, "store");
  if (isStoreHeld(store))
    throw new AppError("infrastructure", `The telemetry store in ${store} is in use by another process.`, {
      hint: "Stop the other Signalbox, or choose another folder with SIGNALBOX_DATA_DIR.",
    });
  const binding = loadBinding();
  const keeper = openStore(binding, store, writeEngineSettings(folder));
  const connect = (): EngineConnection => openConnection(binding, binding.CreateConnection(store));
  const version = (await binding.QueryAsyncConnection(keeper, "SELECT version()", "TabSeparatedRaw")).bytes.toString().trim();
  return {
    version,
    connect,
    cancel: async (tag) => {
      using connection = connect();
      await connection.read(`KILL QUERY WHERE Settings['${TAG_SETTING}'] = ${quoteString(tag)} ASYNC`, "Null");
    },
    keeper,
  };
}

function openStore(binding: Binding, store: string, args: string[]): NativeConnection {
  try {
    return binding.CreateConnection(store, args);
  } catch (cause) {
    throw new AppError("infrastructure", `The telemetry store in ${store} cannot be opened; the lines before say what the engine found.`, {
      cause,
    });
  }
}

function openConnection(binding: Binding, connection: NativeConnection): EngineConnection {
  return {
    enter: async (scope, tag) => {
      const sql = scopeSql(scope, tag);
      const isLong = sql.length > STATEMENT_CHARACTERS_MAX;
      const run = (text: string): Promise<unknown> => asEngineError(binding.QueryAsyncConnection(connection, text, "Null"));
      // On a server parameters have no size limit; here they are part of a statement, which has one.
      if (isLong) await run(`SET max_query_size = ${4 * sql.length}`);
      await run(sql);
      if (isLong) await run(`SET max_query_size = ${scope.settings.get("max_query_size") ?? "DEFAULT"}`);
    },
    read: (sql, format) => asEngineError(binding.QueryAsyncConnection(connection, sql, format)),
    write: (sql) => asEngineError(binding.InsertRawAsyncConnection(connection, sql, Buffer.alloc(0), false)),
    [Symbol.dispose]: () => binding.CloseConnection(connection),
  };
}

async function asEngineError<T>(result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw EngineError.from(error);
  }
}

/** `readonly` comes last, since nothing else can be set after it. */
function scopeSql({ database, settings, params }: Scope, tag: string): string {
  const { readonly, ...rest } = Object.fromEntries([...SERVER_DEFAULTS, ...settings, [TAG_SETTING, tag]]);
  const all = [...Object.entries(rest), ...(readonly === undefined ? [] : [["readonly", readonly] as const])];
  const assignments = [
    ...[...params].map(([name, value]) => `param_${plainName(name)} = ${quoteString(value)}`),
    ...all.map(([name, value]) => `${plainName(name)} = ${quoteString(value)}`),
  ];
  return [...(database === undefined ? [] : [`USE ${quoteName(database)}`]), `SET ${assignments.join(", ")}`].join("; ");
}

function plainName(name: string): string {
  if (/^\w+$/.test(name)) return name;
  throw EngineError.own("UNKNOWN_SETTING", `Setting ${quoteString(name)} is neither a builtin setting nor a parameter`);
}
