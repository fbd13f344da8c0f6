import { ArrowRightOutlined } from "@ant-design/icons";
import type { ChangeDiff } from "@/api/offices";
import { useDiffText } from "@/components/office/useDiffText";

/** Values before and after, one a line; of is the kind of the change, or what is changed. */
export function DiffList({ diffs, of }: { diffs: ChangeDiff[]; of: string }) {
  const text = useDiffText();
  if (diffs.length === 0) return null;
  return (
    <dl className="diffs">
      {diffs.map((d) => {
        const { name, before, after } = text(d, of);
        return (
          <div key={`${d.attr} ${d.part}`}>
            <dt>{name}</dt>
            <dd>
              {(d.before.length > 0 || d.untold) && !d.secret && (
                <>
                  <del>{before}</del>
                  <ArrowRightOutlined aria-hidden className="faint" />
                </>
              )}
              <ins>{after}</ins>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
