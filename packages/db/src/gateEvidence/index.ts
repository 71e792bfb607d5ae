export { type GateStores, readUnits } from "./readUnits.ts";
export type { RolloutWindow, WeightInForce } from "./rolloutWindow.ts";
