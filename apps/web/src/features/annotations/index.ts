"use client";
export { AnnotationListPage } from "./AnnotationListPage.tsx";
export { AnnotationPage } from "./AnnotationPage.tsx";
