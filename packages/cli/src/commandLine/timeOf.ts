import { AppError } from "@signalbox/model";

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * A flag's time as ISO 8601: written so, or as a duration back (90m, 24h, 7d) from `nowMs` (milliseconds since 1970). Throws `invalid_input`.
 */
export function timeOf(text: string | undefined, flag: string, nowMs: number): string | undefined {
  if (text === undefined) return undefined;
  const [, count, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const ms = unit === undefined ? Date.parse(text) : nowMs - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  if (Number.isFinite(ms)) return new Date(ms).toISOString();
  throw new AppError("invalid_input", `Wrong ${flag}: "${text}" is no time.`, {
    hint: "Write 2026-11-26T12:00:00Z, or 24h for a day back.",
  });
}
