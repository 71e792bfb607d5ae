import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "@signalbox/model";
import { type Binding, loadBinding, type NativeConnection } from "./binding.ts";
import { EngineError } from "./engineError.ts";
import { writeEngineSettings } from "./engineSettings.ts";
import { quoteName, quoteString } from "./sqlText.ts";
import { isStoreHeld } from "./storeLock.ts";

/** What a connection knows before its statement: settings and bound parameters by name, and the database that names are looked up in. */
export type Scope = { database: string | undefined; settings: ReadonlyMap<string, string>; params: ReadonlyMap<string, string> };

/** A query's or an insert's own account. Times in seconds, as the engine tells them. */
export type ReadResult = { bytes: Buffer; elapsed: number; rowsRead: number; bytesRead: number };
export type WriteResult = { elapsed: number; rowsWritten: number; bytesWritten: number };

/** One connection to the engine, for one statement at a time. */
export type EngineConnection = Disposable & {
  /** Sets the scope that the statements after it run in. */
  enter: (scope: Scope, tag: string) => Promise<void>;
  read: (sql: string, format: string) => Promise<ReadResult>;
  write: (sql: string) => Promise<WriteResult>;
};

/** The engine over one folder, which it holds alone, as long as the process lives. */
export type Engine = {
  version: string;
  connect: () => EngineConnection;
  /** Ends the statement that runs under `tag`, if one does. */
  cancel: (tag: string) => Promise<void>;
  /** An engine ends with the last of its connections: this one lasts. */
  keeper: NativeConnection;
};

/** Settings of the embedded build that differ from a server's, put back; a client's own settings come after them. */
const SERVER_DEFAULTS: ReadonlyMap<string, string> = new Map([["implicit_select", "0"]]);

/** Below this a statement is safely within the engine's own limit of 256 KiB, whatever its characters take in UTF-8. */
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
      // Parameters have no limit on a server; here they come in a statement, and statements have one.
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

/** `readonly` goes last, for after it nothing else may be set. */
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
