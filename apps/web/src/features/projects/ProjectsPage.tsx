"use client";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/ui/Button.tsx";
import { ErrorState } from "../../components/ui/ErrorState.tsx";
import { Skeleton } from "../../components/ui/Skeleton.tsx";
import { useProject } from "../../project/useProject.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { KeySection } from "./KeySection.tsx";
import { NewProjectDialog } from "./NewProjectDialog.tsx";
import { ProjectTable } from "./ProjectTable.tsx";
import { RetentionSection } from "./RetentionSection.tsx";
import { RulesSection } from "./RulesSection.tsx";

/** The projects of this installation, and the keys of the one that the console shows. */
export function ProjectsPage() {
  const trpc = useTRPC();
  const project = useProject();
  const projects = useQuery(trpc.projects.list.queryOptions());
  const shown = projects.data?.find(({ name }) => name === project);
  const isThere = projects.data === undefined || shown !== undefined;
  const [isMaking, setIsMaking] = useState(false);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-5xl flex-col gap-8 px-6 py-8">
        <header className="flex items-center justify-between gap-4">
          <h1 className="text-xl font-semibold tracking-tight">Projects and keys</h1>
          <Button onClick={() => setIsMaking(true)}>
            <Plus className="size-3.5" aria-hidden />
            New project
          </Button>
        </header>
        {projects.isError ? (
          <div className="rounded-lg border border-line bg-surface">
            <ErrorState failure={failureOf(projects.error)} onRetry={() => void projects.refetch()} />
          </div>
        ) : (
          <>
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              {projects.data === undefined ? (
                <Skeleton className="m-4 w-64" />
              ) : (
                <ProjectTable projects={projects.data} current={project} />
              )}
            </div>
            <KeySection key={project} project={project} isThere={isThere} />
            {shown !== undefined && (
              <>
                <RulesSection key={`rules of ${project}`} project={project} />
                <RetentionSection key={`days of ${project}`} project={project} days={shown.retentionDays} />
              </>
            )}
          </>
        )}
      </div>
      <NewProjectDialog open={isMaking} onOpenChange={setIsMaking} />
    </div>
  );
}
