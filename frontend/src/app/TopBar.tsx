import {
  BulbOutlined,
  DesktopOutlined,
  MoonOutlined,
  QuestionCircleOutlined,
  SearchOutlined,
  SunOutlined,
} from "@ant-design/icons";
import { Button, Dropdown, Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import type { ThemeChoice } from "@/api/types";
import { OfficeSwitcher } from "@/app/OfficeSwitcher";
import { keyNames } from "@/app/useShortcuts";
import { WorkIndicator } from "@/app/WorkIndicator";
import { useAppearance } from "@/lib/preferences";
import { useSettings } from "@/lib/useSettings";

const themeIcons = {
  system: <DesktopOutlined aria-hidden />,
  light: <SunOutlined aria-hidden />,
  dark: <MoonOutlined aria-hidden />,
};

export function TopBar({ onSearch, onShortcuts }: { onSearch: () => void; onShortcuts: () => void }) {
  const { t } = useTranslation();
  return (
    <header className="topbar">
      <OfficeSwitcher />
      <button type="button" className="search-button" onClick={onSearch} aria-keyshortcuts="Control+K Meta+K">
        <SearchOutlined aria-hidden />
        <span>{t("top.search")}</span>
        <kbd>{keyNames.palette}</kbd>
      </button>
      <div className="topbar-end">
        <WorkIndicator />
        <LanguageSwitch />
        <ThemeSwitch />
        <Tooltip title={t("top.shortcuts")}>
          <Button
            type="text"
            icon={<QuestionCircleOutlined aria-hidden />}
            aria-label={t("top.shortcuts")}
            onClick={onShortcuts}
          />
        </Tooltip>
      </div>
    </header>
  );
}

function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const [, change] = useSettings();
  const english = i18n.language === "en";
  return (
    <Button
      type="text"
      lang={english ? "zh-CN" : "en"}
      aria-label={t("top.otherLanguage")}
      onClick={() => change({ language: english ? "zh-CN" : "en" })}
    >
      {t("top.otherLanguageShort")}
    </Button>
  );
}

function ThemeSwitch() {
  const { t } = useTranslation();
  const appearance = useAppearance();
  const [settings, change] = useSettings();
  const choices: ThemeChoice[] = ["system", "light", "dark"];
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        selectable: true,
        selectedKeys: [settings.theme],
        items: choices.map((key) => ({ key, icon: themeIcons[key], label: t(`settings.theme.${key}`) })),
        onClick: ({ key }) => change({ theme: key as ThemeChoice }),
      }}
    >
      <Button
        type="text"
        icon={appearance === "dark" ? <MoonOutlined aria-hidden /> : <BulbOutlined aria-hidden />}
        aria-label={t("top.theme")}
        aria-haspopup="menu"
      />
    </Dropdown>
  );
}
