import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@signalbox/model";
import { portHolder } from "./portHolder.ts";

/** A port that a part will listen on. */
export interface WantedPort {
  name: string;
  port: number;
}

const LOOPBACK = "127.0.0.1";

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ host: LOOPBACK, port, exclusive: true });
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

/** The wanted ports that are in use, or on which this user may not listen. */
export async function takenPorts(wanted: readonly WantedPort[]): Promise<WantedPort[]> {
  const free = await Promise.all(wanted.map(({ port }) => isFree(port)));
  return wanted.filter((_, index) => !free[index]);
}

/** The error for a start whose ports are taken: which, by whom as far as known, and how to move. */
export function portsTaken(taken: readonly WantedPort[]): AppError {
  const told = taken.map(({ name, port }) => {
    const holder = portHolder(port);
    return `port ${port} (${name}) is taken${holder === undefined ? "" : ` by ${holder.command} (process ${holder.pid})`}`;
  });
  const sentence = told.join(", ");
  return new AppError("infrastructure", `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`, {
    hint: "Stop what listens there, or move every port of Signalbox: SIGNALBOX_PORT_OFFSET=100 (or --port-offset 100).",
  });
}

/** Throws unless every wanted port is free by the end of `patienceMs`: parts of a killed supervisor need a moment to go. */
export async function requireFreePorts(wanted: readonly WantedPort[], patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const taken = await takenPorts(wanted);
    if (taken.length === 0) return;
    if (performance.now() >= deadline) throw portsTaken(taken);
    await sleep(50);
  }
}
