/** The TCP ports of a Signalbox on one machine, before `SIGNALBOX_PORT_OFFSET`. Other programs rely on these numbers: keep them. */
const BASE_PORTS = {
  console: 3000,
  otlpGrpc: 4317,
  otlpHttp: 4318,
  otlpTls: 4319,
  controller: 4400,
  gateway: 4500,
  clickhouse: 8123,
  postgres: 54329,
} as const;

/** The name of one of our listeners. */
export type PortName = keyof typeof BASE_PORTS;

/** Every port moved by `offset` (a whole number, may be 0). */
export function portsAt(offset: number): Record<PortName, number> {
  const moved = { ...BASE_PORTS } as Record<PortName, number>;
  for (const name of Object.keys(moved) as PortName[]) moved[name] += offset;
  return moved;
}
