"use client";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type RefObject, useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm } from "../../components/ui/form/DialogForm.tsx";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../trpc/useRefresh.ts";
import { PlanFields } from "./PlanFields.tsx";
import { type ForkSubject, newDraft, type PlanDraft, readDraft } from "./planDraft.ts";
import { replayLink } from "./replayLinks.ts";

/** The settings of a new replay; submitting leads to the replay's page. */
export function ForkForm({
  project,
  subject: { taskId, step, stepsMax, tools },
  firstField,
  onClose,
}: {
  project: string;
  subject: ForkSubject;
  firstField: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const [draft, setDraft] = useState<PlanDraft>(() => newDraft(step));
  const read = readDraft(draft, stepsMax);
  const start = useMutation(
    trpc.replays.start.mutationOptions(
      useRefresh(trpc.replays.pathKey(), ({ id }) => {
        onClose();
        router.push(replayLink(id, project));
      }),
    ),
  );

  return (
    <DialogForm
      onSubmit={() => {
        if ("plan" in read && !start.isPending) start.mutate({ project, taskId, ...read });
      }}
    >
      <PlanFields
        of="one"
        project={project}
        draft={draft}
        faults={"faults" in read ? read.faults : {}}
        called={tools}
        firstField={firstField}
        onChange={(change) => setDraft({ ...draft, ...change })}
      />
      <DialogActions failure={start.error}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={!("plan" in read) || start.isPending}>
          Replay it
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
