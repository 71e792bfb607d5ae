"use client";
import Link from "next/link";
import { projectLink } from "../../project/projectParam.ts";
import { useProject } from "../../project/useProject.ts";
import { Brand } from "./Brand.tsx";

/** The product's name, as a link to the traces of the current project. */
export function HomeLink() {
  const project = useProject();
  return (
    <Link href={projectLink("/traces", { project })} aria-label="Signalbox, traces" className="rounded-sm">
      <Brand />
    </Link>
  );
}
