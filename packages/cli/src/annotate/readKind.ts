import { AppError } from "@signalbox/model";

const SCALE = /^scale:(-?\d+)-(-?\d+)$/;
const HINT = "Write pass_fail, scale:1-5 or choice:refund,booking,other.";

/**
 * Parses a `--kind`, without validating it: `pass_fail`, `scale:1-5`, `choice:a,b`;
 * `ends` are the meanings of a scale's ends. Throws `invalid_input` for anything else.
 */
export function readKind(text: string, ends: string | undefined): unknown {
  const scale = SCALE.exec(text);
  if (ends !== undefined && scale === null) throw new AppError("invalid_input", "Only a scale has --ends.", { hint: HINT });
  if (scale !== null) {
    const [, from, to] = scale;
    const [fromMeans = "", toMeans = ""] = ends?.split(",") ?? [];
    return { type: "scale", from: Number(from), to: Number(to), fromMeans, toMeans };
  }
  if (text === "pass_fail") return { type: "pass_fail" };
  if (text.startsWith("choice:")) return { type: "choice", options: text.slice("choice:".length).split(",") };
  throw new AppError("invalid_input", `${JSON.stringify(text)} is no kind of label.`, { hint: HINT });
}
