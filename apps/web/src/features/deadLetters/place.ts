/** A service's name without the product's prefix. */
export function serviceName(service: string): string {
  return service.replace(/^signalbox-/, "");
}

/** The place of a failure: `tools, book_reservation`. */
export function placeOf(service: string, tool: string | null): string {
  return tool === null ? serviceName(service) : `${serviceName(service)}, ${tool}`;
}
