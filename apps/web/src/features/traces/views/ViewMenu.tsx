"use client";
import { Bookmark, ChevronDown } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { Menu, MenuAction, MenuChoice, MenuLine } from "../../../components/ui/overlay/Menu.tsx";
import { keysOf } from "../../../shortcuts/index.ts";
import type { SavedView, useListParams } from "../list/useListParams.ts";
import { DeleteViewDialog } from "./DeleteViewDialog.tsx";
import { NameViewDialog } from "./NameViewDialog.tsx";
import { useViewChanges } from "./useViewChanges.ts";
import { viewParamsOf } from "./viewSearch.ts";

const ALL = "all";

/** Shows the list's saved view and whether it was changed; opens another one, saves, renames and deletes. */
export function ViewMenu({
  state,
  isOpen,
  onOpenChange,
}: {
  state: ReturnType<typeof useListParams>;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}) {
  const router = useRouter();
  const { view, views, params, isModified } = state;
  const { project } = params;
  const [naming, setNaming] = useState<"new" | "rename" | null>(null);
  const [deleted, setDeleted] = useState<SavedView | null>(null);
  const { change, failure } = useViewChanges(project);
  const open = (chosen: SavedView | null): void => router.push(state.hrefOfView(chosen));
  return (
    <>
      <Menu
        align="start"
        open={isOpen}
        onOpenChange={onOpenChange}
        trigger={
          <Button
            aria-keyshortcuts={keysOf("views")}
            aria-label={`View: ${view?.name ?? "All traces"}${isModified ? ", modified" : ""}`}
            title={`Saved views (${keysOf("views")})`}
            className="max-w-56"
          >
            <Bookmark className="size-3.5 shrink-0" aria-hidden />
            <span className="truncate">{view?.name ?? "All traces"}</span>
            {isModified && <span className="shrink-0 text-xs font-normal text-caution">modified</span>}
            <ChevronDown className="size-3.5 shrink-0 text-faint" aria-hidden />
          </Button>
        }
      >
        <MenuChoice
          label="Views"
          value={view?.id ?? ALL}
          options={[
            { value: ALL, label: "All traces" },
            ...views.map(({ id, name, isDefault }) => ({ value: id, label: name, ...(isDefault ? { note: "default" } : {}) })),
          ]}
          onChange={(id) => open(views.find((candidate) => candidate.id === id) ?? null)}
        />
        {state.viewsFailure !== null && <p className="px-2 py-1 text-sm text-danger">The saved views cannot be read.</p>}
        <MenuLine />
        {view !== undefined && isModified && (
          <>
            <MenuAction onClick={() => change(view.id, { params: viewParamsOf(params) }, (saved) => open(saved))}>Save changes</MenuAction>
            <MenuAction onClick={() => open(view)}>Undo changes</MenuAction>
          </>
        )}
        <MenuAction onClick={() => setNaming("new")}>Save as new view…</MenuAction>
        {view !== undefined && (
          <>
            <MenuAction onClick={() => change(view.id, { isDefault: !view.isDefault })}>
              {view.isDefault ? "Open the list without it" : "Open the list with it"}
            </MenuAction>
            <MenuAction onClick={() => setNaming("rename")}>Rename…</MenuAction>
            <MenuAction onClick={() => setDeleted(view)}>Delete…</MenuAction>
          </>
        )}
      </Menu>
      {failure !== null && (
        <p role="alert" className="text-sm text-danger">
          {failure}
        </p>
      )}
      <NameViewDialog
        open={naming !== null}
        onClose={() => setNaming(null)}
        project={project}
        params={viewParamsOf(params)}
        renamed={naming === "rename" ? (view ?? null) : null}
        onSaved={(saved) => naming === "new" && open(saved)}
      />
      <DeleteViewDialog view={deleted} onClose={() => setDeleted(null)} onDeleted={() => open(null)} />
    </>
  );
}
