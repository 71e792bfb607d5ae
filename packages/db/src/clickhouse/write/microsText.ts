/** Microseconds since 1970 as text for a DateTime64(6). */
export function microsText(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19).replace("T", " ")}.${String(micros % 1_000_000).padStart(6, "0")}`;
}
