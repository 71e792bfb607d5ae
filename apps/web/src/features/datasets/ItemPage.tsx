"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ListTree, Pencil, Trash2 } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { Button, buttonStyle } from "../../components/ui/form/Button.tsx";
import { DialogActions, DialogWords } from "../../components/ui/form/DialogForm.tsx";
import { PageHeader } from "../../components/ui/layout/PageHeader.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ScreenBody } from "../../components/ui/layout/ScreenBody.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { CopyableId } from "../../components/ui/text/CopyableId.tsx";
import { Fact, Facts } from "../../components/ui/text/Facts.tsx";
import { JsonView } from "../../components/ui/text/JsonView.tsx";
import { projectLink } from "../../project/projectParam.ts";
import { keysOf, useShortcuts } from "../../shortcuts/index.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { datasetLink, itemLink } from "../datasetItem/index.ts";
import { VERSION_PARAMS } from "./datasetParams.ts";
import { ItemDialog } from "./ItemDialog.tsx";
import { MissingDataset } from "./MissingDataset.tsx";

type Item = RouterOutputs["datasets"]["item"]["item"];

/** The fields of an item and their headings, in reading order. */
const FIELDS = [
  ["input", "Input"],
  ["expectedOutput", "Expected output"],
  ["expectedToolCalls", "Expected tool calls"],
  ["expectedState", "Expected state"],
  ["metadata", "Metadata"],
] as const satisfies readonly (readonly [keyof Item, string])[];

const LINES_MAX = 60;

/** A whole item of a version; one of the latest version can be edited. */
export function ItemPage({ name, id }: { name: string; id: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [{ project, version }] = useQueryStates(VERSION_PARAMS);
  const [open, setOpen] = useState<"edit" | "remove" | null>(null);
  const found = useQuery(trpc.datasets.item.queryOptions({ project, name, version, id }));
  const shown = found.data?.version.number;
  const isLatest = shown !== undefined && shown === found.data?.dataset.latest?.number;
  const listHref = datasetLink(name, project, isLatest ? undefined : shown);
  useShortcuts({ close: () => router.push(listHref), ...(isLatest ? { editItem: () => setOpen("edit") } : {}) });
  const source = found.data?.item.source;
  return (
    <>
      <PageHeader
        back={{ href: listHref, label: `Back to ${name}` }}
        title={
          <>
            <span className="shrink-0">Item</span>
            <span className="truncate font-mono text-md">{id}</span>
          </>
        }
        hint={id}
        actions={
          <>
            {source?.traceId && (
              <Link href={projectLink(`/traces/${source.traceId}`, { project })} className={buttonStyle()}>
                <ListTree className="size-3.5" aria-hidden />
                Trace
              </Link>
            )}
            {isLatest && (
              <>
                <Button onClick={() => setOpen("remove")}>
                  <Trash2 className="size-3.5" aria-hidden />
                  Remove
                </Button>
                <Button onClick={() => setOpen("edit")} title={`Edit the item (${keysOf("editItem")})`}>
                  <Pencil className="size-3.5" aria-hidden />
                  Edit
                </Button>
              </>
            )}
          </>
        }
      >
        {found.isPending && <Skeleton className="my-1 w-2/3" />}
        {found.data !== undefined && (
          <Facts>
            <Fact label="Dataset">
              {name}, version {shown}
              {!isLatest && " (not the latest)"}
            </Fact>
            <Fact label="Split">{found.data.item.split ?? "none"}</Fact>
            <Fact label="Hash">
              <CopyableId id={found.data.item.hash} label="hash of this item" />
            </Fact>
          </Facts>
        )}
      </PageHeader>
      {found.isError && <MissingDataset error={found.error} project={project} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && <ItemBody item={found.data.item} />}
      {isLatest && found.data !== undefined && (
        <>
          <ItemDialog
            open={open === "edit"}
            onOpenChange={(isOpen) => setOpen(isOpen ? "edit" : null)}
            subject={{ kind: "edit", project, name, base: shown, id, content: found.data.item }}
            onDone={() => router.push(itemLink(name, id, project))}
          />
          <RemoveDialog
            open={open === "remove"}
            onClose={() => setOpen(null)}
            subject={{ project, name, base: shown, id }}
            onDone={() => router.push(datasetLink(name, project))}
          />
        </>
      )}
    </>
  );
}

function ItemBody({ item }: { item: Item }) {
  const told = FIELDS.filter(([field]) => item[field] !== null && !(field === "metadata" && Object.keys(item.metadata).length === 0));
  return (
    <ScreenBody label="The item" className="grid items-start xl:grid-cols-2">
      {told.map(([field, title]) => (
        <Panel key={field} title={title}>
          <div className="px-4 py-3">
            <JsonView value={item[field]} linesMax={LINES_MAX} />
          </div>
        </Panel>
      ))}
    </ScreenBody>
  );
}

function RemoveDialog({
  open,
  onClose,
  subject: { project, name, base, id },
  onDone,
}: {
  open: boolean;
  onClose: () => void;
  subject: { project: string; name: string; base: number; id: string };
  onDone: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const remove = useMutation(
    trpc.datasets.edit.mutationOptions({
      onSuccess: async () => {
        // The next page refetches; on this one the item no longer exists.
        await queryClient.invalidateQueries({ queryKey: trpc.datasets.pathKey(), refetchType: "none" });
        onDone();
      },
    }),
  );
  return (
    <Dialog open={open} onOpenChange={(isOpen) => !isOpen && onClose()} title="Remove the item">
      <DialogWords>
        <p>
          Version {base + 1} will be without it. Version {base} keeps it.
        </p>
        <DialogActions failure={remove.error}>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            tone="danger"
            disabled={remove.isPending}
            onClick={() => remove.mutate({ project, name, base, changes: [{ kind: "remove", id }] })}
          >
            Remove
          </Button>
        </DialogActions>
      </DialogWords>
    </Dialog>
  );
}
