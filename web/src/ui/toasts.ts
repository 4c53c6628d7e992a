/** Short messages that come and go. A fault stays until somebody closes it. */
import { Observable } from "./observable";

export interface Toast {
  id: number;
  tone: "good" | "bad";
  text: string;
  hint?: string | null;
  link?: { href: string; text: string };
}

export const toasts = new Observable<readonly Toast[]>([]);

let next = 1;

export function showToast(toast: Omit<Toast, "id">): void {
  const id = next++;
  toasts.update((all) => [...all.slice(-3), { ...toast, id }]);
  if (toast.tone === "good") setTimeout(() => closeToast(id), 4000);
}

export function closeToast(id: number): void {
  toasts.update((all) => all.filter((toast) => toast.id !== id));
}
