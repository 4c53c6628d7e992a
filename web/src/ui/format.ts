/** Numbers, durations and times as people read them. Pure; the present is an argument. */

const whole = new Intl.NumberFormat("en-GB");

export function count(value: number): string {
  return whole.format(value);
}

/** `1 node`, `1,204 nodes`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Seconds with as many digits as matter: `12 ms`, `0.42 s`, `8.1 s`, `2 min 05 s`, `1 h 20 min`. */
export function duration(seconds: number): string {
  if (seconds < 0.1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(Math.floor(seconds % 60))} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

/** Like `duration`, but without jumping digits while it counts up. */
export function stopwatch(seconds: number): string {
  return seconds < 60 ? `${Math.max(0, seconds).toFixed(1)} s` : duration(seconds);
}

/** Unix seconds as `just now`, `4 min ago`, `yesterday 14:05`, `3 Nov 14:05`. */
export function ago(at: number, now: number): string {
  const passed = now - at;
  if (passed < 10) return "just now";
  if (passed < 60) return `${Math.floor(passed)} s ago`;
  if (passed < 3600) return `${Math.floor(passed / 60)} min ago`;
  const then = new Date(at * 1000);
  const days = calendarDays(then, new Date(now * 1000));
  if (days === 0) return `today ${clock(at).slice(0, 5)}`;
  if (days === 1) return `yesterday ${clock(at).slice(0, 5)}`;
  const date = then.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return `${date} ${clock(at).slice(0, 5)}`;
}

/** Time of day: `14:05:09`. */
export function clock(at: number): string {
  const time = new Date(at * 1000);
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map(pad).join(":");
}

export function dateTime(at: number): string {
  const date = new Date(at * 1000).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
  });
  return `${date}, ${clock(at)}`;
}

function calendarDays(from: Date, to: Date): number {
  const midnight = (day: Date) => new Date(day.getFullYear(), day.getMonth(), day.getDate());
  return Math.round((midnight(to).getTime() - midnight(from).getTime()) / 86_400_000);
}

const pad = (value: number) => String(value).padStart(2, "0");
