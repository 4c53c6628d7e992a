/** Starting and stopping runs, with every refusal told to the person who asked. */
import { api, type RunRequest } from "../../api/client";
import { faultOf } from "../../sync/resources";
import { navigate } from "../../ui/location";
import { showToast } from "../../ui/toasts";
import { runHref } from "../routes";

/** Start a run and go to its page; true if it began. */
export async function startRun(request: Partial<RunRequest>): Promise<boolean> {
  const full = { command: "build", select: "", exclude: "", full_refresh: false, ...request };
  try {
    const { run_id } = await api.startRun(full as RunRequest);
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
