import {
  BookOutlined,
  FileSearchOutlined,
  HddOutlined,
  HomeOutlined,
  MedicineBoxOutlined,
  NotificationOutlined,
  SafetyOutlined,
  SettingOutlined,
  SwapOutlined,
  TeamOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";

/** The pages of the house, in the order of the navigation; words are what else people type to find them. */
export const pages = [
  { id: "home", path: "/", words: "zonglan zl overview", icon: <HomeOutlined aria-hidden /> },
  { id: "move", path: "/move", words: "banjia bj migrate", icon: <SwapOutlined aria-hidden /> },
  { id: "people", path: "/people", words: "chengyuan cy staff accounts", icon: <TeamOutlined aria-hidden /> },
  { id: "lists", path: "/lists", words: "youjian liebiao yjlb groups", icon: <BookOutlined aria-hidden /> },
  { id: "records", path: "/records", words: "jilu jl logs", icon: <FileSearchOutlined aria-hidden /> },
  { id: "doctor", path: "/doctor", words: "zhenduan zd diagnose", icon: <MedicineBoxOutlined aria-hidden /> },
  { id: "letters", path: "/letters", words: "tongzhi tz mail", icon: <NotificationOutlined aria-hidden /> },
  { id: "security", path: "/security", words: "anquan aq password", icon: <SafetyOutlined aria-hidden /> },
  { id: "backup", path: "/backup", words: "beifen bf archive", icon: <HddOutlined aria-hidden /> },
  {
    id: "settings",
    path: "/settings",
    words: "shezhi sz preferences language theme",
    icon: <SettingOutlined aria-hidden />,
  },
] as const satisfies readonly { id: string; path: string; words: string; icon: ReactNode }[];

type PageId = (typeof pages)[number]["id"];

/** The page that a location belongs to. */
export function pageAt(location: string): PageId {
  const first = `/${location.split("/")[1] ?? ""}`;
  if (first === "/offices") return "people";
  return pages.find((p) => p.path === first)?.id ?? "home";
}
