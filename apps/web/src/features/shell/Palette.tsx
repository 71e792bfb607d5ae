"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { sessionLink, userLink } from "../../project/ownerLink.ts";
import { projectLink } from "../../project/projectParam.ts";
import { useProject } from "../../project/useProject.ts";
import { type Command, CommandPalette } from "../../shortcuts/index.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

/** The command palette of the current project: it opens traces, sessions, users and views, and switches to any other project. */
export function Palette({
  open,
  onOpenChange,
  commands,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  commands: readonly Command[];
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const project = useProject();
  const { data } = useQuery(trpc.projects.list.queryOptions(undefined, { enabled: open }));
  const views = useQuery(trpc.views.list.queryOptions({ project }, { enabled: open }));
  const others = (data ?? []).filter(({ name }) => name !== project);
  const switches = others.map(({ name }) => {
    const label = `Go to project ${name}`;
    return { value: label, label, run: () => router.push(projectLink("/traces", { project: name })) };
  });
  const openViews = (views.data ?? []).map(({ id, name }) => {
    const label = `Open view ${name}`;
    const link = projectLink("/traces", { project });
    return { value: label, label, run: () => router.push(`${link}${link.includes("?") ? "&" : "?"}view=${id}`) };
  });
  return (
    <CommandPalette
      open={open}
      onOpenChange={onOpenChange}
      commands={[...openViews, ...commands, ...switches]}
      onOpenTrace={(traceId) => router.push(projectLink(`/traces/${traceId}`, { project }))}
      onOpenSession={(session) => router.push(sessionLink(session, project))}
      onOpenUser={(user) => router.push(userLink(user, project))}
    />
  );
}
