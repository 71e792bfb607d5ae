export * from "./apiKey.ts";
export * from "./apiKeySecret.ts";
export * from "./erasure.ts";
export * from "./project.ts";
export * from "./savedView.ts";
