import type { LoadConnection } from "./connection.ts";

/** How a connection of a protocol is opened; `headers` go with every request. */
export type OpenConnection = (endpoint: URL, headers: Readonly<Record<string, string>>) => LoadConnection;

/** The protocols that the generator speaks, each loaded when it is asked for. */
const PROTOCOLS = {
  "otlp-http": async () => (await import("./otlpHttp.ts")).openOtlpHttp,
  "otlp-grpc": async () => (await import("./otlpGrpc.ts")).openOtlpGrpc,
} as const satisfies Record<string, () => Promise<OpenConnection>>;

export type LoadProtocol = keyof typeof PROTOCOLS;
export const LOAD_PROTOCOLS = Object.keys(PROTOCOLS) as LoadProtocol[];

export function loadProtocol(name: LoadProtocol): Promise<OpenConnection> {
  return PROTOCOLS[name]();
}
