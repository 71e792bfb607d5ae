import type { Metadata } from "next";
import { Suspense } from "react";
import { RedrivesPage } from "../../../features/deadLetters/index.ts";

export const metadata: Metadata = { title: "Redrives" };

export default function Page() {
  return (
    <Suspense>
      <RedrivesPage />
    </Suspense>
  );
}
