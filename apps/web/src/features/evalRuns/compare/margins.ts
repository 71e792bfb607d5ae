/** How large a loss counts for nothing, by the name of the scorer; from 0 up, in the scorer's unit. */
export type Margins = Readonly<Record<string, number>>;

/** Margins read from an address, or the part of it that cannot be read. */
type MarginsRead = { kind: "margins"; margins: Margins } | { kind: "wrong"; part: string };

function nameOf(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** A margin as somebody typed it; null where it is none, or no number from 0 up. */
export function readMargin(text: string): number | null {
  const margin = Number(text);
  return text.trim() !== "" && Number.isFinite(margin) && margin >= 0 ? margin : null;
}

/** Reads margins from an address: `exact:0.02,token_f1:0.1`. */
export function readMargins(text: string): MarginsRead {
  const read: [string, number][] = [];
  for (const part of text === "" ? [] : text.split(",")) {
    const [, encoded = "", amount = ""] = /^(.*):([^:]*)$/s.exec(part) ?? [];
    const [name, margin] = [nameOf(encoded), readMargin(amount)];
    if (name === "" || margin === null) return { kind: "wrong", part };
    read.push([name, margin]);
  }
  return { kind: "margins", margins: Object.fromEntries(read) };
}

/** Margins as an address says them; null where there are none. */
export function marginsText(margins: Margins): string | null {
  const parts = Object.entries(margins).map(([name, margin]) => `${encodeURIComponent(name)}:${margin}`);
  return parts.length === 0 ? null : parts.join(",");
}
