"use client";
import { useQuery } from "@tanstack/react-query";
import { ChevronsUpDown } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { Button } from "../../components/ui/form/Button.tsx";
import { Menu, MenuChoice } from "../../components/ui/overlay/Menu.tsx";
import { projectLink } from "../../project/projectParam.ts";
import { useProject } from "../../project/useProject.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

const STALE_MS = 60_000;

/** Shows and changes the current project; nothing if there is only one. */
export function ProjectSwitcher() {
  const trpc = useTRPC();
  const router = useRouter();
  const pathname = usePathname();
  const project = useProject();
  const { data } = useQuery(trpc.projects.list.queryOptions(undefined, { staleTime: STALE_MS }));
  const names = [...new Set([...(data ?? []).map(({ name }) => name), project])];
  if (names.length < 2) return null;

  // A trace, and the list's filters, belong to the previous project.
  const screen = pathname.startsWith("/traces/") ? "/traces" : pathname;
  return (
    <Menu
      align="start"
      trigger={
        <Button tone="board" aria-label={`Project ${project}`}>
          <span className="max-w-40 truncate font-mono text-xs">{project}</span>
          <ChevronsUpDown className="size-3.5" aria-hidden />
        </Button>
      }
    >
      <MenuChoice
        label="Project"
        value={project}
        options={names.map((name) => ({ value: name, label: name }))}
        onChange={(chosen) => router.push(projectLink(screen, { project: chosen }))}
      />
    </Menu>
  );
}
