import type { ButtonHTMLAttributes, ReactNode } from "react";
import styles from "./Button.module.css";
import { isApple } from "./commands/keyboard";
import { keysLabel } from "./commands/keys";
import { commands } from "./commands/registry";
import { useCommand } from "./commands/useCommands";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

export type ButtonKind = "primary" | "plain" | "quiet" | "danger";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: ButtonKind;
  icon?: IconName;
  /** Only the icon is drawn; the children become its name. */
  iconOnly?: boolean;
  pressed?: boolean;
}

export function Button({
  kind = "plain",
  icon,
  iconOnly,
  pressed,
  className,
  children,
  ...rest
}: ButtonProps) {
  const label = iconOnly && typeof children === "string" ? children : undefined;
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      {...rest}
      className={[styles.button, styles[kind], iconOnly && styles.iconOnly, className]
        .filter(Boolean)
        .join(" ")}
    >
      {icon && <Icon name={icon} size={14} />}
      {!iconOnly && children}
    </button>
  );
}

export interface CommandButtonProps extends Omit<ButtonProps, "onClick" | "children"> {
  command: string;
  /** Shown instead of the command's title where the place already says the rest. */
  children?: ReactNode;
}

/** A button that runs a named command; it is disabled while nobody offers that command. */
export function CommandButton({ command: id, children, ...rest }: CommandButtonProps) {
  const command = useCommand(id);
  const keys = command?.keys ? ` (${keysLabel(command.keys, isApple).join(" then ")})` : "";
  const title = command ? command.title + keys : undefined;
  return (
    <Button
      {...rest}
      title={title}
      aria-label={rest.iconOnly ? command?.title : undefined}
      disabled={!command || command.disabled}
      onClick={() => commands.run(id)}
    >
      {children ?? command?.title ?? ""}
    </Button>
  );
}
