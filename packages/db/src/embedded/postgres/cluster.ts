import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "@signalbox/model";
import { postgresBinaries } from "./binaries.ts";
import { unprivileged } from "./unprivileged.ts";

/** The location, the owner's credentials and the port of a cluster. */
export type ClusterOptions = { folder: string; user: string; password: string; port: number };

/**
 * The server's settings. Loopback only, no socket file; memory for a part of a machine, not for all of it. Rows of the queue and of running
 * tasks are updated several times in their short lives: what that leaves behind is vacuumed every few seconds without a pause, or each
 * statement reads past it (at 27,000 tasks a minute, the default of a look each minute cost 3.06 ms of its processor time per task instead of 2.50).
 */
function settings(port: number): string[] {
  const values = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    max_connections: "200",
    shared_buffers: "64MB",
    autovacuum_naptime: "5s",
    autovacuum_vacuum_cost_delay: "0",
    password_encryption: "scram-sha-256",
    log_min_messages: "warning",
    timezone: "UTC",
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** A program's last output, for the sentence that explains why it could not start. */
function lastWords(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    text = `${text}${chunk}`.slice(-4_000);
  });
  return () => {
    const fatal = text.split("\n").findLast((line) => /FATAL|error:|could not/.test(line));
    return (fatal ?? text.trim().split("\n").at(-1) ?? "").replace(/^.*?(FATAL|error): +/, "").trim();
  };
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code));
  });
}

/** Creates the cluster if it does not exist. It appears as a whole: it is built beside its place and moved there. */
export async function initialiseCluster({ folder, user, password }: ClusterOptions): Promise<void> {
  if (existsSync(join(folder, "PG_VERSION"))) return;
  const { initdb } = postgresBinaries();
  const { commandLine, own } = unprivileged([dirname(folder), dirname(initdb)]);
  const unfinished = `${folder}.unfinished`;
  const passwordFile = `${folder}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  try {
    mkdirSync(unfinished, { recursive: true, mode: 0o700 });
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    own(unfinished);
    own(passwordFile);
    const args = [
      "-D",
      unfinished,
      "-U",
      user,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
    ];
    const { command, args: line, ...as } = commandLine(initdb, args);
    const child = spawn(command, line, { ...as, stdio: ["ignore", "ignore", "pipe"], cwd: "/" });
    const why = lastWords(child);
    if ((await ended(child)) !== 0)
      throw new AppError("infrastructure", `The embedded PostgreSQL could not be made in ${folder}: ${why()}.`);
    renameSync(unfinished, folder);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** The unexpected end of a server: killed (SIGKILL), or for the reason in the sentence. */
export type ServerEnd = { wasKilled: boolean; sentence: string };

/** A running server. `ended` resolves when it dies by itself; `stop` disconnects all clients and ends it within `graceMs`. */
export type RunningServer = { pid: number; ended: Promise<ServerEnd>; stop: (graceMs: number) => Promise<void> };

/** Starts the server of a cluster, which may take a moment to accept connections. */
export function startServer({ folder, port }: ClusterOptions): RunningServer {
  const { postgres } = postgresBinaries();
  const { commandLine, own } = unprivileged([dirname(folder), dirname(postgres)]);
  own(folder);
  const { command, args, ...as } = commandLine(postgres, ["-D", folder, ...settings(port)]);
  const child = spawn(command, args, { ...as, stdio: ["ignore", "ignore", "pipe"], cwd: "/" });
  child.stderr.pipe(process.stderr);
  const why = lastWords(child);
  const closed = ended(child);
  return {
    pid: child.pid ?? 0,
    ended: closed.then(
      () => ({ wasKilled: child.signalCode === "SIGKILL", sentence: `The embedded PostgreSQL ended: ${why() || "without a word"}.` }),
      (error: unknown) => ({ wasKilled: false, sentence: `The embedded PostgreSQL could not be started: ${error}.` }),
    ),
    async stop(graceMs) {
      child.kill("SIGINT");
      const impatience = setTimeout(() => child.kill("SIGQUIT"), graceMs);
      await closed;
      clearTimeout(impatience);
    },
  };
}
