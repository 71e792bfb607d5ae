"use client";
import { useState } from "react";
import { Button } from "../../components/ui/Button.tsx";
import { Kbd } from "../../components/ui/Kbd.tsx";
import { formatCount } from "../../format/amounts.ts";
import { keysOf, useShortcuts } from "../../shortcuts/index.ts";
import { AddToQueueDialog } from "./AddToQueueDialog.tsx";

/** The actions on the traces selected in a list. */
export function SelectedTraces({ project, traceIds, onClear }: { project: string; traceIds: readonly string[]; onClear: () => void }) {
  const [isOpen, setOpen] = useState(false);
  useShortcuts({ addToQueue: () => setOpen(true), close: onClear });
  return (
    <div className="flex h-10 shrink-0 items-center gap-2 border-b border-line bg-accent-soft px-4 text-sm" role="status">
      <span className="font-medium tabular-nums">{formatCount(traceIds.length)} selected</span>
      <Button onClick={() => setOpen(true)} aria-keyshortcuts={keysOf("addToQueue")}>
        Add to annotation queue
        <Kbd keys={keysOf("addToQueue")} />
      </Button>
      <Button tone="quiet" onClick={onClear}>
        Clear
      </Button>
      <AddToQueueDialog open={isOpen} onOpenChange={setOpen} project={project} traceIds={traceIds} onDone={onClear} />
    </div>
  );
}
