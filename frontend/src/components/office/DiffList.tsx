import { ArrowRightOutlined } from "@ant-design/icons";
import type { ChangeDiff } from "@/api/offices";
import { useDiffText } from "@/components/office/useDiffText";

/** Values before and after, one a line. */
export function DiffList({ diffs }: { diffs: ChangeDiff[] }) {
  const text = useDiffText();
  if (diffs.length === 0) return null;
  return (
    <dl className="diffs">
      {diffs.map((d) => {
        const { name, before, after } = text(d);
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
