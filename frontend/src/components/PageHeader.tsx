import type { ReactNode } from "react";

interface Props {
  title: ReactNode;
  /** One sentence on what the page is for. */
  lead?: ReactNode;
  actions?: ReactNode;
  /** Stands above the title: where this page belongs. */
  above?: ReactNode;
}

export function PageHeader({ title, lead, actions, above }: Props) {
  return (
    <div className="page-header">
      <div className="grow">
        {above}
        <h1>{title}</h1>
        {lead && <p className="lead">{lead}</p>}
      </div>
      {actions && <div className="row">{actions}</div>}
    </div>
  );
}
