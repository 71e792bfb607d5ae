"use client";
import { useCallback, useSyncExternalStore } from "react";
import { DEFAULT_PREFERENCES, onPreferenceChange, type Preferences, readPreferences, storePreference } from "./preferences.ts";

/** A stored preference and its setter. The server and the first paint use the default. */
export function usePreference<K extends keyof Preferences>(name: K): [Preferences[K], (value: Preferences[K]) => void] {
  const value = useSyncExternalStore(
    onPreferenceChange,
    () => readPreferences()[name],
    () => DEFAULT_PREFERENCES[name],
  );
  return [value, useCallback((next) => storePreference(name, next), [name])];
}
