"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm, DialogWords } from "../../components/ui/form/DialogForm.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { keysOf, useShortcuts } from "../../shortcuts/index.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { DatasetField } from "./DatasetField.tsx";

/** The source of an eval case: a dead letter or a replay of a project. */
type Subject = { kind: "letter" | "replay"; project: string; id: string };

/** The default dataset for each kind of source. */
const DATASETS = { letter: "dead letters", replay: "replays" } as const satisfies Record<Subject["kind"], string>;

/** Keeps the request of a dead letter's or a replay's task as an eval case, by pointer or key. */
export function KeepAsCase(subject: Subject) {
  const [isOpen, setIsOpen] = useState(false);
  const fieldRef = useRef<HTMLInputElement>(null);
  const open = (): void => setIsOpen(true);
  useShortcuts({ keepItem: open });
  return (
    <>
      <Button onClick={open} aria-keyshortcuts={keysOf("keepItem")} title={`Keep as an eval case (${keysOf("keepItem")})`}>
        <FlaskConical className="size-3.5" aria-hidden />
        Keep as eval case
      </Button>
      <Dialog open={isOpen} onOpenChange={setIsOpen} title="Keep as an eval case" initialFocus={fieldRef}>
        {isOpen && <KeepForm subject={subject} fieldRef={fieldRef} onClose={() => setIsOpen(false)} />}
      </Dialog>
    </>
  );
}

function KeepForm({
  subject: { kind, project, id },
  fieldRef,
  onClose,
}: {
  subject: Subject;
  fieldRef: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [dataset, setDataset] = useState<string>(DATASETS[kind]);
  const { keepAsItem } = kind === "letter" ? trpc.deadLetters : trpc.replays;
  const keep = useMutation(
    keepAsItem.mutationOptions({ onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.datasets.pathKey() }) }),
  );
  if (keep.isSuccess) {
    const { dataset: kept, version, isNew, items } = keep.data;
    return (
      <DialogWords>
        <p role="status">
          {isNew ? "It is kept in" : "It was kept already, in"} <span className="font-mono text-sm">{`${kept}@${version}`}</span>, which has{" "}
          {items} {items === 1 ? "case" : "cases"}.
        </p>
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
        </DialogActions>
      </DialogWords>
    );
  }
  return (
    <DialogForm
      onSubmit={() => {
        if (dataset.trim() !== "") keep.mutate({ project, id, dataset: dataset.trim() });
      }}
    >
      <p>
        What the task was asked, and what was to be right, becomes an item of a dataset. Every eval run of it asks a version of the agent
        the same.
      </p>
      <DatasetField project={project} name={dataset} onName={setDataset} fieldRef={fieldRef} />
      <DialogActions failure={keep.error}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={dataset.trim() === "" || keep.isPending}>
          Keep
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
