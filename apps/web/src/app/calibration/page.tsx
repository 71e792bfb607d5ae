import type { Metadata } from "next";
import { Suspense } from "react";
import { CalibrationPage } from "../../features/calibration/index.ts";
import { TraceListSkeleton } from "../../features/traces/index.ts";

export const metadata: Metadata = { title: "Calibration" };

export default function Page() {
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading calibration" />}>
      <CalibrationPage />
    </Suspense>
  );
}
