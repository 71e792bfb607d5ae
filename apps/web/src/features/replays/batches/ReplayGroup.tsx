"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useRouter } from "next/navigation";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { ConfirmField } from "../../../components/ui/form/ConfirmField.tsx";
import { DialogActions, DialogForm } from "../../../components/ui/form/DialogForm.tsx";
import { FormFailure } from "../../../components/ui/form/FormFailure.tsx";
import { Dialog } from "../../../components/ui/overlay/Dialog.tsx";
import { Skeleton } from "../../../components/ui/state/Skeleton.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { keysOf, useShortcuts } from "../../../shortcuts/index.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../../trpc/useRefresh.ts";
import { PlanFields } from "../PlanFields.tsx";
import { newDraft, type PlanDraft, readDraft } from "../planDraft.ts";
import { batchLink } from "../replayLinks.ts";

const tasksText = (count: number): string => `${formatCount(count)} ${count === 1 ? "task" : "tasks"}`;

/** A group of dead letters, with the tool in which its tasks failed. */
type Group = { project: string; fingerprint: string; tool: string | null };

/** "Replay all" of a group of dead letters, by pointer and by key. */
export function ReplayGroup({ group }: { group: Group }) {
  const [isOpen, setIsOpen] = useState(false);
  const againstRef = useRef<HTMLInputElement>(null);
  const open = (): void => setIsOpen(true);
  useShortcuts({ replayGroup: open });
  return (
    <>
      <Button onClick={open} aria-keyshortcuts={keysOf("replayGroup")} title={`Replay all, recorded or live (${keysOf("replayGroup")})`}>
        <Play className="size-3.5" aria-hidden />
        Replay all
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setIsOpen}
        title="Replay all tasks of this group"
        isSticky
        initialFocus={againstRef}
        className="max-w-2xl"
      >
        {isOpen && <ReplayGroupForm group={group} againstRef={againstRef} onClose={() => setIsOpen(false)} />}
      </Dialog>
    </>
  );
}

function ReplayGroupForm({
  group: { project, fingerprint, tool },
  againstRef,
  onClose,
}: {
  group: Group;
  againstRef: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const [draft, setDraft] = useState<PlanDraft>(() => ({ ...newDraft(1), mode: "recorded" }));
  const [settled, setSettled] = useState("");
  const [typed, setTyped] = useState("");
  const { mode, allowsEffects } = draft;
  const asked = { project, fingerprint, mode, against: settled === "" ? null : settled };
  const forecast = useQuery(trpc.replays.batches.dryRun.queryOptions(asked, { staleTime: 0 }));
  const start = useMutation(
    trpc.replays.batches.start.mutationOptions(
      useRefresh(trpc.replays.pathKey(), ({ batchId }) => {
        onClose();
        router.push(batchLink(batchId, project));
      }),
    ),
  );
  const read = readDraft(draft, 1);
  const settle = (): void => setSettled(draft.against.trim());
  const count = forecast.data?.replayable ?? 0;
  const tasks = forecast.data?.tasks ?? 0;
  const needsNumber = mode === "live" && allowsEffects && tasks > 1;
  const isAsked = settled === draft.against.trim();
  // What is asked for now is what the forecast that stands there was of.
  const isForecast = forecast.isSuccess && !forecast.isFetching && isAsked;
  const isSure = !needsNumber || typed.trim() === String(tasks);
  const isReady = isForecast && count > 0 && !forecast.data.isTooMany && "plan" in read && isSure && !start.isPending;
  const isToCheck = !isAsked || (forecast.isError && !forecast.isFetching);
  return (
    <DialogForm
      onSubmit={() => {
        if (isReady) start.mutate({ project, fingerprint, ...read, confirmation: typed.trim() });
        else if (!isAsked) settle();
        else if (isToCheck) void forecast.refetch();
      }}
    >
      <section aria-label="Dry run" aria-live="polite" className="flex flex-col gap-1 rounded-md bg-sunken px-3 py-2.5 text-sm">
        <h3 className="text-xs font-semibold text-faint">Dry run: nothing is started yet</h3>
        {forecast.isPending && <Skeleton className="my-1 w-2/3" />}
        {forecast.isError && <FormFailure error={forecast.error} />}
        {forecast.data !== undefined && <ForecastText forecast={forecast.data} />}
        <p className="text-muted">The letters stay as they are.</p>
      </section>
      <PlanFields
        of="many"
        project={project}
        draft={draft}
        faults={"faults" in read ? read.faults : {}}
        called={tool === null ? [] : [tool]}
        firstField={againstRef}
        onChange={(change) => setDraft({ ...draft, ...change })}
        onSettle={settle}
      />
      {needsNumber && <ConfirmField count={tasks} typed={typed} onTyped={setTyped} />}
      <DialogActions failure={start.error}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={!isReady && !isToCheck}>
          {isToCheck ? "Check" : isForecast ? `Replay ${tasksText(count)}` : "Replay"}
        </Button>
      </DialogActions>
    </DialogForm>
  );
}

type Forecast = {
  tasks: number;
  replayable: number;
  isTooMany: boolean;
  refused: { message: string; hint: string | null; tasks: number }[];
};

function sumOf({ tasks, replayable, isTooMany }: Forecast): string {
  if (tasks === 0) return "No task of this group has ended: there is nothing to replay.";
  if (isTooMany)
    return `These are more than ${tasksText(tasks)}: replay them in parts, by the time in which they were asked for, on the command line.`;
  return replayable === tasks
    ? `${tasksText(tasks)} would be replayed.`
    : `${formatCount(replayable)} of ${tasksText(tasks)} would be replayed.`;
}

function ForecastText({ forecast }: { forecast: Forecast }) {
  return (
    <>
      <p className="font-medium">{sumOf(forecast)}</p>
      {forecast.refused.map(({ message, hint, tasks }) => (
        <p key={message} className="text-caution [overflow-wrap:anywhere]">
          {tasksText(tasks)} left out: {message} {hint}
        </p>
      ))}
    </>
  );
}
