"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm } from "../../components/ui/form/DialogForm.tsx";
import { FormFailure } from "../../components/ui/form/FormFailure.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { DatasetField } from "./DatasetField.tsx";
import { datasetLink } from "./datasetLinks.ts";
import { ItemField } from "./ItemField.tsx";
import { draftTextOf, NEW_ITEM_TEXT, readItemDraft } from "./itemDraft.ts";

type TraceAddress = { project: string; traceId: string };

/** Keeps a trace as a dataset item; its question and answer can be corrected first. */
export function KeepTraceDialog({
  open,
  onOpenChange,
  trace,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  trace: TraceAddress;
}) {
  const nameRef = useRef<HTMLInputElement>(null);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Add to a dataset" isSticky initialFocus={nameRef} className="max-w-2xl">
      <KeepForm trace={trace} nameRef={nameRef} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

function KeepForm({ trace, nameRef, onClose }: { trace: TraceAddress; nameRef: RefObject<HTMLInputElement | null>; onClose: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const [typed, setTyped] = useState<string | null>(null);
  const { project } = trace;
  const suggested = useQuery(trpc.datasets.ofTrace.queryOptions(trace, { staleTime: Number.POSITIVE_INFINITY, retry: false }));
  const add = useMutation(
    trpc.datasets.add.mutationOptions({
      onSuccess: async ({ isNew }) => {
        await queryClient.invalidateQueries({ queryKey: trpc.datasets.pathKey() });
        if (isNew) {
          router.push(datasetLink(name.trim(), project));
          onClose();
        }
      },
    }),
  );
  const text = typed ?? (suggested.data === undefined ? NEW_ITEM_TEXT : draftTextOf(suggested.data));
  const draft = readItemDraft(text);
  const isReady = draft.kind === "item" && name.trim() !== "" && !add.isPending && !suggested.isPending;
  const duplicate = add.data?.isNew === false ? add.data.duplicates.told[0] : undefined;
  return (
    <DialogForm
      onSubmit={() => {
        if (draft.kind === "item" && isReady) add.mutate({ project, name: name.trim(), items: [draft.content], note: "kept from a trace" });
      }}
    >
      <DatasetField project={project} name={name} onName={setName} fieldRef={nameRef} />
      {suggested.isPending ? <Skeleton className="h-80" /> : <ItemField text={text} draft={draft} onText={setTyped} />}
      {suggested.isError && <FormFailure error={suggested.error} />}
      <DialogActions
        failure={add.error}
        notice={
          duplicate !== undefined && (
            <p role="alert" className="rounded-md bg-caution-soft px-3 py-2 text-sm text-caution">
              The dataset asks and expects this already, in item <span className="font-mono">{duplicate.of}</span>. Nothing was added.
            </p>
          )
        }
      >
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={!isReady}>
          Add the item
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
