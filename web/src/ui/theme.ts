/** Light, dark, or what the system says. The choice is kept in the browser and set on the root element. */
import { Observable } from "./observable";

export type ThemeChoice = "system" | "light" | "dark";
export type Theme = "light" | "dark";

const KEY = "tidemill.theme";

export const themeChoice = new Observable<ThemeChoice>("system");
export const theme = new Observable<Theme>("light");

/** Read the stored choice and follow the system from now on. */
export function startTheme(): void {
  themeChoice.set(stored());
  systemDark().addEventListener("change", apply);
  apply();
}

export function chooseTheme(choice: ThemeChoice): void {
  themeChoice.set(choice);
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Private windows may refuse storage; the choice then lasts as long as the page.
  }
  apply();
}

export function toggleTheme(): void {
  chooseTheme(theme.get() === "dark" ? "light" : "dark");
}

function apply(): void {
  const choice = themeChoice.get();
  const now = choice === "system" ? (systemDark().matches ? "dark" : "light") : choice;
  document.documentElement.dataset.theme = now;
  theme.set(now);
}

function systemDark(): MediaQueryList {
  return matchMedia("(prefers-color-scheme: dark)");
}

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}
