/** The sign of Tidemill: a wheel half under water. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M5.2 14.2a7 7 0 1 1 13.6 0" />
      <path d="M12 12.4V2.6M12 12.4 4.6 7.8M12 12.4l7.4-4.6M8.4 3.6 12 12.4l3.6-8.8" opacity=".8" />
      <path d="M1.8 16.6c2 0 2-1.5 4-1.5s2.1 1.5 4.1 1.5 2.1-1.5 4.1-1.5 2.1 1.5 4.1 1.5 2.1-1.5 4.1-1.5" />
      <path d="M5.8 21c2 0 2.1-1.5 4.1-1.5s2.1 1.5 4.1 1.5 2.1-1.5 4.1-1.5" opacity=".55" />
    </svg>
  );
}
