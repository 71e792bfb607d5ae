"use client";
import { ListPlus } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { keysOf, useShortcuts } from "../../shortcuts/index.ts";
import { KeepTraceDialog } from "./KeepTraceDialog.tsx";

/** The button that turns a trace into a dataset item. */
export function KeepTrace({ project, traceId }: { project: string; traceId: string }) {
  const [isOpen, setOpen] = useState(false);
  useShortcuts({ keepItem: () => setOpen(true) });
  const label = `Add to a dataset (${keysOf("keepItem")})`;
  return (
    <>
      <Button tone="quiet" size="icon" aria-label={label} title={label} onClick={() => setOpen(true)}>
        <ListPlus className="size-4" aria-hidden />
      </Button>
      <KeepTraceDialog open={isOpen} onOpenChange={setOpen} trace={{ project, traceId }} />
    </>
  );
}
