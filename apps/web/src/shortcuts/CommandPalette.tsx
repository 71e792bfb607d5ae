"use client";
import { Autocomplete } from "@base-ui/react/autocomplete";
import { Search } from "lucide-react";
import { useState } from "react";
import { Dialog } from "../components/ui/overlay/Dialog.tsx";
import { Kbd } from "../components/ui/text/Kbd.tsx";
import { useActions } from "./ShortcutProvider.tsx";
import { SHORTCUTS } from "./shortcutTable.ts";

/** A command of the palette in addition to the page's shortcuts. */
export type Command = { value: string; label: string; keys?: string; run: () => void };

const NOT_IN_PALETTE = new Set<string>(["palette", "close", "next", "previous", "open"]);
const TRACE_ID = /^[0-9a-f]{32}$/;

/** The least number of characters of a text that may be the id of a session or a user. */
const ID_CHARS_MIN = 3;

/** Functions that open what a pasted id may name. */
type Opening = { onOpenTrace: (traceId: string) => void; onOpenSession: (session: string) => void; onOpenUser: (user: string) => void };

/** Finds and runs any command; a pasted id opens its trace, session or user. */
export function CommandPalette({
  open,
  onOpenChange,
  commands,
  ...opening
}: Opening & {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  commands: readonly Command[];
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Command palette" showTitle={false}>
      {open && <PaletteList commands={commands} {...opening} onDone={() => onOpenChange(false)} />}
    </Dialog>
  );
}

function PaletteList({
  commands,
  onOpenTrace,
  onOpenSession,
  onOpenUser,
  onDone,
}: Opening & { commands: readonly Command[]; onDone: () => void }) {
  const { availableNow, run } = useActions();
  const [query, setQuery] = useState("");
  const available = availableNow();
  const id = query.trim();
  const traceId = id.toLowerCase();

  const items: Command[] = [
    ...(TRACE_ID.test(traceId) ? [{ value: query, label: `Open trace ${traceId}`, run: () => onOpenTrace(traceId) }] : []),
    ...SHORTCUTS.filter((shortcut) => available.has(shortcut.id) && !NOT_IN_PALETTE.has(shortcut.id)).map((shortcut) => ({
      value: shortcut.label,
      label: shortcut.label,
      keys: shortcut.keys,
      run: () => run(shortcut.id),
    })),
    ...commands,
    ...(id.length < ID_CHARS_MIN
      ? []
      : [
          { value: `${query} session`, label: `Open session ${id}`, run: () => onOpenSession(id) },
          { value: `${query} user`, label: `Open user ${id}`, run: () => onOpenUser(id) },
        ]),
  ];
  return (
    <Autocomplete.Root
      open
      inline
      items={items}
      itemToStringValue={(item: Command) => item.value}
      value={query}
      onValueChange={(value, { reason }) => reason !== "item-press" && setQuery(value)}
      autoHighlight="always"
      keepHighlight
    >
      <div className="flex items-center gap-2 border-b border-line px-3">
        <Search className="size-4 shrink-0 text-faint" aria-hidden />
        <Autocomplete.Input
          aria-label="Search commands"
          placeholder="Type a command, or paste the id of a trace, session or user"
          className="h-11 w-full bg-transparent text-md outline-none placeholder:text-faint"
        />
      </div>
      <Autocomplete.Empty>
        <div className="px-4 py-6 text-center text-muted">No command by that name.</div>
      </Autocomplete.Empty>
      <Autocomplete.List className="max-h-80 overflow-y-auto p-1.5 data-empty:hidden">
        {(item: Command) => (
          <Autocomplete.Item
            key={item.value}
            value={item}
            onClick={() => {
              onDone();
              item.run();
            }}
            className="flex h-8 cursor-default select-none items-center justify-between gap-3 rounded-md px-2.5 outline-none data-highlighted:bg-accent-soft data-highlighted:text-accent"
          >
            <span className="truncate">{item.label}</span>
            {item.keys !== undefined && <Kbd keys={item.keys} />}
          </Autocomplete.Item>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}
