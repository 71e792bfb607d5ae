import packageJson from "../package.json" with { type: "json" };

/** The version of the code that runs: decisions, attempts and spans carry it. */
export const VERSION = packageJson.version;

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
