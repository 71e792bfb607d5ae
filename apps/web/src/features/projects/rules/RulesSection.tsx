"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { Panel } from "../../../components/ui/layout/Panel.tsx";
import { ErrorState } from "../../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../../components/ui/state/Skeleton.tsx";
import { TimeText } from "../../../components/ui/text/TimeText.tsx";
import { unixNanoOf } from "../../../format/time.ts";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { RulesDialog } from "./RulesDialog.tsx";

/** A project's redaction and sampling rules in words, with the way to change them. */
export function RulesSection({ project }: { project: string }) {
  const trpc = useTRPC();
  const rules = useQuery(trpc.projects.rules.queryOptions({ project }));
  const [isChanging, setIsChanging] = useState(false);
  const lastChange = rules.data?.changes[0];
  return (
    <>
      <Panel
        title={
          <>
            Rules of <span className="font-mono">{project}</span>
          </>
        }
        aside={
          rules.data !== undefined && (
            <Button size="small" onClick={() => setIsChanging(true)}>
              Change rules
            </Button>
          )
        }
      >
        {rules.isError ? (
          <ErrorState failure={failureOf(rules.error)} onRetry={() => void rules.refetch()} />
        ) : rules.data === undefined ? (
          <Skeleton className="m-4 w-64" />
        ) : (
          <div className="flex flex-col gap-2 px-4 py-3 text-sm">
            <ul aria-label="What the rules do" className="flex flex-col gap-1 [overflow-wrap:anywhere]">
              {rules.data.words.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
            {lastChange !== undefined && (
              <p className="text-muted">
                Changed by {lastChange.actor} <TimeText unixNano={unixNanoOf(lastChange.changedAt)} withDate />.
              </p>
            )}
          </div>
        )}
      </Panel>
      {rules.data !== undefined && <RulesDialog project={project} state={rules.data} open={isChanging} onOpenChange={setIsChanging} />}
    </>
  );
}
