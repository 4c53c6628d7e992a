/** Starting and stopping runs, with every refusal told to the person who asked. */
import { api } from "../../api/client";
import type { RunRequest } from "../../api/generated";
import { faultOf } from "../../sync/resources";
import { navigate } from "../../ui/location";
import { showToast } from "../../ui/toasts";
import { runHref } from "../routes";

/** Start a run and go to its page; true if it began. */
export async function startRun(request: Partial<RunRequest>): Promise<boolean> {
  try {
    const { run_id } = await api.startRun({ command: "build", ...request });
    navigate(runHref(run_id));
    return true;
  } catch (error) {
    tellFault(error);
    return false;
  }
}

export async function cancelRun(id: string): Promise<void> {
  try {
    await api.cancelRun(id);
  } catch (error) {
    tellFault(error);
  }
}

export function tellFault(error: unknown): void {
  const fault = faultOf(error);
  showToast({ tone: "bad", text: fault.message, hint: fault.hint });
}
