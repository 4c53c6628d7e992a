import { useEffect } from "react";
import { useProject } from "../sync/hooks";

/** The page's title: what it shows, then the project, then the product. */
export function useTitle(...parts: (string | null | undefined)[]): void {
  const project = useProject().data?.name;
  const title = [...parts, project, "Tidemill"].filter(Boolean).join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
