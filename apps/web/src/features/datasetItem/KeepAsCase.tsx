"use client";
import { KEPT_LETTERS_MAX } from "@signalbox/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { type ReactNode, type RefObject, useRef, useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm, DialogWords } from "../../components/ui/form/DialogForm.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { formatCount } from "../../format/amounts.ts";
import { keysOf, useShortcuts } from "../../shortcuts/index.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { DatasetField } from "./DatasetField.tsx";

/** The source of an eval case: a dead letter, a group of them or a replay of a project. */
type Subject = { project: string } & ({ kind: "letter" | "replay"; id: string } | { kind: "group"; fingerprint: string });

/** The default dataset for each kind of source. */
const DATASETS = { letter: "dead letters", group: "dead letters", replay: "replays" } as const satisfies Record<Subject["kind"], string>;

const WORDS = {
  one: { button: "Keep as eval case", title: "Keep as an eval case" },
  many: { button: "Keep as eval cases", title: "Keep as eval cases" },
} as const;

/** Keeps the request of a dead letter's or a replay's task, or of a group's tasks, as eval cases, by pointer or key. */
export function KeepAsCase(subject: Subject) {
  const [isOpen, setIsOpen] = useState(false);
  const fieldRef = useRef<HTMLInputElement>(null);
  const open = (): void => setIsOpen(true);
  useShortcuts({ keepItem: open });
  const words = WORDS[subject.kind === "group" ? "many" : "one"];
  const form = { fieldRef, onClose: () => setIsOpen(false) };
  return (
    <>
      <Button onClick={open} aria-keyshortcuts={keysOf("keepItem")} title={`${words.title} (${keysOf("keepItem")})`}>
        <FlaskConical className="size-3.5" aria-hidden />
        {words.button}
      </Button>
      <Dialog open={isOpen} onOpenChange={setIsOpen} title={words.title} initialFocus={fieldRef}>
        {isOpen && (subject.kind === "group" ? <KeepGroup {...subject} {...form} /> : <KeepOne {...subject} {...form} />)}
      </Dialog>
    </>
  );
}

type FormProps = { fieldRef: RefObject<HTMLInputElement | null>; onClose: () => void };

function KeepOne({ kind, project, id, ...form }: Extract<Subject, { id: string }> & FormProps) {
  const trpc = useTRPC();
  const { keepAsItem } = kind === "letter" ? trpc.deadLetters : trpc.replays;
  const keep = useMutation(keepAsItem.mutationOptions(useNewVersion()));
  return (
    <KeepForm
      {...form}
      {...{ project, kind, keep }}
      onKeep={(dataset) => keep.mutate({ project, id, dataset })}
      kept={
        keep.data && (
          <>
            {keep.data.isNew ? "It is kept in" : "It was kept already, in"} <VersionText {...keep.data} />
          </>
        )
      }
    >
      What the task was asked, and what was to be right, becomes an item of a dataset. Every eval run of it asks a version of the agent the
      same.
    </KeepForm>
  );
}

function KeepGroup({ kind, project, fingerprint, ...form }: Extract<Subject, { kind: "group" }> & FormProps) {
  const trpc = useTRPC();
  const keep = useMutation(trpc.deadLetters.keepGroup.mutationOptions(useNewVersion()));
  const { letters = 0, taken = 0, added = 0 } = keep.data ?? {};
  return (
    <KeepForm
      {...form}
      {...{ project, kind, keep }}
      onKeep={(dataset) => keep.mutate({ project, fingerprint, dataset })}
      kept={
        keep.data && (
          <>
            {letters > taken && `Of ${formatCount(letters)} letters the latest ${formatCount(taken)} were taken. `}
            {added === 0 ? "Nothing is new in" : `${formatCount(added)} of ${formatCount(taken)} are new in`} <VersionText {...keep.data} />
            {added < taken && " What asks and expects the same as another is kept once."}
          </>
        )
      }
    >
      What the tasks of these letters were asked, and what was to be right, becomes items of a dataset: of the latest{" "}
      {formatCount(KEPT_LETTERS_MAX)} letters, if there are more. Every eval run of it asks a version of the agent the same.
    </KeepForm>
  );
}

/** What follows when a version was made: lists of datasets are read anew. */
function useNewVersion() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return { onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.datasets.pathKey() }) };
}

function VersionText({ dataset, version, items }: { dataset: string; version: number; items: number }) {
  return (
    <>
      <span className="font-mono text-sm">{`${dataset}@${version}`}</span>, which has {formatCount(items)} {items === 1 ? "case" : "cases"}.
    </>
  );
}

function KeepForm({
  project,
  kind,
  keep,
  kept,
  fieldRef,
  onKeep,
  onClose,
  children,
}: FormProps & {
  project: string;
  kind: Subject["kind"];
  keep: { isPending: boolean; error: unknown };
  kept: ReactNode;
  onKeep: (dataset: string) => void;
  children: ReactNode;
}) {
  const [name, setName] = useState<string>(DATASETS[kind]);
  const dataset = name.trim();
  if (kept !== undefined)
    return (
      <DialogWords>
        <p role="status">{kept}</p>
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
        </DialogActions>
      </DialogWords>
    );
  return (
    <DialogForm
      onSubmit={() => {
        if (dataset !== "") onKeep(dataset);
      }}
    >
      <p>{children}</p>
      <DatasetField project={project} name={name} onName={setName} fieldRef={fieldRef} />
      <DialogActions failure={keep.error}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={dataset === "" || keep.isPending}>
          Keep
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
