import { type ReactNode, useState } from "react";
import type { SheetSection } from "@/api/doctor";
import { SheetDialog } from "@/features/doctor/sheet/SheetDialog";

/** The support sheet over what a page has found. */
export function useSheet(): { open: (sections: SheetSection[], keep: string[]) => void; dialog: ReactNode } {
  const [shown, setShown] = useState<{ sections: SheetSection[]; keep: string[] }>();
  return {
    open: (sections, keep) => setShown({ sections, keep: keep.filter(Boolean) }),
    dialog: shown && <SheetDialog {...shown} onClose={() => setShown(undefined)} />,
  };
}
