import type { RouterInputs } from "@signalbox/api/client";

/** A property by which a list can be narrowed, named as in the API and the URL. */
export type Facet = RouterInputs["traces"]["facetValues"]["facets"][number];

/** The facets in the order of the panel. A facet with `isOpenEnded` has too many values to list, so they are searched. */
export const FACETS = [
  { facet: "status", label: "Status", isOpenEnded: false },
  { facet: "kind", label: "Kind of root", isOpenEnded: false },
  { facet: "service", label: "Service", isOpenEnded: false },
  { facet: "agent", label: "Agent", isOpenEnded: false },
  { facet: "model", label: "Model", isOpenEnded: false },
  { facet: "environment", label: "Environment", isOpenEnded: false },
  { facet: "release", label: "Release", isOpenEnded: false },
  { facet: "variant", label: "Rollout arm", isOpenEnded: false },
  { facet: "prompt", label: "Prompt version", isOpenEnded: false },
  { facet: "tag", label: "Tag", isOpenEnded: false },
  { facet: "user", label: "User", isOpenEnded: true },
  { facet: "session", label: "Session", isOpenEnded: true },
] as const satisfies readonly { facet: Facet; label: string; isOpenEnded: boolean }[];

/** The possible endings of a trace, named as in the URL. */
export const STATUSES = ["ok", "error", "incomplete"] as const;

const STATUS_WORDS: Readonly<Record<string, string>> = { ok: "ok", error: "error", incomplete: "root not received" };

/** A facet's value in words. */
export function facetText(facet: Facet, value: string): string {
  return facet === "status" ? (STATUS_WORDS[value] ?? value) : value;
}

const SEPARATOR = ":";

/** An exclusion as the URL writes it: `tag:vip`. */
export function exclusion(facet: Facet, value: string): string {
  return `${facet}${SEPARATOR}${value}`;
}

/** Parses an exclusion from the URL; null if it names no facet. */
export function readExclusion(text: string): { facet: Facet; value: string } | null {
  const at = text.indexOf(SEPARATOR);
  const facet = FACETS.find((candidate) => candidate.facet === text.slice(0, Math.max(0, at)))?.facet;
  const value = text.slice(at + 1);
  return facet === undefined || value === "" ? null : { facet, value };
}
