"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useProject } from "../../../project/useProject.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { isSameView, overridesOf, saysAnything, searchOver, type ViewParams, viewParamsOf } from "../views/viewSearch.ts";
import { type ListParams, type ListUpdate, readListParams } from "./listParams.ts";

export type SavedView = RouterOutputs["views"]["list"][number];

/** The name for the list without any view, in a project that has a default one. */
const NO_VIEW = "none";

const VIEWS_STALE_MS = 60_000;

/** The URL parameter of the view: a trace's page has views of its own, and carries the list's under another name. */
type ViewParam = "view" | "listView";

/**
 * The state of the trace list: the URL's parameters over the saved view that it names, or over the project's default view if it says
 * nothing. `isPending` while the view is being fetched; `missingView` is the id of one that does not exist.
 */
export function useListParams(viewParam: ViewParam = "view") {
  const trpc = useTRPC();
  const url = useSearchParams();
  const project = useProject();
  const named = url.get(viewParam);
  const isAboutView = named === null ? !saysAnything(url) : named !== NO_VIEW;
  const asked = useQuery(
    trpc.views.list.queryOptions({ project }, { enabled: isAboutView || viewParam === "view", staleTime: VIEWS_STALE_MS, retry: false }),
  );
  const views = asked.data ?? [];
  const view = !isAboutView ? undefined : views.find((candidate) => (named === null ? candidate.isDefault : candidate.id === named));
  const isPending = isAboutView && asked.isPending;

  const search = searchOver(view?.params ?? {}, url);
  const params: ListParams = readListParams(search);

  /** The query string that gives `wanted` over a view, or without one. */
  const linkOver = (base: SavedView | undefined, wanted: ViewParams, nameOfView: ViewParam): string => {
    const hasDefault = views.some(({ isDefault }) => isDefault);
    const overrides = overridesOf(base?.params ?? {}, wanted);
    // An empty link means the default view, if there is one.
    const saysNothing = overrides.length === 0 && (hasDefault || named === NO_VIEW);
    const ofView = base?.id ?? (saysNothing ? NO_VIEW : null);
    const link = new URLSearchParams([
      ...(project === "default" ? [] : [["project", project]]),
      ...(ofView === null ? [] : [[nameOfView, ofView]]),
      ...overrides,
    ]);
    return link.size === 0 ? "" : `?${link}`;
  };

  return {
    params,
    search,
    view,
    views,
    viewsFailure: asked.isError ? asked.error : null,
    isPending,
    missingView: isAboutView && named !== null && asked.isSuccess && view === undefined ? named : null,
    isModified: view !== undefined && !isSameView(view.params, viewParamsOf(params)),
    /**
     * Applies a change as a new entry of the browser's history. It builds on the URL's state at that time, so that two quick changes both
     * count.
     */
    setParams: (update: ListUpdate): void => {
      const now = readListParams(searchOver(view?.params ?? {}, new URLSearchParams(window.location.search)));
      const change = typeof update === "function" ? update(now) : update;
      const wanted = viewParamsOf({ ...now, ...change } as ListParams);
      window.history.pushState(null, "", `${window.location.pathname}${linkOver(view, wanted, viewParam)}`);
    },
    /** The URL of the list with a view, or without any. */
    hrefOfView: (chosen: SavedView | null): string => `/traces${linkOver(chosen ?? undefined, chosen?.params ?? {}, "view")}`,
    /** The URL of the list in its current state. */
    listHref: `/traces${linkOver(view, viewParamsOf(params), "view")}`,
    /** The URL of a trace that remembers the list it was opened from. */
    hrefOfTrace: (traceId: string): string => `/traces/${traceId}${linkOver(view, viewParamsOf(params), "listView")}`,
  };
}
