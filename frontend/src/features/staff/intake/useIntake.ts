import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useClient } from "@/api/ClientContext";
import type { OfficeInfo } from "@/api/offices";
import type { IntakeSource } from "@/api/staff";
import type { File } from "@/components/file/FileDrop";

type Options = Omit<IntakeSource, "path" | "base64">;

const usual: Options = {
  sheet: "",
  hidden: false,
  makePasswords: true,
  mustChange: true,
  makeDepartments: true,
  department: "",
  umlaut: "v",
  existing: "leave",
  chosen: [],
};

/** What a list comes to, as the options and the directory are now. */
export function useIntake(office: OfficeInfo, file: File | null, seq: number) {
  const client = useClient();
  const [options, setOptions] = useState(usual);
  const source: IntakeSource = { ...options, path: file?.path ?? "", base64: file?.base64 ?? "" };
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ["intake", office.id, file?.path, file?.name, file?.base64.length, options, seq],
    queryFn: () => client.intake.read(office.id, source),
    enabled: file !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
  return {
    result: file ? data : undefined,
    error,
    busy: isFetching,
    name: file?.name ?? "",
    source,
    options,
    set: (part: Partial<Options>) => setOptions((before) => ({ ...before, ...part })),
    reread: refetch,
  };
}

export type Intake = ReturnType<typeof useIntake>;
