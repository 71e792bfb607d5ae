import type { RouterInputs } from "@signalbox/api/client";

type NewKey = RouterInputs["projects"]["createKey"];
export type KeyKind = NonNullable<NewKey["kind"]>;

/** The credentials that a program needs to send to this installation. `publicKey` is null unless the key is a pair. */
export type Access = { otlpUrl: string; secret: string; publicKey: string | null };

/** An SDK: the kinds of key that it accepts (the first is preferred), and its complete settings. */
export type Sdk = { value: string; label: string; kinds: readonly KeyKind[]; snippet: (access: Access) => string };

/** The SDKs with settings to paste a key into. All but the first read these settings from the environment by themselves. */
export const SDKS = [
  {
    value: "opentelemetry",
    label: "OpenTelemetry",
    kinds: ["token", "pair", "uuid"],
    snippet: ({ otlpUrl, secret }) =>
      `export OTEL_EXPORTER_OTLP_ENDPOINT=${otlpUrl}
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20${secret}`,
  },
  {
    value: "langsmith",
    label: "LangSmith",
    kinds: ["token", "pair", "uuid"],
    snippet: ({ otlpUrl, secret }) =>
      `export LANGSMITH_TRACING=true
export LANGSMITH_ENDPOINT=${otlpUrl}
export LANGSMITH_API_KEY=${secret}`,
  },
  {
    value: "langfuse",
    label: "Langfuse",
    kinds: ["pair"],
    snippet: ({ otlpUrl, secret, publicKey }) =>
      `export LANGFUSE_BASE_URL=${otlpUrl}
export LANGFUSE_PUBLIC_KEY=${publicKey ?? ""}
export LANGFUSE_SECRET_KEY=${secret}`,
  },
  {
    value: "agentops",
    label: "AgentOps",
    kinds: ["uuid"],
    snippet: ({ otlpUrl, secret }) =>
      `export AGENTOPS_API_KEY=${secret}
export AGENTOPS_API_ENDPOINT=${otlpUrl}
export AGENTOPS_EXPORTER_ENDPOINT=${otlpUrl}/v1/traces`,
  },
] as const satisfies readonly Sdk[];

export type SdkName = (typeof SDKS)[number]["value"];

/** The kind of key created for an SDK. */
export function kindFor(name: SdkName): KeyKind {
  return SDKS.find(({ value }) => value === name)?.kinds[0] ?? "token";
}

/** The SDKs that accept a kind of key. */
export function sdksOf(kind: KeyKind): readonly (typeof SDKS)[number][] {
  return SDKS.filter((sdk) => (sdk.kinds as readonly KeyKind[]).includes(kind));
}
