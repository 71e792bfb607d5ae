export * from "./agentVersion.ts";
export * from "./routing.ts";
