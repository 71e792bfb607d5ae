"use client";
import { useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { Kbd } from "../../../components/ui/text/Kbd.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { keysOf, useShortcuts } from "../../../shortcuts/index.ts";
import { AddToQueueDialog } from "../../annotationQueue/index.ts";
import { KeepTracesDialog } from "../../datasetItem/index.ts";

/** The actions on the selected traces. The bar stands below the list, so that no row moves. */
export function SelectedTraces({ project, traceIds, onClear }: { project: string; traceIds: readonly string[]; onClear: () => void }) {
  const [open, setOpen] = useState<"dataset" | "queue" | null>(null);
  useShortcuts({ keepItem: () => setOpen("dataset"), addToQueue: () => setOpen("queue"), close: onClear });
  const dialogOf = (name: "dataset" | "queue") => ({
    open: open === name,
    onOpenChange: (isOpen: boolean) => setOpen(isOpen ? name : null),
    ...{ project, traceIds, onDone: onClear },
  });
  return (
    <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-t border-line bg-accent-soft px-4 py-1.5 text-sm">
      <span role="status" className="font-medium tabular-nums">
        {formatCount(traceIds.length)} selected
      </span>
      <Button onClick={() => setOpen("dataset")} aria-keyshortcuts={keysOf("keepItem")}>
        Add to dataset
        <Kbd keys={keysOf("keepItem")} />
      </Button>
      <Button onClick={() => setOpen("queue")} aria-keyshortcuts={keysOf("addToQueue")}>
        Add to annotation queue
        <Kbd keys={keysOf("addToQueue")} />
      </Button>
      <Button tone="quiet" onClick={onClear}>
        Clear
      </Button>
      <KeepTracesDialog {...dialogOf("dataset")} />
      <AddToQueueDialog {...dialogOf("queue")} />
    </div>
  );
}
