"use client";
import { useQueryStates } from "nuqs";
import { PROJECT_PARAM } from "./projectParam.ts";

/** The console's current project. */
export function useProject(): string {
  const [{ project }] = useQueryStates(PROJECT_PARAM);
  return project;
}
