import { type ReactNode, type Ref, useId, useState } from "react";
import { Icon } from "./Icon";
import { Kbd } from "./Kbd";
import styles from "./SearchBox.module.css";

/**
 * A field with a list of matches below it: arrows choose, Enter takes, Escape leaves. The list exists
 * while the field has the focus and something typed in it.
 */
export function SearchBox<T>(props: {
  label: string;
  placeholder: string;
  keys?: string;
  find: (query: string) => readonly T[];
  idOf: (item: T) => string;
  render: (item: T) => ReactNode;
  onTake: (item: T) => void;
  input: Ref<HTMLInputElement>;
}) {
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const [open, setOpen] = useState(false);
  const listId = useId();
  const found = open && query.trim() ? props.find(query) : [];
  const current = Math.min(chosen, found.length - 1);
  const take = (item: T | undefined) => {
    if (item === undefined) return;
    props.onTake(item);
    setQuery("");
    setOpen(false);
  };
  return (
    <div className={styles.box}>
      <Icon name="search" size={14} />
      <input
        ref={props.input}
        role="combobox"
        aria-label={props.label}
        aria-expanded={found.length > 0}
        aria-controls={listId}
        aria-activedescendant={found.length ? `${listId}-${current}` : undefined}
        aria-autocomplete="list"
        placeholder={props.placeholder}
        value={query}
        spellCheck={false}
        autoComplete="off"
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onChange={(event) => {
          setQuery(event.target.value);
          setChosen(0);
          setOpen(true);
        }}
        onKeyDown={(event) => {
          const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
          if (step) {
            event.preventDefault();
            setChosen((current + step + found.length) % Math.max(1, found.length));
          } else if (event.key === "Enter") {
            take(found[current]);
            if (found.length) event.currentTarget.blur();
          } else if (event.key === "Escape") {
            setQuery("");
            event.currentTarget.blur();
          }
        }}
      />
      {props.keys && !query && <Kbd keys={props.keys} />}
      {open && query.trim() && (
        <div className={styles.list} id={listId} role="listbox" aria-label={props.label}>
          {found.map((item, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
            <div
              key={props.idOf(item)}
              id={`${listId}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === current}
              className={styles.item}
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => setChosen(i)}
              onClick={() => take(item)}
            >
              {props.render(item)}
            </div>
          ))}
          {found.length === 0 && <p className={styles.none}>Nothing is called like that.</p>}
        </div>
      )}
    </div>
  );
}
