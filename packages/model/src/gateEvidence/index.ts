export { type MetricSource, metricSource } from "./metricSource.ts";
export type { Exposure, UnitEvent } from "./unitEvents.ts";
