import { AppError } from "@signalbox/model";

/** The regular expression of a scorer's options, which finds from the start each time. Throws `invalid_input` where it is none. */
export function compilePattern(scorer: string, pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags.replaceAll(/[gy]/g, ""));
  } catch (cause) {
    throw new AppError("invalid_input", `The pattern of the scorer ${scorer} is no regular expression: ${String(cause)}`, { cause });
  }
}
