import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import packageJson from "../package.json" with { type: "json" };

/** The version of the running code: decisions, attempts and spans carry it. */
export const VERSION = packageJson.version;

/** A unique name for this process as a worker. A restarted container has the same host name and process id, hence the random part. */
export function workerName(): string {
  return `${hostname()}:${process.pid}:${randomBytes(4).toString("hex")}`;
}

/** The agent that serves a domain's customers. */
export function agentNameOf(domain: string): string {
  return `${domain}-agent`;
}

/** The services that a task passes, as decisions and spans name them. */
export const SERVICES = {
  gateway: "signalbox-gateway",
  worker: "signalbox-agent",
  language: "signalbox-language",
  memory: "signalbox-memory",
  planning: "signalbox-planning",
  tools: "signalbox-tools",
} as const;

/** One of the names in `SERVICES`. */
export type ServiceName = (typeof SERVICES)[keyof typeof SERVICES];
