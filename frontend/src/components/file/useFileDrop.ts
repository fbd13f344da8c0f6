import { type DragEvent, useEffect, useRef, useState } from "react";
import { useClient } from "@/api/ClientContext";

/**
 * Takes files that are dropped: onPaths where the window tells their paths, onFiles for
 * those that a page only gets the bytes of. over says that something is held above the
 * area, which is whatever the handlers of area are given to.
 */
export function useFileDrop(
  onPaths: (paths: readonly string[]) => void,
  onFiles: (files: readonly globalThis.File[]) => void,
) {
  const client = useClient();
  const [over, setOver] = useState(false);
  const droppedAt = useRef(0);
  const take = useRef(onPaths);
  take.current = onPaths;
  useEffect(
    () =>
      client.readers.onFiles((paths) => {
        // Some windows tell of a drop twice: as an event of the page, and with the paths.
        if (paths.length > 0 && Date.now() - droppedAt.current > 1000) take.current(paths);
      }),
    [client],
  );
  const area = {
    onDragOver(event: DragEvent) {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop(event: DragEvent) {
      event.preventDefault();
      setOver(false);
      const files = [...event.dataTransfer.files];
      if (files.length === 0) return;
      droppedAt.current = Date.now();
      onFiles(files);
    },
  };
  return { over, area };
}
