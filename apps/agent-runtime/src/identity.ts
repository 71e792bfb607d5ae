import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import packageJson from "../package.json" with { type: "json" };

/** The version of the code that runs: decisions, attempts and spans carry it. */
export const VERSION = packageJson.version;

/** A name for this process as a worker. A container's next process has the same host and number, so there is something by chance in it. */
export function workerName(): string {
  return `${hostname()}:${process.pid}:${randomBytes(4).toString("hex")}`;
}

/** The agent that serves a domain's customers. */
export function agentNameOf(domain: string): string {
  return `${domain}-agent`;
}

/** The services a task passes, as decisions and spans name them. */
export const SERVICES = {
  gateway: "signalbox-gateway",
  worker: "signalbox-agent",
  language: "signalbox-language",
  memory: "signalbox-memory",
  planning: "signalbox-planning",
  tools: "signalbox-tools",
} as const;

/** A name out of `SERVICES`. */
export type ServiceName = (typeof SERVICES)[keyof typeof SERVICES];
