"use client";
import Link from "next/link";
import { projectLink } from "../../project/projectParam.ts";
import { useProject } from "../../project/useProject.ts";
import { Brand } from "./Brand.tsx";

/** The name of the product, which leads to the traces of the project that one is in. */
export function HomeLink() {
  const project = useProject();
  return (
    <Link href={projectLink("/traces", { project })} aria-label="Signalbox, traces" className="rounded-sm">
      <Brand />
    </Link>
  );
}
