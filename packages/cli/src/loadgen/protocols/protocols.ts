import type { Payload } from "../templates/payload.ts";
import type { Template } from "../templates/template.ts";
import type { LoadConnection } from "./connection.ts";

/** The way a protocol's requests are made and sent: `headers` go with every one. */
interface Protocol {
  makeTemplate: (payload: Payload, number: number) => Template;
  open: (endpoint: URL, headers: Readonly<Record<string, string>>) => LoadConnection;
}

/** The generator's protocols, by name: the form of their payload, and the rest, which is loaded lazily. */
const PROTOCOLS = {
  "otlp-http": { form: "otlp", load: async () => ({ ...(await otlp()), open: (await import("./otlpHttp.ts")).openOtlpHttp }) },
  "otlp-grpc": { form: "otlp", load: async () => ({ ...(await otlp()), open: (await import("./otlpGrpc.ts")).openOtlpGrpc }) },
  langsmith: { form: "langsmith", load: async () => ({ ...(await langSmith()), open: (await import("./langSmith.ts")).openLangSmith }) },
} as const satisfies Record<string, { form: Payload["form"]; load: () => Promise<Protocol> }>;

export type LoadProtocol = keyof typeof PROTOCOLS;
export const LOAD_PROTOCOLS = Object.keys(PROTOCOLS) as LoadProtocol[];

export function formOf(name: LoadProtocol): Payload["form"] {
  return PROTOCOLS[name].form;
}

export function loadProtocol(name: LoadProtocol): Promise<Protocol> {
  return PROTOCOLS[name].load();
}

async function otlp(): Promise<Pick<Protocol, "makeTemplate">> {
  const { OtlpTemplate } = await import("../templates/otlpTemplate.ts");
  return { makeTemplate: (payload, number) => new OtlpTemplate(payload, number) };
}

async function langSmith(): Promise<Pick<Protocol, "makeTemplate">> {
  const { LangSmithTemplate } = await import("../templates/langSmithTemplate.ts");
  return { makeTemplate: (payload, number) => new LangSmithTemplate(payload, number) };
}
