import {
  ContainerOutlined,
  DeleteOutlined,
  EditOutlined,
  FolderOutlined,
  InboxOutlined,
  ProfileOutlined,
  SendOutlined,
  StarOutlined,
  StopOutlined,
  TagOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FolderRole } from "@/api/types";

const icons: Record<FolderRole, ReactNode> = {
  "": <FolderOutlined aria-hidden />,
  inbox: <InboxOutlined aria-hidden />,
  sent: <SendOutlined aria-hidden />,
  drafts: <EditOutlined aria-hidden />,
  trash: <DeleteOutlined aria-hidden />,
  junk: <StopOutlined aria-hidden />,
  archive: <ContainerOutlined aria-hidden />,
  all: <ProfileOutlined aria-hidden />,
  flagged: <StarOutlined aria-hidden />,
  important: <TagOutlined aria-hidden />,
};

/** What a folder is for, as an icon with its name. */
export function RoleIcon({ role }: { role: FolderRole }) {
  const { t } = useTranslation();
  const name = t(`role.${role === "" ? "none" : role}`);
  return (
    <span className="role-icon" role="img" aria-label={name} title={name}>
      {icons[role]}
    </span>
  );
}
