import { useQuery } from "@tanstack/react-query";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import type { SignInApp } from "@/api/types";

const none: SignInApp[] = [];

/** The office's sign-in apps; none while they are being asked for. */
export function useSignInApps(): SignInApp[] {
  const client = useClient();
  const { data } = useQuery({ queryKey: keys.signInApps, queryFn: () => client.signIns.apps() });
  return data ?? none;
}
