"use client";
import { useQueryStates } from "nuqs";
import { PROJECT_PARAM } from "./projectParam.ts";

/** The project that the console shows. */
export function useProject(): string {
  const [{ project }] = useQueryStates(PROJECT_PARAM);
  return project;
}
