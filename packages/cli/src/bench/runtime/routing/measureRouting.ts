import { callsPerSecondOfOne } from "./calibrate.ts";
import { type CapFigures, measureEjectionCap } from "./ejectionCap.ts";
import { type GoneFigures, measureGoneEndpoint } from "./goneEndpoint.ts";
import { type GpuFigures, measureGpuWork } from "./gpuWork.ts";
import { type IsolationFigures, measureIsolation } from "./isolation.ts";
import { measureSlowEndpoint, type SlowFigures } from "./slowEndpoint.ts";

/** The offered load as a share of the capacity of four endpoints. */
const OFFERED_SHARE = 0.7;

/** The results of routing, all measured in one run on one machine. */
export interface RoutingFigures {
  /** The calls per second of one saturated endpoint. */
  endpointCallsPerSecond: number;
  offered: { share: number; callsPerSecond: number };
  slow: SlowFigures;
  killed: GoneFigures;
  frozen: GoneFigures;
  cap: CapFigures;
  gpu: GpuFigures;
  isolation: { on: IsolationFigures; off: IsolationFigures };
}

/** The inputs of a measurement. `note` gets a line before each part of it. */
export interface RoutingOptions {
  seed: number;
  signal: AbortSignal;
  note: (line: string) => void;
}

/** Measures the balancer over real endpoints on loopback, each in a separate process, with the product's policy. Takes about a minute. */
export async function measureRouting({ seed, signal, note }: RoutingOptions): Promise<RoutingFigures> {
  note("What can one endpoint do?");
  const endpointCallsPerSecond = await callsPerSecondOfOne(seed, signal);
  const perSecond = OFFERED_SHARE * 4 * endpointCallsPerSecond;
  note("One of four endpoints becomes ten times slower …");
  const slow = await measureSlowEndpoint(perSecond, seed, signal);
  note("One is killed …");
  const killed = await measureGoneEndpoint(perSecond, seed, (endpoint) => endpoint.kill(), signal);
  note("One is stopped with its connections open …");
  const frozen = await measureGoneEndpoint(perSecond, seed, (endpoint) => endpoint.freeze(), signal);
  note("All are killed, one after the other …");
  const cap = await measureEjectionCap(perSecond, seed, signal);
  note("Half of the calls need a GPU, and those that have one are killed …");
  const gpu = await measureGpuWork(perSecond, seed, signal);
  note("One of four services is stopped, with isolation and without …");
  const on = await measureIsolation(true, seed, signal);
  const off = await measureIsolation(false, seed, signal);
  return {
    endpointCallsPerSecond,
    offered: { share: OFFERED_SHARE, callsPerSecond: perSecond },
    slow,
    killed,
    frozen,
    cap,
    gpu,
    isolation: { on, off },
  };
}
