"use client";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from "react";
import { usePreference } from "../preferences/usePreference.ts";
import { matchKeys } from "./matchKeys.ts";
import type { ShortcutId } from "./shortcutTable.ts";

/** The effects of shortcuts on the current page; an action that has nothing to do right now is left out. */
export type Actions = Partial<Record<ShortcutId, () => void>>;

type Registry = {
  register: (actions: { current: Actions }) => () => void;
  run: (id: ShortcutId) => void;
  available: () => ReadonlySet<ShortcutId>;
};

const ShortcutContext = createContext<Registry | null>(null);

const SECOND_KEY_WITHIN_MS = 1_000;
const TYPING = "input, textarea, select, [contenteditable=true], [role=combobox]";
const OVERLAYS = "[role=dialog][data-open], [role=menu][data-open], [role=listbox][data-open]";
const PRESSABLE = "a[href], button, summary, [role=button], [role=tab], [role=checkbox]";

/** Whether a key belongs to the focused element rather than to the page. */
function isTaken(target: Element, id: ShortcutId, keys: string): boolean {
  if (id === "palette") return false;
  if (document.querySelector(OVERLAYS) !== null) return true;
  if (id === "close") return false;
  if (target.closest(TYPING) !== null) return true;
  return keys === "Enter" && target.closest(PRESSABLE) !== null;
}

/** Installs the console's single keyboard listener. */
export function ShortcutProvider({ children }: { children: ReactNode }) {
  const pages = useRef<{ current: Actions }[]>([]);
  const [singleKeys] = usePreference("singleKeys");

  const registry = useMemo<Registry>(() => {
    const find = (id: ShortcutId): (() => void) | undefined =>
      pages.current.findLast((page) => page.current[id] !== undefined)?.current[id];
    return {
      register: (actions) => {
        pages.current.push(actions);
        return () => {
          pages.current = pages.current.filter((page) => page !== actions);
        };
      },
      run: (id) => find(id)?.(),
      available: () => new Set(pages.current.flatMap((page) => Object.keys(page.current) as ShortcutId[])),
    };
  }, []);

  useEffect(() => {
    let begun: { keys: string; at: number } | null = null;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || !(event.target instanceof Element)) return;
      const isBegun = begun !== null && event.timeStamp - begun.at < SECOND_KEY_WITHIN_MS;
      const match = matchKeys(event, isBegun ? (begun?.keys ?? null) : null);
      begun = null;
      if (match.kind === "none") return;
      if (match.kind === "begun") {
        begun = { keys: match.keys, at: event.timeStamp };
        return;
      }
      const shortcut = match.shortcuts.find(({ id }) => registry.available().has(id));
      if (shortcut === undefined) return;
      const { id, keys } = shortcut;
      const isSingleKey = keys.length === 1 || keys.includes(" ");
      if ((isSingleKey && !singleKeys && id !== "help") || isTaken(event.target, id, keys)) return;
      event.preventDefault();
      registry.run(id);
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [registry, singleKeys]);

  return <ShortcutContext value={registry}>{children}</ShortcutContext>;
}

function useRegistry(): Registry {
  const registry = useContext(ShortcutContext);
  if (registry === null) throw new Error("a shortcut is used outside of <ShortcutProvider>");
  return registry;
}

/** Assigns actions to shortcuts while the calling component is mounted; if two assign the same one, the later wins. */
export function useShortcuts(actions: Actions): void {
  const registry = useRegistry();
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => registry.register(latest), [registry]);
}

/** The currently possible actions of the page, and a way to run one. */
export function useActions(): { availableNow: () => ReadonlySet<ShortcutId>; run: (id: ShortcutId) => void } {
  const registry = useRegistry();
  return { availableNow: registry.available, run: registry.run };
}
