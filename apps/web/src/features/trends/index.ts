export { TrendsPage } from "./TrendsPage.tsx";
