"use client";
import { useQuery } from "@tanstack/react-query";
import { Download, FileUp, FlaskConical } from "lucide-react";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useId, useRef, useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { PageHeader } from "../../components/ui/layout/PageHeader.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { CopyButton } from "../../components/ui/text/CopyButton.tsx";
import { usePreference } from "../../preferences/usePreference.ts";
import { projectLink } from "../../project/projectParam.ts";
import { useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { EXAMPLE_POLICY } from "./examplePolicy.ts";
import { lineRange } from "./indentation.ts";
import { type LineMark, PolicyEditor } from "./PolicyEditor.tsx";
import { PolicyFindings } from "./PolicyFindings.tsx";
import { type Linted, POLICY_PARAMS } from "./policyParams.ts";
import { Simulator } from "./Simulator.tsx";
import { useSettled } from "./useSettled.ts";

const TYPING_MS = 250;
const FILE_BYTES_MAX = 100_000;
const SCHEMA_PATH = "/api/gate-policy-schema";

function marksOf(linted: Linted | undefined): LineMark[] {
  if (linted === undefined) return [];
  const [findings, tone] = linted.kind === "wrong" ? ([linted.problems, "danger"] as const) : ([linted.advice, "caution"] as const);
  return [...new Set(findings.map(({ line }) => line))].map((line) => ({ line, tone }));
}

/** Offers a text as a file download. */
function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

/** A gate's policy as text, with findings while one types, and a simulation on one's own traffic. */
export function PolicyPage() {
  const trpc = useTRPC();
  const router = useRouter();
  const findingsId = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const [params, setParams] = useQueryStates(POLICY_PARAMS, { history: "replace" });
  const [draft, setDraft] = usePreference("policyDraft");
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (draft || EXAMPLE_POLICY);
  const settled = useSettled(text, TYPING_MS);
  const linted = useQuery(
    trpc.gatePolicies.lint.queryOptions(
      { text: settled },
      { placeholderData: (previous) => previous, staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  const listHref = projectLink("/rollouts", { project: params.project });
  useShortcuts({ close: () => router.push(listHref) });

  const change = (next: string): void => {
    setTyped(next);
    setDraft(next);
  };
  const goToLine = (line: number): void => {
    const { start, end } = lineRange(text, line);
    area.current?.focus();
    area.current?.setSelectionRange(start, end);
  };
  const openFile = async (chosen: File | undefined): Promise<void> => {
    if (chosen !== undefined) change((await chosen.slice(0, FILE_BYTES_MAX).text()).replaceAll("\r\n", "\n"));
  };
  const found = linted.data;
  return (
    <>
      <PageHeader
        back={{ href: listHref, label: "Back to rollouts" }}
        title="Gate policy"
        actions={
          <>
            <input
              ref={file}
              type="file"
              accept=".yaml,.yml,.json"
              aria-label="Policy file"
              className="sr-only"
              tabIndex={-1}
              onChange={(event) => {
                void openFile(event.target.files?.[0]);
                event.target.value = "";
              }}
            />
            <Button onClick={() => file.current?.click()}>
              <FileUp className="size-3.5" aria-hidden />
              Open a file
            </Button>
            <Button onClick={() => download(text, `${found?.kind === "valid" ? found.name : "gate"}.yaml`)}>
              <Download className="size-3.5" aria-hidden />
              Download
            </Button>
            <CopyButton text={text} label="policy" />
          </>
        }
      >
        <p className="text-sm text-muted">
          What a gate judges by. It is kept in this browser while you write; put it into your repository, and begin a rollout with{" "}
          <code className="font-mono text-xs">./signalbox rollout start</code>. Editors know its settings by its{" "}
          <a href={SCHEMA_PATH} target="_blank" rel="noreferrer" className="text-accent underline underline-offset-2">
            JSON Schema
          </a>
          .
        </p>
      </PageHeader>
      <div className="grid min-h-0 flex-1 grid-cols-1 gap-4 overflow-y-auto p-4 max-xl:auto-rows-max xl:grid-cols-2 xl:overflow-hidden">
        <Panel
          title="Policy"
          className="min-h-0 max-xl:min-h-120"
          aside={
            text !== EXAMPLE_POLICY && (
              <Button tone="quiet" size="small" onClick={() => change(EXAMPLE_POLICY)}>
                Begin with the example
              </Button>
            )
          }
        >
          <PolicyEditor
            text={text}
            onText={change}
            marks={settled === text ? marksOf(found) : []}
            isWrong={found?.kind === "wrong"}
            describedBy={findingsId}
            areaRef={area}
          />
          {linted.isError ? (
            <ErrorState failure={failureOf(linted.error)} onRetry={() => void linted.refetch()} />
          ) : (
            <PolicyFindings id={findingsId} linted={found} onLine={goToLine} />
          )}
        </Panel>
        <Panel title="What will it find?" className="min-h-0 xl:overflow-y-auto">
          {found?.kind === "valid" && found.canary !== null ? (
            <Simulator text={settled} unit={found.unit} metrics={found.canary} params={params} onParams={(next) => void setParams(next)} />
          ) : (
            found !== undefined && (
              <EmptyState icon={FlaskConical} title="Nothing to simulate">
                <p>
                  {found.kind === "wrong"
                    ? "The policy cannot be used as it is: its lines say why."
                    : "The policy has no canary: it judges eval runs, and no live traffic."}
                </p>
              </EmptyState>
            )
          )}
        </Panel>
      </div>
    </>
  );
}
