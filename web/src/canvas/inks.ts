/** Colour tokens as the canvas needs them: read once per theme from the style sheet. */

export class Inks {
  private readonly read = new Map<string, string>();
  private readonly style: CSSStyleDeclaration;
  readonly textFont: string;

  constructor(element: HTMLElement) {
    this.style = getComputedStyle(element);
    this.textFont = this.style.getPropertyValue("--font-text").trim() || "sans-serif";
  }

  /** The colour of a token, by its name without the dashes. */
  of(token: string): string {
    const known = this.read.get(token);
    if (known !== undefined) return known;
    const value = this.style.getPropertyValue(`--${token}`).trim();
    this.read.set(token, value);
    return value;
  }
}
