import styles from "./Segmented.module.css";

export interface Option<T extends string> {
  value: T;
  label: string;
  /** A word of explanation on hover. */
  hint?: string;
}

/** A few choices side by side, one of them taken. Radio buttons underneath, so arrows move between them. */
export function Segmented<T extends string>(props: {
  label: string;
  name: string;
  options: readonly Option<T>[];
  value: T | null;
  onChange: (value: T) => void;
}) {
  return (
    <fieldset className={styles.segmented}>
      <legend className="visually-hidden">{props.label}</legend>
      {props.options.map((option) => (
        <label key={option.value} className={styles.option} title={option.hint}>
          <input
            type="radio"
            name={props.name}
            className="visually-hidden"
            checked={option.value === props.value}
            onChange={() => props.onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
