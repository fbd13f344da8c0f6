import { useMutation, useQueryClient } from "@tanstack/react-query";
import { memo } from "react";
import { useClient } from "@/api/ClientContext";
import { problemOf } from "@/api/errors";
import { keys } from "@/api/keys";
import type { Move, MoveOptions } from "@/api/types";
import { TroubleCard } from "@/components/TroubleCard";
import { WhenStep } from "@/features/move/when/WhenStep";
import { type When, whenWrong } from "@/features/move/when/when";

/** When a move runs. What makes sense is kept at once, also while it is at work. */
export function MoveWhen({ move }: { move: Move }) {
  return <Kept id={move.id} options={move.options} />;
}

// A tick of progress changes neither of the two: nothing is drawn anew then.
const Kept = memo(function Kept({ id, options }: { id: string; options: MoveOptions }) {
  const client = useClient();
  const cache = useQueryClient();
  const save = useMutation({
    mutationFn: (when: When) => client.runs.setWhen(id, when.schedule, when.repeat),
    onSuccess: (next) => cache.setQueryData(keys.move(id), next),
  });
  // Until it makes sense, or is kept, the page shows what the person chose.
  const shown = save.isPending || save.isError || unkept(save.variables) ? save.variables : undefined;
  return (
    <>
      {save.error && !unkept(save.variables) && (
        <TroubleCard problem={problemOf(save.error)} acts={{ again: () => save.reset() }} />
      )}
      <WhenStep moveId={id} options={{ ...options, ...shown }} onChange={(when) => save.mutate(when)} />
    </>
  );
});

function unkept(when: When | undefined): boolean {
  return when !== undefined && whenWrong(when.schedule) !== undefined;
}
