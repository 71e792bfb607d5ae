import type { Clock } from "../format/time.ts";

/** The preferences stored in this browser, with their defaults. Everything else about a view is in its URL. */
export const DEFAULT_PREFERENCES = {
  clock: "relative" as Clock,
  isLive: true,
  singleKeys: true,
  // The labelling person, until there are user accounts; empty for whoever runs the console.
  person: "",
  labellingPercent: 64,
  showsDecisions: true,
  showsFilters: true,
  showsRail: true,
  // The open facets, separated by spaces.
  openFacets: "status service model agent",
  spanPanelPercent: 60,
  decisionsPercent: 74,
  // The draft of a gate policy; empty for the example.
  policyDraft: "",
};

export type Preferences = typeof DEFAULT_PREFERENCES;

const STORAGE_KEY = "signalbox.preferences";

/** Parses stored preferences; values of a wrong type are dropped. */
export function parsePreferences(stored: string | null): Preferences {
  if (stored === null) return DEFAULT_PREFERENCES;
  try {
    const known = Object.entries(JSON.parse(stored) as object).filter(
      ([name, value]) => name in DEFAULT_PREFERENCES && typeof value === typeof DEFAULT_PREFERENCES[name as keyof Preferences],
    );
    return { ...DEFAULT_PREFERENCES, ...Object.fromEntries(known) };
  } catch {
    return DEFAULT_PREFERENCES;
  }
}

const listeners = new Set<() => void>();
let current: Preferences | null = null;

export function readPreferences(): Preferences {
  current ??= parsePreferences(localStorage.getItem(STORAGE_KEY));
  return current;
}

export function storePreference<K extends keyof Preferences>(name: K, value: Preferences[K]): void {
  current = { ...readPreferences(), [name]: value };
  localStorage.setItem(STORAGE_KEY, JSON.stringify(current));
  for (const tell of listeners) tell();
}

export function onPreferenceChange(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}
