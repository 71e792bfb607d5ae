import { SHORTCUTS, type Shortcut } from "./shortcutTable.ts";

/** The properties of a key press. */
export type KeyPress = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean };

/** A key press in the table's notation: letters in capitals, `Mod+` for Control or Command. Shift shows in the character itself. */
function written({ key, ctrlKey, metaKey, altKey }: KeyPress): string | null {
  if (altKey) return null;
  const name = key.length === 1 ? key.toUpperCase() : key;
  return ctrlKey || metaKey ? `Mod+${name}` : name;
}

/**
 * The meaning of a press after `begun` (the first key of a two-key shortcut, or null): shortcuts, of which at most one belongs to the
 * current page; the beginning of one; or nothing. A second key that completes nothing counts as a first one.
 */
export function matchKeys(
  press: KeyPress,
  begun: string | null,
): { kind: "shortcuts"; shortcuts: readonly Shortcut[] } | { kind: "begun"; keys: string } | { kind: "none" } {
  const keys = written(press);
  if (keys === null) return { kind: "none" };
  const pressed = begun === null ? keys : `${begun} ${keys}`;
  const shortcuts = SHORTCUTS.filter((candidate) => candidate.keys === pressed);
  if (shortcuts.length > 0) return { kind: "shortcuts", shortcuts };
  if (begun !== null) return matchKeys(press, null);
  return SHORTCUTS.some((candidate) => candidate.keys.startsWith(`${keys} `)) ? { kind: "begun", keys } : { kind: "none" };
}
