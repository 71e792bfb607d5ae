import type { RouterOutputs } from "@signalbox/api/client";
import Link from "next/link";
import { Badge } from "../../components/ui/badge/Badge.tsx";
import { type SimpleColumn, SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { unixNanoOf } from "../../format/time.ts";
import { projectLink } from "../../project/projectParam.ts";

type Project = RouterOutputs["projects"]["list"][number];

/** Every project; choosing one makes it the console's current project. */
export function ProjectTable({ projects, current }: { projects: readonly Project[]; current: string }) {
  const columns: SimpleColumn<Project>[] = [
    {
      id: "name",
      header: "Project",
      cell: ({ name }) => (
        <Link
          href={projectLink("/projects", { project: name })}
          aria-current={name === current ? "true" : undefined}
          className="font-medium text-ink after:absolute after:inset-0 hover:underline"
        >
          {name}
        </Link>
      ),
    },
    { id: "organisation", header: "Organisation", cell: ({ organisation }) => <span className="text-muted">{organisation}</span> },
    {
      id: "environments",
      header: "Environments",
      cell: ({ environments }) => (
        <span className="flex flex-wrap gap-1 py-1">
          {environments.map((environment) => (
            <Badge key={environment}>{environment}</Badge>
          ))}
        </span>
      ),
    },
    { id: "keys", header: "Working keys", align: "end", cell: ({ workingKeys }) => formatCount(workingKeys) },
    {
      id: "created",
      header: "Created",
      isSpare: true,
      cell: ({ createdAt }) => (
        <span className="relative z-1 text-muted">
          <TimeText unixNano={unixNanoOf(createdAt)} withDate />
        </span>
      ),
    },
  ];
  return (
    <SimpleTable
      label="Projects"
      columns={columns}
      rows={projects}
      rowKey={({ name }) => name}
      isCurrent={({ name }) => name === current}
    />
  );
}
