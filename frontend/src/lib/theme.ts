import { type ThemeConfig, theme } from "antd";

export type Appearance = "light" | "dark";

/**
 * The colours of the house. Post-office green on paper; every text pair reaches a
 * contrast of 4.5:1, which antd's own red and greys do not.
 */
const palettes = {
  light: {
    paper: "#f4f5f2",
    card: "#ffffff",
    raised: "#ffffff",
    rail: "#eceee9",
    line: "#dfe2dc",
    lineSoft: "#eaece7",
    mark: "#80867f",
    text: "rgba(20, 26, 22, 0.92)",
    textSecondary: "rgba(20, 26, 22, 0.72)",
    textFaint: "rgba(20, 26, 22, 0.66)",
    accent: "#0b6b50",
    accentText: "#0b6b50",
    accentSoft: "#e3f1ec",
    info: "#1d5fa8",
    infoSoft: "#e8f0f9",
    good: "#1f7a3d",
    goodSoft: "#e6f4ea",
    warn: "#8a5300",
    warnSoft: "#fdf3e0",
    bad: "#cf1322",
    badSoft: "#fdecec",
  },
  dark: {
    paper: "#111412",
    card: "#191d1a",
    raised: "#222723",
    rail: "#151916",
    line: "#323833",
    lineSoft: "#272c28",
    mark: "#767d77",
    text: "rgba(244, 248, 245, 0.92)",
    textSecondary: "rgba(244, 248, 245, 0.72)",
    textFaint: "rgba(244, 248, 245, 0.66)",
    accent: "#1c7d5f",
    accentText: "#62cba5",
    accentSoft: "#163127",
    info: "#7fb3ee",
    infoSoft: "#172739",
    good: "#6ccb8b",
    goodSoft: "#16301f",
    warn: "#e8b45a",
    warnSoft: "#33270f",
    bad: "#ff8a84",
    badSoft: "#3a1a1a",
  },
} as const;

// Curly quotes are as wide as a character in Chinese fonts, so English asks others first;
// "Narrow quotes" (base.css) are for systems whose own font is a Chinese one.
const latin =
  '"Narrow quotes", -apple-system, BlinkMacSystemFont, "Segoe UI", system-ui, "Noto Sans", sans-serif';
const chinese =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif';
const mono = 'ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace';

/** The antd theme of an appearance, for a language. */
export function themeOf(appearance: Appearance, language: string): ThemeConfig {
  const p = palettes[appearance];
  const calm = typeof matchMedia === "function" && matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    algorithm: appearance === "dark" ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: p.accent,
      colorInfo: p.info,
      colorSuccess: p.good,
      colorWarning: p.warn,
      colorError: p.bad,
      colorLink: p.accentText,
      colorLinkHover: p.accentText,
      colorLinkActive: p.accentText,
      colorText: p.text,
      colorTextSecondary: p.textSecondary,
      colorTextTertiary: p.textFaint,
      colorTextDescription: p.textFaint,
      colorTextPlaceholder: p.textFaint,
      colorTextHeading: p.text,
      colorTextLabel: p.textSecondary,
      colorIcon: p.textFaint,
      colorBgLayout: p.paper,
      colorBgContainer: p.card,
      colorBgElevated: p.raised,
      colorBorder: p.line,
      colorBorderSecondary: p.lineSoft,
      colorSuccessBg: p.goodSoft,
      colorWarningBg: p.warnSoft,
      colorErrorBg: p.badSoft,
      colorInfoBg: p.infoSoft,
      fontFamily: language === "en" ? latin : chinese,
      fontFamilyCode: mono,
      fontSize: 14,
      borderRadius: 8,
      controlHeight: 34,
      motion: !calm,
    },
    components: {
      Layout: {
        bodyBg: p.paper,
        siderBg: p.rail,
        headerBg: p.rail,
        headerHeight: 56,
        headerPadding: "0 20px",
      },
      Menu: {
        itemBg: "transparent",
        itemSelectedBg: p.accentSoft,
        itemSelectedColor: p.accentText,
        itemHeight: 38,
        itemBorderRadius: 8,
        activeBarBorderWidth: 0,
      },
      Table: { headerBg: p.card, headerColor: p.textSecondary, cellPaddingBlockSM: 7 },
      Button: {
        primaryShadow: "none",
        defaultShadow: "none",
        dangerShadow: "none",
        fontWeight: 500,
        defaultHoverColor: p.accentText,
        defaultHoverBorderColor: p.accentText,
        defaultActiveColor: p.accentText,
        defaultActiveBorderColor: p.accentText,
      },
      // What can be filled in or ticked is seen before it is: three to one against what it
      // stands on.
      Input: { colorBorder: p.mark, activeBorderColor: p.accentText, hoverBorderColor: p.accentText },
      InputNumber: { colorBorder: p.mark, activeBorderColor: p.accentText, hoverBorderColor: p.accentText },
      Select: { colorBorder: p.mark, activeBorderColor: p.accentText, hoverBorderColor: p.accentText },
      DatePicker: { colorBorder: p.mark, activeBorderColor: p.accentText, hoverBorderColor: p.accentText },
      Radio: { colorBorder: p.mark },
      Checkbox: { colorBorder: p.mark },
      Steps: { colorTextDescription: p.textFaint },
    },
  };
}

/** Writes the palette as CSS variables (--paper, --card …) for our own style sheet. */
export function applyPalette(appearance: Appearance, root: HTMLElement = document.documentElement): void {
  for (const [name, value] of Object.entries(palettes[appearance])) {
    root.style.setProperty(`--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`, value);
  }
  root.style.setProperty("--mono", mono);
  root.dataset.theme = appearance;
  root.style.colorScheme = appearance;
}
