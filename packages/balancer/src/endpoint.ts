import { AppError } from "@signalbox/model";
import { z } from "zod";

/** An address of a service, and its labels: `cpu`, `gpu`, `model=llama`. Labels are free words; a need is met by the same word. */
export interface Endpoint {
  /** Scheme, host and port, without a path. */
  url: string;
  labels: ReadonlySet<string>;
}

/** A source of endpoints: a fixed address, or a name that is resolved again and again. */
export type EndpointSource =
  | { kind: "address"; endpoint: Endpoint }
  | { kind: "name"; protocol: string; host: string; port: string; labels: ReadonlySet<string> };

const NAME_PREFIX = "dns+";

/**
 * Parses a list of endpoints: `http://a:4610#gpu&model=llama,http://b:4610` are two addresses, `dns+http://language:4610#cpu` is every
 * address of a name. Labels take the place of a URL's fragment, which is never sent. Throws `invalid_input` naming the malformed entry.
 */
export function parseEndpoints(text: string): EndpointSource[] {
  const sources = text.split(",").map((entry) => parseSource(entry.trim()));
  const written = sources.map((source) => (source.kind === "address" ? source.endpoint.url : `${source.host}:${source.port}`));
  const twice = written.find((url, index) => written.indexOf(url) !== index);
  if (twice !== undefined) throw new AppError("invalid_input", `The endpoint ${twice} is named twice.`);
  return sources;
}

/** A schema for a list of endpoints in an environment. */
export const Endpoints = z.string().transform((text, context) => {
  try {
    return parseEndpoints(text);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    context.addIssue({ code: "custom", message: [error.message, error.hint].filter(Boolean).join(" ") });
    return z.NEVER;
  }
});

function parseSource(entry: string): EndpointSource {
  const isName = entry.startsWith(NAME_PREFIX);
  const url = URL.parse(isName ? entry.slice(NAME_PREFIX.length) : entry);
  if (url === null || !["http:", "https:"].includes(url.protocol) || url.username !== "" || url.pathname !== "/" || url.search !== "")
    throw new AppError("invalid_input", `"${redacted(entry)}" is no endpoint.`, {
      hint: "Endpoints are URLs without a path, with commas between them: http://10.0.0.7:4610#gpu,dns+http://language:4610",
    });
  const labels = new Set(url.hash.slice(1).split("&").filter(Boolean).map(labelOf));
  if (!isName) return { kind: "address", endpoint: { url: url.origin, labels } };
  if (url.protocol === "https:")
    throw new AppError("invalid_input", `"${entry}" is no endpoint: a certificate names the name, and calls go to its addresses.`, {
      hint: "Name the https addresses one by one, or let the mesh encrypt what goes to http.",
    });
  return { kind: "name", protocol: url.protocol, host: url.hostname, port: url.port || "80", labels };
}

/** A decoded label; throws `invalid_input` for a `%` that does not begin an escape. */
function labelOf(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch (cause) {
    throw new AppError("invalid_input", `"${written}" is no label of an endpoint.`, { cause, hint: "A % in a label is written %25." });
  }
}

/** An entry that is safe to print, without a password. */
function redacted(entry: string): string {
  return entry.replace(/\/\/[^@/]*@/, "//…@");
}

/** Whether an endpoint has every label that a call needs. */
export function meets({ labels }: Endpoint, needs: readonly string[]): boolean {
  return needs.every((need) => labels.has(need));
}
