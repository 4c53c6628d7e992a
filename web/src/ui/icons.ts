/** Every icon as one path on a 16 by 16 grid, stroked with 1.5. The graph's canvas draws the same paths. */

export const ICONS = {
  // What the project is made of
  model: "M8 1.8 13.5 5v6L8 14.2 2.5 11V5L8 1.8ZM2.8 5.2 8 8.2l5.2-3M8 8.2v5.7",
  seed: "M8 14V7.5M8 10C4.5 10 2.8 8 2.8 4.6 6.2 4.6 8 6.5 8 10ZM8 7.6c0-3.2 1.7-5.2 5.2-5.2 0 3.5-1.8 5.2-5.2 5.2Z",
  source:
    "M8 1.8c2.7 3.2 4.4 5.5 4.4 7.8a4.4 4.4 0 0 1-8.8 0c0-2.3 1.7-4.6 4.4-7.8ZM5.8 9.8A2.3 2.3 0 0 0 8 12",
  snapshot:
    "M2 5.2h2.6L5.8 3.4h4.4l1.2 1.8H14v7.6H2V5.2ZM8 11.2a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8Z",
  exposure: "M2 13.5h12M3.8 13.5V8.6M8 13.5V3M12.2 13.5V6.2",
  analysis: "M7 11.8a4.8 4.8 0 1 0 0-9.6 4.8 4.8 0 0 0 0 9.6ZM10.5 10.5 14 14",
  test: "M6 2h4M6.6 2v4.2L3 12.4A1.1 1.1 0 0 0 4 14h8a1.1 1.1 0 0 0 1-1.6L9.4 6.2V2M5 10.2h6",
  metric: "M2.4 11.6a5.8 5.8 0 1 1 11.2 0M8 11.4l2.6-4",
  other: "M4 1.8h5.2L12.5 5v9.2H4V1.8ZM9 2v3.2h3.3",
  // How things stand
  check: "m3.2 8.4 3.2 3.2 6.4-7",
  cross: "m4 4 8 8m0-8-8 8",
  warning: "M8 2.4 14.4 13.4H1.6L8 2.4ZM8 6.6v3M8 11.4v.3",
  skip: "M3 3.5 8 8l-5 4.5v-9ZM8.2 3.5l5 4.5-5 4.5v-9Z",
  minus: "M3 8h10",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.6V8l2.3 1.6",
  // What can be done
  play: "M4.4 2.8 12.8 8l-8.4 5.2V2.8Z",
  stop: "M3.8 3.8h8.4v8.4H3.8z",
  again: "M13 8a5 5 0 1 1-1.6-3.7M13.2 1.8v3.4H9.8",
  search: "M7 11.6a4.6 4.6 0 1 0 0-9.2 4.6 4.6 0 0 0 0 9.2ZM10.4 10.4 14 14",
  copy: "M5.6 5.6V2.4h8v8h-3.2M2.4 5.6h8v8h-8z",
  open: "M9.4 2.4h4.2v4.2M13.4 2.6 7.6 8.4M12 9.4v4.2H2.4V4h4.2",
  fit: "M2.4 5.6V2.4h3.2M10.4 2.4h3.2v3.2M13.6 10.4v3.2h-3.2M5.6 13.6H2.4v-3.2M5.8 5.8h4.4v4.4H5.8z",
  plus: "M8 3v10M3 8h10",
  close: "m3.6 3.6 8.8 8.8m0-8.8-8.8 8.8",
  list: "M2.4 4h11.2M2.4 8h11.2M2.4 12h11.2",
  alone: "M2 3h12L9.6 8.6V13l-3.2-1.6V8.6L2 3Z",
  graph: "M2 6.4h4v3.2H2zM10 2h4v3.2h-4zM10 10.8h4V14h-4zM6 8h2V3.6h2M8 8v4.4h2",
  upstream: "M13.6 8H3M7 4 3 8l4 4",
  downstream: "M2.4 8H13M9 4l4 4-4 4",
  sun: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.4v1.4M8 13.2v1.4M1.4 8h1.4M13.2 8h1.4M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1",
  moon: "M13.4 9.6A5.8 5.8 0 0 1 6.4 2.6a5.8 5.8 0 1 0 7 7Z",
  chevron: "m6 3.6 4.4 4.4L6 12.4",
  down: "m3.6 6 4.4 4.4L12.4 6",
  runs: "M2 3.6h7M5 8h7M8.4 12.4H14",
  fault: "M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM8 4.8v4M8 11v.3",
  unplugged:
    "M2 14l3-3M11 5l3-3M4 8.4l3.6 3.6-1 1a2.5 2.5 0 0 1-3.6-3.6l1-1ZM12 7.6 8.4 4l1-1A2.5 2.5 0 0 1 13 6.6l-1 1ZM6.2 8.4 8 6.6M7.6 9.8l1.8-1.8",
  command: "M3 4.4 6.2 8 3 11.6M8 12h5",
} as const;

export type IconName = keyof typeof ICONS;

/** The icon of a resource type. */
export function typeIcon(resourceType: string): IconName {
  switch (resourceType) {
    case "unit_test":
      return "test";
    case "semantic_model":
    case "saved_query":
      return "metric";
    default:
      return resourceType in ICONS ? (resourceType as IconName) : "other";
  }
}
