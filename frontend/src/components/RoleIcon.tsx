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
  "": <FolderOutlined />,
  inbox: <InboxOutlined />,
  sent: <SendOutlined />,
  drafts: <EditOutlined />,
  trash: <DeleteOutlined />,
  junk: <StopOutlined />,
  archive: <ContainerOutlined />,
  all: <ProfileOutlined />,
  flagged: <StarOutlined />,
  important: <TagOutlined />,
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
