import { CloseCircleFilled, SearchOutlined } from "@ant-design/icons";
import { memo, useRef } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  label: string;
  value: string;
  onChange: (text: string) => void;
  onFocus?: () => void;
  /** Down goes from the field to what was found. */
  onDown?: () => void;
}

/** A field to search in: it does little, so that each key is on the screen at once. */
export function SearchField({ label, value, onChange, onFocus, onDown }: Props) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  return (
    <span className="search-field grow">
      <Glass />
      <input
        ref={field}
        type="text"
        aria-label={label}
        placeholder={label}
        value={value}
        spellCheck={false}
        autoComplete="off"
        onChange={(e) => onChange(e.target.value)}
        onFocus={onFocus}
        onKeyDown={(e) => {
          if (e.nativeEvent.isComposing) return; // the keys are the input method's
          if (e.key === "Escape" && value !== "") onChange("");
          else if (e.key === "ArrowDown" && onDown) onDown();
          else return;
          e.preventDefault();
          e.stopPropagation();
        }}
      />
      {value !== "" && (
        <button
          type="button"
          aria-label={t("staff.clearSearch")}
          onClick={() => {
            onChange("");
            field.current?.focus();
          }}
        >
          <Clear />
        </button>
      )}
    </span>
  );
}

const Glass = memo(() => <SearchOutlined aria-hidden />);
const Clear = memo(() => <CloseCircleFilled aria-hidden />);
