"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { Button, buttonStyle } from "../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm, DialogWords } from "../../components/ui/form/DialogForm.tsx";
import { Select } from "../../components/ui/form/Select.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { formatCount } from "../../format/amounts.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { queueLink } from "./annotationLinks.ts";
import { QueueFields } from "./QueueFields.tsx";
import { NEW_QUEUE, readQueueDraft } from "./queueDraft.ts";

type Subject = { project: string; traceIds: readonly string[] };

/** The option for a queue that does not exist yet. */
const NEW = "new";

const tracesText = (count: number): string => `${formatCount(count)} ${count === 1 ? "trace" : "traces"}`;

/** Adds traces to an existing or a new annotation queue. */
export function AddToQueueDialog({
  open,
  onOpenChange,
  onDone,
  ...subject
}: Subject & { open: boolean; onOpenChange: (open: boolean) => void; onDone: () => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Add ${tracesText(subject.traceIds.length)} to an annotation queue`} isSticky>
      <AddForm {...subject} onDone={onDone} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

function AddForm({ project, traceIds, onDone, onClose }: Subject & { onDone: () => void; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [chosen, setChosen] = useState<string | null>(null);
  const [draft, setDraft] = useState(NEW_QUEUE);
  const found = useQuery(trpc.annotations.list.queryOptions({ project }));
  const create = useMutation(trpc.annotations.create.mutationOptions());
  const add = useMutation(
    trpc.annotations.add.mutationOptions({ onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.annotations.pathKey() }) }),
  );
  if (found.isPending) return <Skeleton className="m-4 h-24" />;
  const queues = found.data?.queues ?? [];
  const id = chosen ?? queues[0]?.id ?? NEW;
  const queue = readQueueDraft(draft, project);
  const isBusy = create.isPending || add.isPending;
  const isReady = !isBusy && (id !== NEW || queue !== undefined);
  const submit = async (): Promise<void> => {
    const into = id === NEW && queue !== undefined ? (await create.mutateAsync(queue)).id : id;
    setChosen(into);
    await add.mutateAsync({ project, id: into, subjects: traceIds.map((traceId) => ({ traceId })) });
  };
  if (add.isSuccess) {
    const there = traceIds.length - add.data.added;
    return (
      <DialogWords>
        <p role="status">
          {tracesText(add.data.added)} added to {add.data.name}
          {there > 0 && `; ${formatCount(there)} ${there === 1 ? "was" : "were"} in it already`}.
        </p>
        <DialogActions>
          <Button
            onClick={() => {
              onClose();
              onDone();
            }}
          >
            Close
          </Button>
          <Link href={queueLink(id, project)} className={buttonStyle({ tone: "primary" })}>
            Label them
          </Link>
        </DialogActions>
      </DialogWords>
    );
  }
  return (
    <DialogForm
      onSubmit={() => {
        // The error is shown below.
        if (isReady) void submit().catch(() => undefined);
      }}
    >
      <Select
        label="Queue"
        value={id}
        options={[...queues.map(({ id: value, name }) => ({ value, label: name })), { value: NEW, label: "A new queue" }]}
        onChange={setChosen}
      />
      {id === NEW && <QueueFields draft={draft} onDraft={setDraft} />}
      <DialogActions failure={add.error ?? create.error ?? found.error}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={!isReady}>
          Add {tracesText(traceIds.length)}
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
