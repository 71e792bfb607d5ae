"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Play } from "lucide-react";
import { useRouter } from "next/navigation";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm } from "../../../components/ui/form/DialogForm.tsx";
import { FormFailure } from "../../../components/ui/form/FormFailure.tsx";
import { Dialog } from "../../../components/ui/overlay/Dialog.tsx";
import { Skeleton } from "../../../components/ui/state/Skeleton.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { keysOf, useShortcuts } from "../../../shortcuts/index.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../../trpc/useRefresh.ts";
import { AgainstField } from "../AgainstField.tsx";
import { batchLink } from "../replayLinks.ts";

const tasksText = (count: number): string => `${formatCount(count)} ${count === 1 ? "task" : "tasks"}`;

/** "Replay all" of a group of dead letters, by pointer and by key. */
export function ReplayGroup({ project, fingerprint }: { project: string; fingerprint: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const againstRef = useRef<HTMLInputElement>(null);
  const open = (): void => setIsOpen(true);
  useShortcuts({ replayGroup: open });
  return (
    <>
      <Button onClick={open} aria-keyshortcuts={keysOf("replayGroup")} title={`Replay all, as recorded (${keysOf("replayGroup")})`}>
        <Play className="size-3.5" aria-hidden />
        Replay all
      </Button>
      <Dialog open={isOpen} onOpenChange={setIsOpen} title="Replay all tasks of this group" isSticky initialFocus={againstRef}>
        {isOpen && <ReplayGroupForm project={project} fingerprint={fingerprint} againstRef={againstRef} onClose={() => setIsOpen(false)} />}
      </Dialog>
    </>
  );
}

function ReplayGroupForm({
  project,
  fingerprint,
  againstRef,
  onClose,
}: {
  project: string;
  fingerprint: string;
  againstRef: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const [typed, setTyped] = useState("");
  const [settled, setSettled] = useState("");
  const asked = { project, fingerprint, against: settled === "" ? null : settled };
  const forecast = useQuery(trpc.replays.batches.dryRun.queryOptions(asked, { staleTime: 0 }));
  const start = useMutation(
    trpc.replays.batches.start.mutationOptions(
      useRefresh(trpc.replays.pathKey(), ({ batchId }) => {
        onClose();
        router.push(batchLink(batchId, project, fingerprint));
      }),
    ),
  );
  const settle = (): void => setSettled(typed.trim());
  const count = forecast.data?.replayable ?? 0;
  const isAsked = settled === typed.trim();
  // What is asked for now is what the forecast that stands there was of.
  const isForecast = forecast.isSuccess && !forecast.isFetching && isAsked;
  const isReady = isForecast && count > 0 && !forecast.data.isTooMany && !start.isPending;
  const isToCheck = !isAsked || (forecast.isError && !forecast.isFetching);
  return (
    <DialogForm
      onSubmit={() => {
        if (isReady) start.mutate(asked);
        else if (!isAsked) settle();
        else if (isToCheck) void forecast.refetch();
      }}
    >
      <section aria-label="Dry run" aria-live="polite" className="flex flex-col gap-1 rounded-md bg-sunken px-3 py-2.5 text-sm">
        <h3 className="text-xs font-semibold text-faint">Dry run: nothing is started yet</h3>
        {forecast.isPending && <Skeleton className="my-1 w-2/3" />}
        {forecast.isError && <FormFailure error={forecast.error} />}
        {forecast.data !== undefined && <ForecastText forecast={forecast.data} />}
      </section>
      <p className="text-sm text-muted">
        The runtime goes through every step of them again with what is on record. No model is asked, nothing is written, and the letters
        stay as they are.
      </p>
      <AgainstField against={typed} onAgainst={setTyped} onSettle={settle} fieldRef={againstRef} />
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
