"use client";
import { useMutation } from "@tanstack/react-query";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm } from "../../../components/ui/form/DialogForm.tsx";
import { Field } from "../../../components/ui/form/Field.tsx";
import { Input } from "../../../components/ui/form/Input.tsx";
import { Dialog } from "../../../components/ui/overlay/Dialog.tsx";
import { useNow } from "../../../components/ui/useNow.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../../trpc/useRefresh.ts";
import { firstDayKept, retentionDaysOf } from "./retentionDays.ts";

/** Changes a project's retention in days (null: for ever), and says beforehand what will be deleted, and when. */
export function RetentionDialog({
  project,
  days,
  open,
  onOpenChange,
}: {
  project: string;
  days: number | null;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const inputRef = useRef<HTMLInputElement>(null);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`How long ${project} is kept`} initialFocus={inputRef}>
      <RetentionForm project={project} days={days} inputRef={inputRef} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function RetentionForm({
  project,
  days,
  inputRef,
  onDone,
}: {
  project: string;
  days: number | null;
  inputRef: RefObject<HTMLInputElement | null>;
  onDone: () => void;
}) {
  const trpc = useTRPC();
  const [text, setText] = useState(days === null ? "" : String(days));
  const wanted = retentionDaysOf(text);
  const isLess = typeof wanted === "number" && wanted < (days ?? Number.POSITIVE_INFINITY);
  const save = useMutation(trpc.projects.changeRetention.mutationOptions(useRefresh(trpc.projects.list.queryKey(), onDone)));
  return (
    <DialogForm
      onSubmit={() => {
        if (wanted !== undefined) save.mutate({ project, retentionDays: wanted });
      }}
    >
      <Field
        label="Days to keep, besides today"
        hint="Nothing: for ever, which is the default."
        error={wanted === undefined ? "A whole number from 1 to 36,500, or nothing for ever." : null}
      >
        <Input
          ref={inputRef}
          value={text}
          onValueChange={(value) => {
            setText(value);
            save.reset();
          }}
          inputMode="numeric"
          autoComplete="off"
          className="max-w-32"
        />
      </Field>
      <p role="status" className="text-sm">
        {wanted !== undefined && <Outcome before={days} after={wanted} />}
      </p>
      <DialogActions failure={save.error}>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" tone={isLess ? "danger" : "primary"} disabled={save.isPending || wanted === undefined || wanted === days}>
          {isLess ? "Delete what is older" : "Save"}
        </Button>
      </DialogActions>
    </DialogForm>
  );
}

/** The effect of a change, and when it happens; null is for ever. */
function Outcome({ before, after }: { before: number | null; after: number | null }) {
  const now = useNow();
  if (after === before) return "That is how it is kept now.";
  if (after === null) return "Nothing is deleted because of its age any more. What has gone stays gone.";
  const firstDay = <strong className="font-semibold">{firstDayKept(after, now)} (UTC)</strong>;
  if (before !== null && after > before)
    return <>What began before {firstDay} goes, and each day one day more. What has gone stays gone.</>;
  return (
    <>
      What began before {firstDay} is deleted for good within ten minutes or so, and each day one day more: spans, log records, data points,
      decisions, scores, refused records, replays that ended, and dead letters that were redriven or discarded. Open dead letters, tasks
      with their steps, and sums behind charts stay. This cannot be undone.
    </>
  );
}
