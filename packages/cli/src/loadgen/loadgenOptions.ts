import { portsAt } from "@signalbox/model";
import { type Command, InvalidArgumentError, Option } from "commander";
import { wholeNumber } from "../commandLine/verb.ts";
import { LOAD_PROTOCOLS } from "./protocols/protocols.ts";
import { SPAN_DIALECT_NAMES, type SpanDialectName } from "./spans/spanDialects.ts";

/** Upper bounds: more than any machine could send, or hold. */
const MAX = {
  spansPerTrace: 100_000,
  spansPerRequest: 10_000,
  bytesPerSpan: 1_000_000,
  rate: 100_000_000,
  durationS: 604_800,
  connections: 4_096,
};

/** The flags of `signalbox loadgen`. */
export function withLoadgenOptions(command: Command): Command {
  return command
    .option("--endpoint <url>", "the back end to send to", `http://127.0.0.1:${portsAt(0).otlpHttp}`)
    .addOption(new Option("--protocol <name>", "how to speak to it").choices(LOAD_PROTOCOLS).default("otlp-http"))
    .option("--spans-per-trace <n>", "spans of one trace", wholeNumber(1, MAX.spansPerTrace), 10)
    .option(
      "--bytes-per-span <n>",
      "bytes of OTLP that a span takes: above some 900, the rest is messages",
      wholeNumber(1, MAX.bytesPerSpan),
      2_648,
    )
    .option("--spans-per-request <n>", "spans of one request (default: about 53 kB of them)", wholeNumber(1, MAX.spansPerRequest))
    .option("--dialects <names>", `conventions that the traces speak in turn: ${SPAN_DIALECT_NAMES.join(", ")}`, dialectNames, ["otel"])
    .option("--rate <n>", "spans per second (default: as many as the back end takes)", wholeNumber(1, MAX.rate))
    .option("--duration <seconds>", "how long to send", wholeNumber(1, MAX.durationS), 10)
    .option("--spans <n>", "stop after so many spans", wholeNumber(1, 2 ** 32))
    .option("--connections <n>", "requests under way at once", wholeNumber(1, MAX.connections), 16)
    .option("--disorder <percent>", "so many requests come late, and as many twice", wholeNumber(0, 50), 0)
    .option("--updates <percent>", "so many requests are followed by an update of their spans, over OTLP", wholeNumber(0, 50), 0)
    .option("--header <name: value>", "a header of every request, such as an API key; may be repeated", addHeader, {})
    .option("--seed <n>", "the same seed sends the same spans again (default: a new one)", wholeNumber(0, 2 ** 32 - 1))
    .option("--log <file>", "write down which spans were acknowledged");
}

/** Parses names of dialects separated by commas. */
export function dialectNames(text: string): SpanDialectName[] {
  return text.split(",").map((name) => {
    const known = SPAN_DIALECT_NAMES.find((dialect) => dialect === name.trim());
    if (known === undefined) throw new InvalidArgumentError(`They are ${SPAN_DIALECT_NAMES.join(", ")}, with commas between them.`);
    return known;
  });
}

function addHeader(text: string, headers: Record<string, string>): Record<string, string> {
  const colon = text.indexOf(":");
  if (colon < 1 || /[\r\n]/.test(text)) throw new InvalidArgumentError('It is a name and a value: "authorization: Bearer sbx_…".');
  return { ...headers, [text.slice(0, colon).trim().toLowerCase()]: text.slice(colon + 1).trim() };
}
