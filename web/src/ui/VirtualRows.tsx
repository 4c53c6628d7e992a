import { type ReactNode, type RefObject, useEffect, useReducer, useRef } from "react";

/**
 * A long list of rows of one height: only those on screen exist. The scroller is the nearest element
 * given by `scroller`; rows keep their order for screen readers through `aria-rowindex`.
 */
export function VirtualRows(props: {
  count: number;
  height: number;
  scroller: RefObject<HTMLElement | null>;
  children: (index: number) => ReactNode;
}) {
  const { count, height, scroller } = props;
  const box = useRef<HTMLDivElement>(null);
  const [, refresh] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let request = 0;
    const later = () => {
      request ||= requestAnimationFrame(() => {
        request = 0;
        refresh();
      });
    };
    const observer = new ResizeObserver(later);
    observer.observe(element);
    element.addEventListener("scroll", later, { passive: true });
    refresh();
    return () => {
      cancelAnimationFrame(request);
      observer.disconnect();
      element.removeEventListener("scroll", later);
    };
  }, [scroller]);

  const { first, last } = visible(scroller.current, box.current, count, height);
  const rows: ReactNode[] = [];
  for (let index = first; index < last; index++) rows.push(props.children(index));
  return (
    <div ref={box} style={{ height: count * height, position: "relative" }}>
      <div style={{ transform: `translateY(${first * height}px)` }}>{rows}</div>
    </div>
  );
}

const SPARE = 8;

function visible(
  scroller: HTMLElement | null,
  box: HTMLElement | null,
  count: number,
  height: number,
): { first: number; last: number } {
  if (!scroller || !box) return { first: 0, last: Math.min(count, 40) };
  const hidden = scroller.getBoundingClientRect().top - box.getBoundingClientRect().top;
  const first = Math.floor(hidden / height) - SPARE;
  const last = Math.ceil((hidden + scroller.clientHeight) / height) + SPARE;
  return { first: clamp(first, count), last: clamp(last, count) };
}

const clamp = (value: number, count: number) => Math.max(0, Math.min(count, value));
