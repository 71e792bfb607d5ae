"use client";
import { KEPT_TRACES_MAX, type RouterOutputs } from "@signalbox/api/client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { type ReactNode, type RefObject, useRef, useState } from "react";
import { Button, buttonStyle } from "../../components/ui/form/Button.tsx";
import { Checkbox } from "../../components/ui/form/Checkbox.tsx";
import { DialogActions, DialogForm, DialogWords } from "../../components/ui/form/DialogForm.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { formatCount } from "../../format/amounts.ts";
import { projectLink } from "../../project/projectParam.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../trpc/useRefresh.ts";
import { DatasetField } from "./DatasetField.tsx";
import { datasetLink, itemLink } from "./datasetLinks.ts";

type Kept = RouterOutputs["datasets"]["addTraces"];
type Traces = { project: string; traceIds: readonly string[] };

/** So many of the traces that were not added are named; all are counted. */
const NAMED_MAX = 5;

const tracesText = (count: number): string => `${formatCount(count)} ${count === 1 ? "trace" : "traces"}`;

/** Keeps traces as items of a dataset, one that is there or a new one, and says what became of each. */
export function KeepTracesDialog({
  open,
  onOpenChange,
  onDone,
  ...traces
}: Traces & { open: boolean; onOpenChange: (open: boolean) => void; onDone: () => void }) {
  const nameRef = useRef<HTMLInputElement>(null);
  const title = `Add ${tracesText(traces.traceIds.length)} to a dataset`;
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} isSticky initialFocus={nameRef}>
      <KeepForm {...traces} nameRef={nameRef} onDone={onDone} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

function KeepForm({
  project,
  traceIds,
  nameRef,
  onDone,
  onClose,
}: Traces & { nameRef: RefObject<HTMLInputElement | null>; onDone: () => void; onClose: () => void }) {
  const trpc = useTRPC();
  const [name, setName] = useState("");
  const [isAnswerRight, setAnswerRight] = useState(true);
  const add = useMutation(trpc.datasets.addTraces.mutationOptions(useRefresh(trpc.datasets.pathKey())));
  const dataset = name.trim();
  const isTooMany = traceIds.length > KEPT_TRACES_MAX;
  const isReady = dataset !== "" && !isTooMany && !add.isPending;
  if (add.isSuccess)
    return (
      <DialogWords>
        <KeptWords kept={add.data} dataset={dataset} project={project} />
        <DialogActions>
          <Button
            onClick={() => {
              onClose();
              onDone();
            }}
          >
            Close
          </Button>
          <Link href={datasetLink(dataset, project)} className={buttonStyle({ tone: "primary" })}>
            Open the dataset
          </Link>
        </DialogActions>
      </DialogWords>
    );
  return (
    <DialogForm
      onSubmit={() => {
        if (isReady) add.mutate({ project, name: dataset, traceIds: [...traceIds], isAnswerRight });
      }}
    >
      <DatasetField project={project} name={name} onName={setName} fieldRef={nameRef} />
      <div className="flex flex-col gap-1">
        <Checkbox checked={isAnswerRight} onChange={setAnswerRight}>
          What was answered is what is expected
        </Checkbox>
        <p className="text-sm text-muted">
          {isAnswerRight
            ? "The last answer and the tools that were called become what is right. Correct those items that were answered wrong."
            : "Items say what was asked alone; what is right is written down later."}
        </p>
      </div>
      <DialogActions
        failure={add.error}
        notice={
          isTooMany && (
            <p role="alert" className="rounded-md bg-caution-soft px-3 py-2 text-sm text-caution">
              Up to {formatCount(KEPT_TRACES_MAX)} traces are added at once. Select fewer, and add the others after them.
            </p>
          )
        }
      >
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={!isReady}>
          {add.isPending ? "Reading them…" : `Add ${tracesText(traceIds.length)}`}
        </Button>
      </DialogActions>
    </DialogForm>
  );
}

/** How many were added, which were there already, and which are no item. */
function KeptWords({ kept: { version, added, duplicates, left }, dataset, project }: { kept: Kept; dataset: string; project: string }) {
  return (
    <>
      <p role="status">
        {added === 0 ? "Nothing was added to" : `${tracesText(added)} added to`}{" "}
        <span className="font-mono text-sm">{`${dataset}@${version.number}`}</span>, which has {formatCount(version.items)}{" "}
        {version.items === 1 ? "item" : "items"}.
      </p>
      {duplicates.count > 0 && (
        <NotAdded count={duplicates.count} words={`${tracesText(duplicates.count)} left out, with the input and expectation of an item:`}>
          {duplicates.told.slice(0, NAMED_MAX).map(({ traceId, of }) => (
            <li key={traceId}>
              <TraceName traceId={traceId} project={project} />, as{" "}
              <Link href={itemLink(dataset, of, project)} className="font-mono text-xs text-accent underline underline-offset-2">
                {of}
              </Link>
            </li>
          ))}
        </NotAdded>
      )}
      {left.length > 0 && (
        <NotAdded count={left.length} words={`${tracesText(left.length)} cannot be ${left.length === 1 ? "an item" : "items"}:`}>
          {left.slice(0, NAMED_MAX).map(({ traceId, why }) => (
            <li key={traceId}>
              <TraceName traceId={traceId} project={project} />: {why}
            </li>
          ))}
        </NotAdded>
      )}
    </>
  );
}

function NotAdded({ count, words, children }: { count: number; words: string; children: ReactNode }) {
  return (
    <div className="text-sm">
      <p>{words}</p>
      <ul className="mt-1 flex flex-col gap-0.5 text-muted [overflow-wrap:anywhere]">
        {children}
        {count > NAMED_MAX && <li>and {formatCount(count - NAMED_MAX)} more</li>}
      </ul>
    </div>
  );
}

function TraceName({ traceId, project }: { traceId: string; project: string }) {
  return (
    <Link
      href={projectLink(`/traces/${traceId}`, { project })}
      title={traceId}
      className="font-mono text-xs text-accent underline underline-offset-2"
    >
      {traceId.slice(0, 12)}…
    </Link>
  );
}
