"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { Button } from "../../components/ui/form/Button.tsx";
import { PageHeader } from "../../components/ui/layout/PageHeader.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { Fact, Facts } from "../../components/ui/text/Facts.tsx";
import { Kbd } from "../../components/ui/text/Kbd.tsx";
import { formatCount } from "../../format/amounts.ts";
import { usePreference } from "../../preferences/usePreference.ts";
import { projectLink } from "../../project/projectParam.ts";
import { keysOf, useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { QUEUE_PARAMS } from "../annotationQueue/index.ts";
import { AgreementText } from "./AgreementText.tsx";
import { DisagreementView } from "./DisagreementView.tsx";
import { LabelView } from "./LabelView.tsx";
import { PersonField } from "./PersonField.tsx";
import { ProgressBar } from "./ProgressBar.tsx";

/** An annotation queue: its items are labelled here one after another, and disagreements are settled. */
export function AnnotationPage({ id }: { id: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [{ project, view }, setParams] = useQueryStates(QUEUE_PARAMS, { history: "push" });
  const [person, setPerson] = usePreference("person");
  const found = useQuery(trpc.annotations.queue.queryOptions({ project, id }));
  const listHref = projectLink("/annotations", { project });
  const isSettling = view === "disagreements";
  const turn = (): void => void setParams({ view: isSettling ? null : "disagreements" });
  useShortcuts({ close: () => router.push(listHref), disagreements: turn });
  const detail = found.data;
  return (
    <>
      <PageHeader
        back={{ href: listHref, label: "Back to annotation queues" }}
        title={detail?.queue.name ?? "Annotation queue"}
        hint={detail?.queue.name ?? "Annotation queue"}
        actions={
          detail !== undefined && (
            <Button onClick={turn}>
              {isSettling ? "Label on" : `Disagreements (${formatCount(detail.progress.disagreements)})`}
              <Kbd keys={keysOf("disagreements")} />
            </Button>
          )
        }
      >
        {found.isPending && <Skeleton className="my-1 w-2/3" />}
        {detail !== undefined && (
          <Facts>
            <Fact label="Done">
              <ProgressBar {...detail.progress} />
            </Fact>
            <Fact label="Labels">{formatCount(detail.progress.labels)}</Fact>
            {detail.queue.overlap > 1 && (
              <Fact label="Agreement">
                <AgreementText project={project} id={id} />
              </Fact>
            )}
            <Fact label="You are">
              <PersonField person={person} me={detail.me} onChange={setPerson} />
            </Fact>
          </Facts>
        )}
      </PageHeader>
      {found.isError && (
        <ErrorState
          failure={failureOf(found.error)}
          wayOut={{ href: listHref, label: "All annotation queues" }}
          onRetry={() => void found.refetch()}
        />
      )}
      {detail !== undefined &&
        (isSettling ? <DisagreementView detail={detail} person={person} /> : <LabelView detail={detail} person={person} />)}
    </>
  );
}
