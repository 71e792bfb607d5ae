/** A service of ours without the name of the product. */
export function serviceName(service: string): string {
  return service.replace(/^signalbox-/, "");
}

/** Where something failed: `tools, book_reservation`. */
export function placeOf(service: string, tool: string | null): string {
  return tool === null ? serviceName(service) : `${serviceName(service)}, ${tool}`;
}
