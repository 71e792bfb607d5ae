export * from "./environment.ts";
export * from "./loopbackGuard.ts";
export * from "./ports.ts";
export * from "./process.ts";
export * from "./tlsFiles.ts";
