"use client";
import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus, SearchX } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { Checkbox } from "../../../components/ui/form/Checkbox.tsx";
import { Panel } from "../../../components/ui/layout/Panel.tsx";
import { EmptyState } from "../../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../../components/ui/state/Skeleton.tsx";
import { keysOf, useShortcuts } from "../../../shortcuts/index.ts";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { type ApiKey, KeyTable } from "./KeyTable.tsx";
import { NewKeyDialog } from "./NewKeyDialog.tsx";
import { RevokeKeyDialog } from "./RevokeKeyDialog.tsx";

/** The poll interval in milliseconds; a key's last use is updated once a minute. */
const POLL_MS = 10_000;

/** The keys of a project: valid ones, revoked ones, and a form for a new one. */
export function KeySection({ project, isThere }: { project: string; isThere: boolean }) {
  const trpc = useTRPC();
  const keys = useQuery(trpc.projects.keys.queryOptions({ project }, { enabled: isThere, refetchInterval: POLL_MS }));
  const [isMaking, setIsMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const [showsRevoked, setShowsRevoked] = useState(false);
  useShortcuts(isThere ? { newKey: () => setIsMaking(true) } : {});

  const revokedCount = keys.data?.filter(({ revokedAt }) => revokedAt !== null).length ?? 0;
  const shown = keys.data?.filter(({ revokedAt }) => showsRevoked || revokedAt === null) ?? [];
  const newKey = (
    <Button tone="primary" size="small" aria-keyshortcuts={keysOf("newKey")} onClick={() => setIsMaking(true)}>
      <Plus className="size-3.5" aria-hidden />
      New key
    </Button>
  );

  const content = (): ReactNode => {
    if (!isThere)
      return (
        <EmptyState icon={SearchX} title={`There is no project ${project}`}>
          <p>Choose one above, or make it.</p>
        </EmptyState>
      );
    if (keys.isError) return <ErrorState failure={failureOf(keys.error)} onRetry={() => void keys.refetch()} />;
    if (keys.data === undefined) return <Skeleton className="m-4 w-64" />;
    if (shown.length === 0)
      return (
        <EmptyState icon={KeyRound} title={revokedCount === 0 ? "No keys yet" : "No key works"}>
          <p>{emptyText(project)}</p>
          {newKey}
        </EmptyState>
      );
    return <KeyTable project={project} keys={shown} onRevoke={setRevoking} />;
  };
  return (
    <>
      <Panel
        title={
          <>
            Keys of <span className="font-mono">{project}</span>
          </>
        }
        aside={
          <span className="flex shrink-0 items-center gap-4">
            {revokedCount > 0 && (
              <Checkbox checked={showsRevoked} onChange={setShowsRevoked}>
                <span className="text-muted">Revoked too ({revokedCount})</span>
              </Checkbox>
            )}
            {shown.length > 0 && newKey}
          </span>
        }
      >
        {content()}
      </Panel>
      <NewKeyDialog project={project} open={isMaking} onOpenChange={setIsMaking} />
      <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(null)} />
    </>
  );
}

function emptyText(project: string): string {
  if (project === "default") return "From this machine data comes in without a key, into this project. A key tells programs apart.";
  return "Nothing comes into this project without a key.";
}
