import { useState } from "react";
import { KeyHelp } from "../features/palette/KeyHelp";
import { Palette } from "../features/palette/Palette";
import { BuildDialog } from "../features/runs/BuildDialog";
import { location } from "../ui/location";
import { useAppCommands } from "./useAppCommands";

type Overlay = { kind: "palette" } | { kind: "keys" } | { kind: "build"; select: string };

/** Dialogs over whatever page is open, and the commands that hold everywhere. */
export function Overlays() {
  const [open, setOpen] = useState<Overlay | null>(null);
  useAppCommands({
    openPalette: () => setOpen({ kind: "palette" }),
    openKeys: () => setOpen({ kind: "keys" }),
    openBuild: () => setOpen({ kind: "build", select: location.get().query.get("select") ?? "" }),
  });
  const close = () => setOpen(null);
  switch (open?.kind) {
    case "palette":
      return <Palette onClose={close} />;
    case "keys":
      return <KeyHelp onClose={close} />;
    case "build":
      return <BuildDialog select={open.select} onClose={close} />;
    default:
      return null;
  }
}
