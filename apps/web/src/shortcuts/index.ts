export { type Command, CommandPalette } from "./CommandPalette.tsx";
export { type Actions, ShortcutProvider, useShortcuts } from "./ShortcutProvider.tsx";
export { ShortcutSheet } from "./ShortcutSheet.tsx";
export { keysOf, type ShortcutId } from "./shortcutTable.ts";
