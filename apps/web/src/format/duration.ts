const NS = { us: 1e3, ms: 1e6, s: 1e9, min: 60e9, h: 3_600e9 } as const;

/** Durations from two days on are given in days. */
const HOURS_MAX = 48;

const pad = (value: number): string => String(value).padStart(2, "0");

/** At most three significant digits, no exponent, no empty decimals. */
function short(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}

/** A duration of `ns` nanoseconds: `0`, `740 µs`, `12.4 ms`, `3.02 s`, `2m 05s`, `1h 07m`, `3d 02h`. */
export function formatDuration(ns: number): string {
  if (ns === 0) return "0";
  if (ns < 0) return `−${formatDuration(-ns)}`;
  if (ns < NS.us) return `${Math.round(ns)} ns`;
  if (ns < NS.ms) return `${short(ns / NS.us)} µs`;
  if (ns < NS.s) return `${short(ns / NS.ms)} ms`;
  if (ns < NS.min) return `${short(ns / NS.s)} s`;
  const seconds = Math.floor(ns / NS.s);
  if (ns < NS.h) return `${Math.floor(seconds / 60)}m ${pad(seconds % 60)}s`;
  const hours = Math.floor(seconds / 3_600);
  return hours < HOURS_MAX ? `${hours}h ${pad(Math.floor((seconds % 3_600) / 60))}m` : `${Math.floor(hours / 24)}d ${pad(hours % 24)}h`;
}

/** The nanoseconds between two times in decimal nanoseconds since 1970. */
export function nanosBetween(from: string, to: string): number {
  return Number(BigInt(to) - BigInt(from));
}
