import { SwapOutlined, UserOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Modal } from "antd";
import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "@/api/ClientContext";
import { keys } from "@/api/keys";
import { useMoves } from "@/api/useMoves";
import { pages } from "@/app/pages";
import { useDirectory } from "@/components/office/useDirectory";
import { useOffice } from "@/components/office/useOffice";
import { useMoveName } from "@/components/useMoveName";
import { i18n } from "@/i18n";

interface Entry {
  id: string;
  title: string;
  note: string;
  icon: ReactNode;
  words: string;
  path: string;
}

/** Search everywhere: pages, acts, moves and the people of the office. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const entries = useEntries();
  const people = usePeople(text);
  const found = useMemo(() => {
    const others = entries.filter((e) => matches(e, text));
    return [...others.slice(0, Math.max(4, 12 - people.length)), ...people];
  }, [entries, people, text]);
  const active = found[Math.min(at, found.length - 1)];

  function choose(entry: Entry | undefined) {
    if (!entry) return;
    onClose();
    go(entry.path);
  }
  function onKey(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((Math.min(at, found.length - 1) + step + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      choose(active);
    }
  }

  return (
    <Modal
      open
      footer={null}
      closable={false}
      onCancel={onClose}
      width={560}
      className="palette"
      title={t("palette.label")}
      styles={{ header: { display: "none" } }}
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: the person asked for this field by a key
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={active ? `${list}-${active.id}` : undefined}
        aria-label={t("palette.label")}
        placeholder={t("palette.placeholder")}
        value={text}
        onChange={(e) => {
          setText(e.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      {found.length === 0 && <p className="palette-none">{t("palette.none")}</p>}
      <div role="listbox" id={list} aria-label={t("palette.results")} hidden={found.length === 0}>
        {found.map((entry) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above handles the keys
          <div
            key={entry.id}
            id={`${list}-${entry.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={entry === active}
            className="palette-item"
            onClick={() => choose(entry)}
          >
            <span aria-hidden>{entry.icon}</span>
            <span className="grow">{entry.title}</span>
            <small>{entry.note}</small>
          </div>
        ))}
      </div>
    </Modal>
  );
}

function useEntries(): Entry[] {
  const { t } = useTranslation();
  const { data: moves = [] } = useMoves();
  const name = useMoveName();
  return useMemo(() => {
    const otherLanguage = i18n.getFixedT(i18n.language === "en" ? "zh-CN" : "en");
    const fromPages = pages.map((page) => ({
      id: page.id,
      title: t(`nav.${page.id}`),
      note: t("palette.page"),
      icon: page.icon,
      words: `${page.words} ${otherLanguage(`nav.${page.id}`)}`,
      path: page.path as string,
    }));
    const fromMoves = moves.map((move) => ({
      id: `move-${move.id}`,
      title: name(move),
      note: t(`move.state.${move.state}`),
      icon: <SwapOutlined aria-hidden />,
      words: move.mailboxes.map((m) => `${m.label} ${m.from.user} ${m.to.user}`).join(" "),
      path: `/move/${move.id}`,
    }));
    const start = {
      id: "new-move",
      title: t("move.list.new"),
      note: t("palette.act"),
      icon: <SwapOutlined aria-hidden />,
      words: "new move xinjian banjia",
      path: "/move/new",
    };
    return [...fromPages.slice(0, 2), start, ...fromPages.slice(2), ...fromMoves];
  }, [t, moves, name]);
}

const mostPeople = 8;

/** Those of the office whom a text leads to, by name, pinyin, initials, address or phone; the best first. */
function usePeople(text: string): Entry[] {
  const client = useClient();
  const { t } = useTranslation();
  const office = useOffice()?.id ?? "";
  const { directory } = useDirectory(office || undefined);
  const typed = text.trim();
  const { data } = useQuery({
    queryKey: [...keys.search(office, typed), "first", directory?.seq ?? 0],
    queryFn: () => client.directory.search(office, typed, mostPeople),
    enabled: typed !== "" && directory !== undefined && directory.people.length > 0,
    gcTime: 10_000,
  });
  return useMemo(() => {
    if (typed === "" || !data || !directory) return [];
    return data.ids.flatMap((id) => {
      const p = directory.person.get(id);
      if (!p) return [];
      return {
        id: `person-${encodeURIComponent(id)}`,
        title: p.name || p.address,
        note: p.name ? p.address : t("palette.person"),
        icon: <UserOutlined aria-hidden />,
        words: "",
        path: `/people/person/${encodeURIComponent(id)}`,
      };
    });
  }, [typed, data, directory, t]);
}

function matches(entry: Entry, text: string): boolean {
  const hay = `${entry.title} ${entry.words}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}
