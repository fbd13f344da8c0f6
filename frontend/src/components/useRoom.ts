import { type RefObject, useEffect, useState } from "react";

/** The height in pixels of a box that fills what is left; at first that of the window, which is never too little. */
export function useRoom(box: RefObject<HTMLElement | null>, fill = true): number {
  const [room, setRoom] = useState(() => window.innerHeight);
  useEffect(() => {
    const node = box.current;
    if (!fill || !node) return;
    const watch = new ResizeObserver(() => {
      if (node.clientHeight > 0) setRoom(node.clientHeight); // nobody sees it otherwise
    });
    watch.observe(node);
    return () => watch.disconnect();
  }, [box, fill]);
  return room;
}
