import type { PartRow } from "./partRow.ts";
import type { Topology } from "./topology.ts";

/** The services that are run in copies. */
const SERVICES = ["language", "memory", "planning", "tools"] as const;

/** The port of the first copy of each, without offset; those of the others follow it. */
const FIRST_PORT = { worker: 4501, gateway: 4511, language: 4521, memory: 4531, planning: 4541, tools: 4551 } as const;

/** Only there may several processes listen on one port and have the system spread connections over them. */
const PORTS_ARE_SHARED = process.platform === "linux";

type Copied = keyof typeof FIRST_PORT;

const nameOf = (part: Copied, copy: number): string => `${part}-${copy}`;

const portOf = (part: Copied, copy: number): number => FIRST_PORT[part] + copy - 1;

function copyNumbers(copies: number): number[] {
  return Array.from({ length: copies }, (_, index) => index + 1);
}

/** The copies of a part, which share everything with the single one except for `change`. */
function copiesOf(row: PartRow, part: Copied, copies: number, change: (copy: number) => Partial<PartRow>): PartRow[] {
  return copyNumbers(copies).map((copy) => ({
    ...row,
    name: nameOf(part, copy),
    copyOf: part,
    port: portOf(part, copy),
    portVariable: "SIGNALBOX_WORKER_PORT",
    ...change(copy),
  }));
}

function serviceRows(row: PartRow, copies: number): PartRow[] {
  return SERVICES.flatMap((service) => copiesOf(row, service, copies, () => ({ env: { SIGNALBOX_RUNTIME_PARTS: service } })));
}

/** The worker's row split into processes: services, and workers that need them, so that the workers end first. */
function workerRows(row: PartRow, copies: number): PartRow[] {
  const services = serviceRows(row, copies);
  const needs = [...row.needs, ...services.map(({ name }) => name)];
  return [...services, ...copiesOf(row, "worker", copies, () => ({ needs }))];
}

/** The gateway's row as several processes on one shared port, each with another of its own for its health. The first one runs the demo. */
function gatewayRows(row: PartRow, copies: number): PartRow[] {
  if (!PORTS_ARE_SHARED) return [row];
  return copiesOf(row, "gateway", copies, (copy) => ({
    ...(copy === 1 ? { morePorts: { tasks: row.port } } : {}),
    env: { ...row.env, SIGNALBOX_GATEWAY_SHARED: "true", ...(copy === 1 ? {} : { SIGNALBOX_DEMO_TASKS: "0" }) },
  }));
}

/** The rows that a part's row becomes in a topology. */
export function rowsIn(topology: Topology, row: PartRow): PartRow[] {
  if (topology.kind === "prototype") return [row];
  if (row.name === "worker") return workerRows(row, topology.copies);
  if (row.name === "gateway") return gatewayRows(row, topology.copies);
  return [row];
}

/** The addresses of the services, for the parts that call them. A stopping copy still finishes its answers for a moment. */
export function topologyEnv(topology: Topology, portOffset: number): Record<string, string> {
  if (topology.kind === "prototype") return {};
  const urls = SERVICES.map((service) => {
    const endpoints = copyNumbers(topology.copies).map((copy) => `http://127.0.0.1:${portOf(service, copy) + portOffset}`);
    return [`SIGNALBOX_${service.toUpperCase()}_URL`, endpoints.join(",")];
  });
  return { ...Object.fromEntries(urls), SIGNALBOX_DRAIN_MS: "300" };
}
