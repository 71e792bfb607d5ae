export * from "./deadLetterStore.ts";
export * from "./decisionStore.ts";
export * from "./evaluationStore.ts";
export type { PrismaClient } from "./generated/client.ts";
export * from "./journalStore.ts";
export * from "./memoryStore.ts";
export * from "./outboxStore.ts";
export * from "./taskStore.ts";
