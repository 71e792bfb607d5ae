/** Every key of the console. The page on screen supplies what a key does; this table registers the keys, fills the `?` sheet and the palette. */
export const SHORTCUTS = [
  { id: "palette", keys: "Mod+K", label: "Search commands", group: "Everywhere" },
  { id: "help", keys: "?", label: "Show keyboard shortcuts", group: "Everywhere" },
  { id: "goTraces", keys: "G T", label: "Go to traces", group: "Everywhere" },
  { id: "goTrends", keys: "G M", label: "Go to trends", group: "Everywhere" },
  { id: "goSessions", keys: "G N", label: "Go to sessions", group: "Everywhere" },
  { id: "goUsers", keys: "G U", label: "Go to users", group: "Everywhere" },
  { id: "goEvals", keys: "G E", label: "Go to eval runs", group: "Everywhere" },
  { id: "goDeadLetters", keys: "G Q", label: "Go to dead letters", group: "Everywhere" },
  { id: "goDatasets", keys: "G D", label: "Go to datasets", group: "Everywhere" },
  { id: "goProjects", keys: "G P", label: "Go to projects and keys", group: "Everywhere" },
  { id: "goReconciliation", keys: "G R", label: "Go to reconciliation", group: "Everywhere" },
  { id: "goStatus", keys: "G S", label: "Go to status", group: "Everywhere" },
  { id: "copyLink", keys: "C", label: "Copy a link to this view", group: "Everywhere" },
  { id: "close", keys: "Escape", label: "Close, or go back", group: "Everywhere" },
  { id: "search", keys: "/", label: "Search", group: "Lists and traces" },
  { id: "next", keys: "J", label: "Next row", group: "Lists and traces" },
  { id: "previous", keys: "K", label: "Previous row", group: "Lists and traces" },
  { id: "open", keys: "Enter", label: "Open the row", group: "Lists and traces" },
  { id: "filters", keys: "F", label: "Filters", group: "Trace list" },
  { id: "views", keys: "V", label: "Saved views", group: "Trace list" },
  { id: "timeRange", keys: "T", label: "Time range", group: "Trace list" },
  { id: "live", keys: "L", label: "Live updates on or off", group: "Trace list" },
  { id: "showNew", keys: "N", label: "Show new traces", group: "Trace list" },
  { id: "viewTree", keys: "1", label: "Tree", group: "Trace" },
  { id: "viewWaterfall", keys: "2", label: "Waterfall", group: "Trace" },
  { id: "viewConversation", keys: "3", label: "Conversation", group: "Trace" },
  { id: "expandAll", keys: "E", label: "Expand all", group: "Trace" },
  { id: "collapseAll", keys: "W", label: "Collapse all", group: "Trace" },
  { id: "errorsOnly", keys: "X", label: "Errors only", group: "Trace" },
  { id: "decisions", keys: "D", label: "Show or hide the decision log", group: "Trace" },
  { id: "olderTrace", keys: "]", label: "Next trace", group: "Trace" },
  { id: "newerTrace", keys: "[", label: "Previous trace", group: "Trace" },
  { id: "earlier", keys: "ArrowLeft", label: "Back by a moment", group: "Task" },
  { id: "later", keys: "ArrowRight", label: "On by a moment", group: "Task" },
  { id: "firstMoment", keys: "Home", label: "To its beginning", group: "Task" },
  { id: "lastMoment", keys: "End", label: "To its end", group: "Task" },
  { id: "fork", keys: "Y", label: "Fork from here: replay it", group: "Task" },
  { id: "deadLetter", keys: "Q", label: "Its dead letter", group: "Task" },
  { id: "timeTravel", keys: "H", label: "Time travel: its task, moment by moment", group: "Dead letters" },
  { id: "redrive", keys: "R", label: "Redrive", group: "Dead letters" },
  { id: "discard", keys: "B", label: "Discard", group: "Dead letters" },
  { id: "editPayload", keys: "P", label: "Edit the payload", group: "Dead letters" },
  { id: "keepItem", keys: "S", label: "Keep as a dataset item", group: "Datasets" },
  { id: "addItem", keys: "I", label: "Add an item", group: "Datasets" },
  { id: "editItem", keys: "U", label: "Edit the item", group: "Datasets" },
  { id: "compareVersions", keys: "O", label: "Compare with the version before", group: "Datasets" },
  { id: "regressions", keys: "M", label: "Regressions only", group: "Eval runs" },
  { id: "newKey", keys: "A", label: "New key", group: "Projects and keys" },
] as const satisfies readonly { id: string; keys: string; label: string; group: string }[];

export type Shortcut = (typeof SHORTCUTS)[number];
export type ShortcutId = Shortcut["id"];

/** The key of an action, for hints beside buttons. */
export function keysOf(id: ShortcutId): string {
  return SHORTCUTS.find((shortcut) => shortcut.id === id)?.keys ?? "";
}
