import type { Metadata } from "next";
import { Suspense } from "react";
import { RulesPage } from "../../../features/deadLetters/index.ts";

export const metadata: Metadata = { title: "Redrive rules" };

export default function Page() {
  return (
    <Suspense>
      <RulesPage />
    </Suspense>
  );
}
