import { segmentOf } from "../../project/ownerSegment.ts";
import { projectLink } from "../../project/projectParam.ts";

function withVersion(href: string, version: number | undefined): string {
  return version === undefined ? href : `${href}${href.includes("?") ? "&" : "?"}version=${version}`;
}

/** The page of a dataset; without a version it shows the latest. */
export function datasetLink(name: string, project: string, version?: number): string {
  return withVersion(projectLink(`/datasets/${segmentOf(name)}`, { project }), version);
}

/** The page of an item of a version. */
export function itemLink(name: string, id: string, project: string, version?: number): string {
  return withVersion(projectLink(`/datasets/${segmentOf(name)}/items/${segmentOf(id)}`, { project }), version);
}

/** The page that compares two versions of a dataset. */
export function diffLink(name: string, project: string, before: number, after: number): string {
  const href = projectLink(`/datasets/${segmentOf(name)}/diff`, { project });
  return `${href}${href.includes("?") ? "&" : "?"}before=${before}&after=${after}`;
}
