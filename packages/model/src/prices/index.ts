export * from "./cacheWriteKeys.ts";
export * from "./estimateCostUsd.ts";
export type { Price, PriceList } from "./priceList.ts";
export * from "./priceOf.ts";
