import type { ReactNode } from "react";

/** Where a list or page has nothing yet: says so, and what to do first. */
export function EmptyState({
  icon,
  title,
  children,
}: {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
}) {
  return (
    <div className="empty">
      <span className="empty-icon" aria-hidden>
        {icon}
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}
