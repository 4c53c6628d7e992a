import { api } from "../api/client";
import { faultsHref, runHref, runsHref } from "../features/routes";
import { cancelRun, tellFault } from "../features/runs/startRun";
import { useActiveRun, useReadOnly } from "../sync/hooks";
import type { Command } from "../ui/commands/registry";
import { useCommands } from "../ui/commands/useCommands";
import { counted } from "../ui/format";
import { navigate } from "../ui/location";
import { chooseTheme, theme, toggleTheme } from "../ui/theme";
import { showToast } from "../ui/toasts";
import { useObservable } from "../ui/useObservable";

interface Openers {
  openPalette: () => void;
  openKeys: () => void;
  openBuild: () => void;
}

/** Commands that hold on every page. */
export function useAppCommands(openers: Openers): void {
  const active = useActiveRun()?.id ?? null;
  const readOnly = useReadOnly();
  const dark = useObservable(theme) === "dark";
  useCommands(
    () => [
      ...goCommands(active),
      ...runCommands(openers, active, readOnly),
      ...appCommands(openers, dark),
    ],
    [active, readOnly, dark],
  );
}

function goCommands(active: string | null): Command[] {
  const section = "Go to";
  return [
    { id: "go.lineage", title: "Lineage", section, keys: "g l", run: () => navigate("/") },
    { id: "go.runs", title: "Runs", section, keys: "g r", run: () => navigate(runsHref) },
    { id: "go.faults", title: "Faults", section, keys: "g f", run: () => navigate(faultsHref) },
    {
      id: "go.active",
      title: "The run that is going on",
      section,
      keys: "g a",
      disabled: !active,
      run: () => active && navigate(runHref(active)),
    },
  ];
}

function runCommands({ openBuild }: Openers, active: string | null, readOnly: boolean): Command[] {
  return [
    {
      id: "run.new",
      title: "Start a run…",
      section: "Project",
      keys: "b",
      words: "build test seed execute",
      disabled: readOnly,
      run: openBuild,
    },
    {
      id: "run.cancelActive",
      title: "Cancel the run that is going on",
      section: "Project",
      words: "stop abort",
      disabled: !active,
      run: () => active && void cancelRun(active),
    },
    {
      id: "project.reload",
      title: "Read the project again",
      section: "Project",
      words: "reload parse refresh",
      run: () => void reload(),
    },
  ];
}

function appCommands({ openPalette, openKeys }: Openers, dark: boolean): Command[] {
  const section = "App";
  return [
    {
      id: "palette.open",
      title: "Find a node or a command",
      section,
      keys: "mod+k",
      hidden: true,
      run: openPalette,
    },
    { id: "keys.open", title: "Keys on this page", section, keys: "?", run: openKeys },
    {
      id: "theme.toggle",
      title: dark ? "Light colours" : "Dark colours",
      section,
      words: "theme mode",
      run: toggleTheme,
    },
    {
      id: "theme.system",
      title: "Colours as the system has them",
      section,
      words: "theme mode automatic",
      run: () => chooseTheme("system"),
    },
  ];
}

async function reload(): Promise<void> {
  try {
    const { fault_count } = await api.reload();
    if (fault_count === 0) showToast({ tone: "good", text: "The project was read again." });
    else {
      const link = { href: faultsHref, text: "See what is wrong" };
      showToast({ tone: "bad", text: `${counted(fault_count, "fault")} in its files.`, link });
    }
  } catch (error) {
    tellFault(error);
  }
}
