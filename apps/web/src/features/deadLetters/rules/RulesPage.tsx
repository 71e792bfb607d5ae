"use client";
import { Plus, Repeat } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { PageHeader } from "../../../components/ui/layout/PageHeader.tsx";
import { Panel } from "../../../components/ui/layout/Panel.tsx";
import { ScreenBody } from "../../../components/ui/layout/ScreenBody.tsx";
import { EmptyState } from "../../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../../components/ui/state/ErrorState.tsx";
import { projectLink } from "../../../project/projectParam.ts";
import { useProject } from "../../../project/useProject.ts";
import { keysOf, useShortcuts } from "../../../shortcuts/index.ts";
import { failureOf } from "../../../trpc/failureOf.ts";
import { QueuePausedNotice } from "../../queue/index.ts";
import { TraceListSkeleton } from "../../traces/index.ts";
import { NewRuleDialog } from "./NewRuleDialog.tsx";
import { type AskedAct, RuleActDialog } from "./RuleActDialog.tsx";
import { RuleTable } from "./RuleTable.tsx";
import { useRules } from "./useRules.ts";

/** The rules by which letters are redriven without a person: what they are about, how much of their budgets is spent, and what can be done. */
export function RulesPage() {
  const router = useRouter();
  const project = useProject();
  const rules = useRules(project);
  const [isMaking, setIsMaking] = useState(false);
  const [asked, setAsked] = useState<AskedAct>(null);
  const listHref = projectLink("/dead-letters", { project });
  const make = (): void => setIsMaking(true);
  useShortcuts({ close: () => router.push(listHref), newRule: make });
  return (
    <>
      <PageHeader
        back={{ href: listHref, label: "Back to dead letters" }}
        title="Redrive rules"
        actions={
          <Button onClick={make} aria-keyshortcuts={keysOf("newRule")} title={`New rule (${keysOf("newRule")})`}>
            <Plus className="size-3.5" aria-hidden />
            New rule
          </Button>
        }
      >
        <p className="text-sm text-muted">
          Dead letters of {project} that are redriven without a person. What a rule did is among the{" "}
          <Link href={projectLink("/dead-letters/redrives", { project })} className="text-accent underline">
            redrives
          </Link>
          .
        </p>
      </PageHeader>
      <QueuePausedNotice project={project} />
      {rules.isPending && <TraceListSkeleton label="Loading the rules" />}
      {rules.isError && <ErrorState failure={failureOf(rules.error)} onRetry={() => void rules.refetch()} />}
      {rules.data?.length === 0 && (
        <EmptyState icon={Repeat} title="No redrive rule yet">
          <p>
            Failures that pass by themselves, such as a tool that is away, need nobody: a rule redrives letters of a group or an error class
            within a budget, those that are open at once and others as they come.
          </p>
          <Button onClick={make}>Make a rule</Button>
        </EmptyState>
      )}
      {rules.data !== undefined && rules.data.length > 0 && (
        <ScreenBody label="The rules">
          <Panel title="Rules">
            <RuleTable project={project} rules={rules.data} onAct={setAsked} />
          </Panel>
        </ScreenBody>
      )}
      <NewRuleDialog project={project} about={isMaking ? "" : null} onClose={() => setIsMaking(false)} />
      <RuleActDialog project={project} asked={asked} onClose={() => setAsked(null)} />
    </>
  );
}
