"use client";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ScreenBar } from "../../components/ui/layout/ScreenBar.tsx";
import { ScreenBody } from "../../components/ui/layout/ScreenBody.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { useProject } from "../../project/useProject.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { KeySection } from "./keys/KeySection.tsx";
import { NewProjectDialog } from "./NewProjectDialog.tsx";
import { ProjectTable } from "./ProjectTable.tsx";
import { RetentionSection } from "./retention/RetentionSection.tsx";
import { RulesSection } from "./rules/RulesSection.tsx";

/** The projects of this installation, and the keys of the current one. */
export function ProjectsPage() {
  const trpc = useTRPC();
  const project = useProject();
  const projects = useQuery(trpc.projects.list.queryOptions());
  const shown = projects.data?.find(({ name }) => name === project);
  const isThere = projects.data === undefined || shown !== undefined;
  const [isMaking, setIsMaking] = useState(false);
  return (
    <>
      <ScreenBar title="Projects and keys">
        <Button className="ml-auto" onClick={() => setIsMaking(true)}>
          <Plus className="size-3.5" aria-hidden />
          New project
        </Button>
      </ScreenBar>
      <ScreenBody label="Projects, and what belongs to this one">
        {projects.isError ? (
          <Panel>
            <ErrorState failure={failureOf(projects.error)} onRetry={() => void projects.refetch()} />
          </Panel>
        ) : (
          <>
            <Panel title="Projects">
              {projects.data === undefined ? (
                <Skeleton className="m-4 w-64" />
              ) : (
                <ProjectTable projects={projects.data} current={project} />
              )}
            </Panel>
            <KeySection key={project} project={project} isThere={isThere} />
            {shown !== undefined && (
              <>
                <RulesSection key={`rules of ${project}`} project={project} />
                <RetentionSection key={`days of ${project}`} project={project} days={shown.retentionDays} />
              </>
            )}
          </>
        )}
      </ScreenBody>
      <NewProjectDialog open={isMaking} onOpenChange={setIsMaking} />
    </>
  );
}
