"use client";
import { ListPlus } from "lucide-react";
import { Button } from "../../components/ui/form/Button.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { keysOf } from "../../shortcuts/index.ts";

/** A dataset without any version, with the way to add its first item. */
export function EmptyDataset({ name, project, onAdd }: { name: string; project: string; onAdd: () => void }) {
  return (
    <EmptyState icon={ListPlus} title={`${name} has no items yet`}>
      <p>Write the first one here, keep a trace as one from its page (S), or import a file:</p>
      <code className="font-mono text-sm [overflow-wrap:anywhere]">
        ./signalbox dataset import items.jsonl --name {JSON.stringify(name)}
        {project === "default" ? "" : ` --project ${project}`}
      </code>
      <Button tone="primary" onClick={onAdd} title={`Add an item (${keysOf("addItem")})`}>
        Add an item
      </Button>
    </EmptyState>
  );
}
