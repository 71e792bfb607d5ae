export { aGatePolicy } from "./aGatePolicy.ts";
export { A_LIFE, aTaskLife } from "./aTaskLife.ts";
export { aVersion } from "./aVersion.ts";
export { until } from "./until.ts";
