import { Button } from "antd";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { useLostFocus } from "@/components/useLostFocus";

interface Props {
  name: string;
  busy: boolean;
  onReread: () => void;
  onAgain: () => void;
  /** What the file comes to, choices, and the way on. */
  children: ReactNode;
}

/** The card of a file that was read: its name, and the ways to read it again or to take another. */
export function CheckedFile({ name, busy, onReread, onAgain, children }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const box = useLostFocus<HTMLElement>(name);
  return (
    <section ref={box} tabIndex={-1} className="card takes-focus" aria-labelledby={id}>
      <div className="row wrap">
        <h2 id={id} className="grow clip" title={name}>
          {name}
        </h2>
        <Button size="small" loading={busy} onClick={onReread}>
          {t("intake.reread")}
        </Button>
        <Button size="small" onClick={onAgain}>
          {t("intake.again")}
        </Button>
      </div>
      {children}
    </section>
  );
}
