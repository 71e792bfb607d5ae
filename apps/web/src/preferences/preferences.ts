import type { Clock } from "../format/time.ts";

/** What this browser remembers, with what holds before anything is remembered. Everything else about a view is in its URL. */
export const DEFAULT_PREFERENCES = {
  clock: "relative" as Clock,
  isLive: true,
  singleKeys: true,
  // Who labels, until people sign in; nobody is whoever runs the console.
  person: "",
  labellingPercent: 64,
  showsDecisions: true,
  showsFilters: true,
  showsRail: true,
  // The facets whose values are shown, with spaces between them.
  openFacets: "status service model agent",
  spanPanelPercent: 60,
  decisionsPercent: 74,
  // The gate policy that is being written; empty: the example.
  policyDraft: "",
};

export type Preferences = typeof DEFAULT_PREFERENCES;

const STORAGE_KEY = "signalbox.preferences";

/** What was stored, as far as it has the type it should have. */
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
